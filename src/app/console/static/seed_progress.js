// Shows the progress of a seed from the lines of its stream.
import { copy } from "./data_set_result.js";
import { counted, inWords, number } from "./words.js";

const find = (selector) => document.querySelector(selector);
const [progress, working, cancel, told, steps] =
  ["#progress", "#working", "#cancel", "#told", "#steps"].map(find);

export function begin() {
  steps.replaceChildren();
  progress.hidden = false;
  progress.open = true;
  progress.querySelector("summary").textContent = "Progress";
  told.textContent = "Seeding. Nothing is committed until everything has been checked.";
  working.hidden = false;
  cancel.disabled = false;
  find("#run").scrollIntoView();
  cancel.focus();
}

export function showCancelling(text) {
  told.textContent = text;
}

// Progress that led to a result folds away.
export function end(isDone) {
  working.hidden = true;
  told.textContent = "";
  progress.open = !isDone;
  progress.hidden = steps.children.length === 0;
  const unfinished = steps.querySelector("li:not([data-done])");
  if (unfinished) {
    unfinished.querySelector(".figures").textContent = "not finished";
    unfinished.querySelector("progress").value ||= 0; // otherwise it would keep moving
  }
}

// Return the last event: it has the summary or the problem.
export async function follow(stream) {
  for await (const line of lines(stream)) {
    const event = JSON.parse(line);
    if (!event.step) {
      return event;
    }
    show(event);
  }
  throw new Error("The stream ended before the seed did.");
}

async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const whole = (rest + read.value).split("\n");
    rest = whole.pop();
    yield* whole;
  }
}

function show(event) {
  const name = inWords(event.step);
  if (event.event === "started") {
    const item = copy("#step");
    item.querySelector(".name").textContent = name;
    item.querySelector("progress").setAttribute("aria-label", name);
    steps.append(item);
    cancel.disabled = event.step === "commit";
  }
  const item = steps.lastElementChild;
  measure(item.querySelector("progress"), event);
  item.querySelector(".figures").textContent = figures(event);
  if (event.event === "done") {
    item.dataset.done = "yes";
    progress.querySelector("summary").textContent = `Progress: ${counted(steps.children.length, "steps")}`;
  }
  // Once for a step that takes long: a screen reader could not read more.
  if (event.event === "running" && !item.dataset.told) {
    item.dataset.told = "yes";
    told.textContent = `Seeding: ${name}${event.rowsExpected ? `, ${counted(event.rowsExpected, "rows")}` : ""}`;
  }
}

function measure(bar, { event, rows = 0, rowsExpected }) {
  if (event === "done") {
    bar.max = bar.value = 1;
  } else if (rowsExpected) {
    bar.max = rowsExpected;
    bar.value = rows;
  }
}

function figures({ rows = 0, rowsExpected, rowsPerSecond, secondsLeft, durationMs }) {
  return [
    rowsExpected ? `${number(rows)} of ${counted(rowsExpected, "rows")}` : rows && counted(rows, "rows"),
    rowsPerSecond && `${number(rowsPerSecond)} rows/s`,
    secondsLeft && `${seconds(secondsLeft)} left`,
    durationMs && seconds(durationMs / 1000),
  ].filter(Boolean).join(" · ");
}

function seconds(value) {
  if (value < 1) {
    return `${Math.ceil(value * 1000)} ms`;
  }
  if (value < 60) {
    return `${value.toFixed(1)} s`;
  }
  return `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;
}

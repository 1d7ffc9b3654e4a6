// Seeds through the public API, and shows what its stream tells.
import { findChangedUserMenu, link, readPart } from "./page.js";
import { copy, showProblem, showSummary } from "./data_set_result.js";
import { counted, inWords, number } from "./words.js";

const LOOK_MS = 500;
const find = (selector) => document.querySelector(selector);
const [form, controls, question] = ["#seed", "#controls", "#question"].map(find);
const [working, cancel, told, outcome, steps] =
  ["#working", "#cancel", "#told", "#outcome", "#steps"].map(find);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const asked = new FormData(form); // before the controls are disabled, which leaves them out
  controls.disabled = true;
  outcome.replaceChildren();
  steps.replaceChildren();
  try {
    if (asked.has("dryRun") || (await isWanted(asked.get("reset")))) {
      await run(asked);
    }
  } catch {
    show(copy("#unreachable"));
  } finally {
    controls.disabled = false;
  }
  (outcome.querySelector("[tabindex]") ?? event.submitter ?? form).focus();
});

// Where nothing is lost, nothing is asked.
async function isWanted(reset) {
  const answer = await fetch(link("/api/db"));
  if (!answer.ok) {
    show(showProblem(await answer.json()));
    return false;
  }
  const { database, environment, rows, otherRows, wouldDrop } = await answer.json();
  const going = reset === "drop" ? { ...rows, ...otherRows } : rows;
  const count = Object.values(going).reduce((sum, each) => sum + each, 0);
  if (count === 0 && (reset === "delete" || wouldDrop.length === 0)) {
    return true;
  }
  const said = { database, environment, rows: counted(count, "rows"), others: wouldDrop.join(", ") || "nothing" };
  for (const place of question.querySelectorAll("[data-say]")) {
    place.textContent = said[place.dataset.say];
  }
  for (const choice of question.querySelectorAll("[data-reset]")) {
    choice.hidden = choice.dataset.reset !== reset;
  }
  return isAnswered();
}

function isAnswered() {
  question.returnValue = ""; // which Escape need not change
  question.showModal();
  return new Promise((resolve) => {
    question.addEventListener("close", () => resolve(question.returnValue === "seed"), { once: true });
  });
}

async function run(asked) {
  const isDry = asked.has("dryRun");
  const before = isDry ? null : seededAt(await readState()); // others may have seeded since the page was made
  const abort = new AbortController();
  cancel.onclick = () => abort.abort();
  begin();
  try {
    const answer = await send(asked, abort.signal);
    const end = answer.ok ? await follow(answer.body) : { problem: await answer.json() };
    show(end.summary ? showSummary(end.summary) : showProblem(end.problem));
  } catch {
    show(copy(abort.signal.aborted ? await endOfCancelled(isDry, before) : "#broken"));
  } finally {
    end();
  }
  await refresh().catch(() => {}); // which leaves what was said before
}

// Who hangs up does not hear whether the commit had begun: what stands is known when it has ended.
async function endOfCancelled(isDry, before) {
  cancel.disabled = true;
  told.textContent = "Cancelling: looking whether it was in time.";
  try {
    await pause();
    while (await isSeeding()) {
      told.textContent = "Cancelling: the seed has not ended yet. What stands will be told when it has.";
      await pause();
    }
    return isDry || seededAt(await readState()) === before ? "#cancelled" : "#too-late";
  } catch {
    return "#broken";
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

async function isSeeding() {
  const answer = await fetch(link("/api/db/seed/running"));
  if (!answer.ok) {
    throw new Error("The server cannot tell.");
  }
  return (await answer.json()).running;
}

function begin() {
  told.textContent = "Seeding: nothing is committed before all of it has been checked.";
  working.hidden = false;
  cancel.disabled = false;
  find("#run").scrollIntoView();
  cancel.focus();
}

function end() {
  working.hidden = true;
  told.textContent = "";
  const begun = steps.querySelector("li:not([data-done])");
  if (begun) {
    begun.querySelector(".figures").textContent = "not finished";
    begun.querySelector("progress").value ||= 0; // or it would go on moving
  }
}

function send(asked, signal) {
  const query = new URLSearchParams({ reset: asked.get("reset"), dryRun: asked.has("dryRun") });
  const quantities = {};
  for (const { name, type, value } of form.querySelectorAll(".fields input")) {
    if (value !== "") {
      quantities[name] = type === "number" ? Number(value) : value;
    }
  }
  return fetch(link(`/api/db/seed?${query}`), {
    method: "POST",
    headers: { Accept: "application/x-ndjson", "Content-Type": "application/json" },
    body: JSON.stringify(quantities),
    signal,
  });
}

async function follow(stream) {
  for await (const line of lines(stream)) {
    const event = JSON.parse(line);
    if (!event.step) {
      return event;
    }
    tell(event);
  }
  throw new Error("The stream ended before the seed did.");
}

async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let begun = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const whole = (begun + read.value).split("\n");
    begun = whole.pop();
    yield* whole;
  }
}

function tell(event) {
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
  }
  // Only of a step that lasts, and once: who listens could not hear more.
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

function show(article) {
  article.querySelector("h2, h3").tabIndex = -1; // can be focused
  outcome.replaceChildren(article);
}

// The rows are others, and after a seed nobody is who they were.
async function refresh() {
  find("#state").replaceWith(await readState());
  tellLocalTime();
  const menu = await findChangedUserMenu();
  if (menu) {
    find("#user-menu").replaceWith(menu);
  }
}

async function readState() {
  const state = (await readPart("/")).querySelector("#state");
  if (!state) {
    throw new Error("What stands cannot be told.");
  }
  return state;
}

function seededAt(state) {
  return state.querySelector("time")?.dateTime;
}

function tellLocalTime() {
  const time = find("#state time");
  if (time) {
    const local = new Date(time.dateTime).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    time.nextElementSibling.textContent = `(${local} where you are)`;
  }
}

form.querySelector("button").disabled = false; // it is dead until here, and where no script runs
tellLocalTime();

// Seeds through the public API, and shows the progress and the result.
import { copy, showProblem, showSummary } from "./data_set_result.js";
import { readState, refresh, seededAt, showLocalTime } from "./data_set_state.js";
import { acceptDataSet } from "./data_set_watch.js";
import { ask } from "./dialogs.js";
import { checkInline, isValid, showErrors } from "./forms.js";
import { curlCommand, justCommand, pathOf, readRequest } from "./seed_commands.js";
import { link } from "./server.js";
import { begin, end, follow, showCancelling } from "./seed_progress.js";
import { signInAgain } from "./user_menu.js";
import { counted } from "./words.js";

const POLL_MS = 500;
const find = (selector) => document.querySelector(selector);
const [form, controls, confirmation, cancel, outcome] =
  ["#seed", "#controls", "#confirm", "#cancel", "#outcome"].map(find);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!isValid(form)) return;
  const request = readRequest(form); // before the controls are disabled, which leaves them out
  controls.disabled = true;
  outcome.replaceChildren();
  try {
    if (request.isDry || (await isConfirmed(request.reset))) {
      await run(request);
    }
  } catch {
    show(copy("#unreachable"));
  } finally {
    controls.disabled = false;
  }
  moveFocus(event.submitter);
});

function moveFocus(button) {
  const heading = outcome.querySelector("[tabindex]");
  if (heading) {
    outcome.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  } else {
    (form.querySelector("[aria-invalid=true]") ?? button ?? form).focus();
  }
}

// Ask before data is deleted, if there is any.
async function isConfirmed(reset) {
  const response = await fetch(link("/api/db"));
  if (!response.ok) {
    show(showProblem(await response.json()));
    return false;
  }
  const { database, environment, rows, otherRows, wouldDrop } = await response.json();
  const deleted = reset === "drop" ? { ...rows, ...otherRows } : rows;
  const count = Object.values(deleted).reduce((sum, each) => sum + each, 0);
  if (count === 0 && (reset === "delete" || wouldDrop.length === 0)) {
    return true;
  }
  const texts = { database, environment, rows: counted(count, "rows"), others: wouldDrop.join(", ") || "nothing" };
  for (const place of confirmation.querySelectorAll("[data-say]")) {
    place.textContent = texts[place.dataset.say];
  }
  for (const choice of confirmation.querySelectorAll("[data-reset]")) {
    choice.hidden = choice.dataset.reset !== reset;
  }
  return (await ask(confirmation)) === "replace";
}

async function run(request) {
  const before = request.isDry ? null : seededAt(await readState()); // may be newer than the page
  const abort = new AbortController();
  cancel.onclick = () => abort.abort();
  begin();
  let isDone = false;
  try {
    const response = await send(request, abort.signal);
    const result = response.ok ? await follow(response.body) : { problem: await response.json() };
    isDone = result.summary !== undefined;
    showResult(result);
  } catch {
    show(copy(abort.signal.aborted ? await resultOfCancelled(request.isDry, before) : "#broken"));
  } finally {
    if (!request.isDry) await acceptDataSet();
    end(isDone);
  }
  await refresh().catch(() => {}); // keep what is shown
}

function showResult({ summary, problem }) {
  if (summary) {
    show(showSummary(summary));
    return;
  }
  const { errors = [] } = problem;
  const others = showErrors(form, errors);
  if (errors.length === 0 || others.length) show(showProblem(problem));
}

// After an abort the client does not learn whether the commit had started: look when it has ended.
async function resultOfCancelled(isDry, before) {
  cancel.disabled = true;
  showCancelling("Cancelling …");
  try {
    await pause();
    while (await isSeeding()) {
      showCancelling("Cancelling. The seed has not ended yet.");
      await pause();
    }
    return isDry || seededAt(await readState()) === before ? "#cancelled" : "#too-late";
  } catch {
    return "#broken";
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

async function isSeeding() {
  const response = await fetch(link("/api/db/seed/running"));
  if (!response.ok) {
    throw new Error("The server did not say whether a seed is running.");
  }
  return (await response.json()).running;
}

function send(request, signal) {
  return fetch(link(pathOf(request)), {
    method: "POST",
    headers: { Accept: "application/x-ndjson", "Content-Type": "application/json" },
    body: JSON.stringify(request.quantities),
    signal,
  });
}

function show(article) {
  article.querySelector("h2, h3").tabIndex = -1; // can be focused
  article.querySelector(".sign-in")?.prepend(signInAgain() ?? "");
  outcome.replaceChildren(article);
}

function updateCommands() {
  const request = readRequest(form);
  find("#curl").dataset.copy = curlCommand(request);
  find("#just").dataset.copy = justCommand(request);
}

form.addEventListener("click", ({ target }) => {
  const { preset } = target.dataset;
  if (!preset) return;
  for (const [name, value] of Object.entries(JSON.parse(preset))) {
    form.elements[name].value = value;
  }
  form.dispatchEvent(new Event("change"));
});
for (const event of ["change", "input"]) form.addEventListener(event, updateCommands);

checkInline(form);
updateCommands();
showLocalTime();
form.querySelector("button:not([type])").disabled = false; // without this script it does nothing

// Restores a snapshot, after a question, and shows what was undone.
import { showChanges } from "./data_set_changes.js";
import { call } from "./database_call.js";
import { acceptDataSet } from "./data_set_watch.js";
import { refresh } from "./data_set_state.js";
import { ask } from "./dialogs.js";
import { toast } from "./toasts.js";
import { counted } from "./words.js";

const find = (selector) => document.querySelector(selector);
const [section, question, status, problems] =
  ["#data-set-changes", "#restore", "#restoring", "#changes-problem"].map(find);

section.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-restore]");
  if (!button || section.dataset.restoring) return;
  const name = button.dataset.restore;
  section.dataset.restoring = name;
  const isRestored = (await isConfirmed(name)) && (await restore(name));
  delete section.dataset.restoring;
  if (isRestored) find("#changes-title").focus();
  else if (!problems.hasChildNodes()) button.focus();
});

// What will be undone may be more than the page shows.
async function isConfirmed(name) {
  const snapshots = await call("GET", "/snapshots", problems);
  if (!snapshots) return false;
  const index = snapshots.findIndex((each) => each.name === name);
  if (index === -1) return true; // the restore is then refused with 404
  const changes = Object.entries(snapshots[index].changes);
  const later = snapshots.slice(index + 1).map((each) => each.name);
  const tables = list(changes);
  const texts = { name, rows: counted(sum(changes), "rows"), tables: tables && `: ${tables}`, later: later.join(", ") };
  for (const place of question.querySelectorAll("[data-say]")) {
    place.textContent = texts[place.dataset.say];
  }
  question.querySelector("[data-if=later]").hidden = later.length === 0;
  return (await ask(question)) === "restore";
}

async function restore(name) {
  const buttons = [...section.querySelectorAll("button")].filter(({ disabled }) => !disabled);
  for (const button of buttons) button.disabled = true;
  status.textContent = `Restoring “${name}” …`;
  const restored = await call("POST", `/snapshots/${name}/restore`, problems);
  await acceptDataSet();
  await (restored ? refresh() : showChanges()).catch(() => {}); // keep what is shown
  status.textContent = "";
  for (const button of buttons) button.disabled = false;
  if (restored) toast(inWords(restored));
  return restored !== null;
}

function inWords({ name, undone, durationMs }) {
  const tables = list(Object.entries(undone).map(([table, kinds]) => [table, sum(Object.entries(kinds))]));
  return `“${name}” was restored in ${durationMs} ms. ${tables ? `Undone: ${tables}.` : "There was nothing to undo."}`;
}

function list(counts) {
  return counts.map(([table, count]) => counted(count, table)).join(", ");
}

function sum(counts) {
  return counts.reduce((total, [, count]) => total + count, 0);
}

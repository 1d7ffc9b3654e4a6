// Takes and deletes snapshots, and chooses the one for which the changes are shown.
import { showChanges } from "./data_set_changes.js";
import { call } from "./database_call.js";
import { checkInline, isValid } from "./forms.js";
import { toast } from "./toasts.js";

const find = (selector) => document.querySelector(selector);
const [place, form, problems] = ["#changes", "#take", "#changes-problem"].map(find);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = form.elements.name.value;
  const isOld = place.querySelector(`[data-delete="${CSS.escape(name)}"]`);
  if (!isValid(form)) return;
  if (isOld && !confirm(`The snapshot “${name}” exists. Replace it by the current state?`)) return;
  const taken = await call("PUT", `/snapshots/${name}`, find("#take-problem"));
  if (!taken) return;
  form.reset();
  await showChanges();
  toast(`“${name}” is the name of the current state.`);
});

place.addEventListener("click", async (event) => {
  const { show: shown, delete: deleted } = event.target.closest("[data-show], [data-delete]")?.dataset ?? {};
  if (deleted && confirm(`Delete the snapshot “${deleted}”? This state can then not be restored any more.`)) {
    const isDone = await call("DELETE", `/snapshots/${deleted}`, problems);
    await showChanges();
    if (isDone) {
      toast(`The snapshot “${deleted}” was deleted.`);
      find("#snapshots-title").focus();
    }
  } else if (shown && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    await showChanges(shown);
    find("#changes-title").focus();
  }
});

checkInline(form);
showChanges(place.dataset.since);
form.querySelector("button").disabled = false; // without this script it does nothing

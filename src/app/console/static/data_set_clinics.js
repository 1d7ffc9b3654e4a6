// Adds a clinic, and removes one after a question.
import { dropClinic, findClinic, keepClinics, showClinics } from "./data_set_clinic_list.js";
import { refresh } from "./data_set_state.js";
import { call } from "./database_call.js";
import { checkInline, isValid } from "./forms.js";
import { toast } from "./toasts.js";

const CONSEQUENCES = "Its data and its people are deleted. People who are or were in another clinic stay.";
const find = (selector) => document.querySelector(selector);
const [form, list, problems] = ["#add-clinic", "#clinic-list", "#clinics-problem"].map(find);
const { scenario, name, practitioners, patients } = form.elements;
const button = form.querySelector("button");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled || !isValid(form)) return;
  button.disabled = true;
  button.ariaBusy = "true";
  const added = await call("POST", "/clinics", problems, readRequest());
  if (added) {
    const names = keepClinics(added).map((clinic) => `“${clinic.name}”`);
    form.reset();
    showScenario();
    await show();
    list.querySelector("h3").focus();
    toast(names.length === 1 ? `${names[0]} was added.` : `${names.join(" and ")} were added.`);
  }
  button.ariaBusy = null;
  button.disabled = false;
});

list.addEventListener("click", async ({ target }) => {
  const pressed = target.closest("[data-remove]");
  if (!pressed || pressed.disabled) return;
  const clinic = findClinic(pressed.dataset.remove);
  if (!confirm(`Remove “${clinic.name}”? ${CONSEQUENCES}`)) return;
  pressed.disabled = true;
  const removed = await call("DELETE", `/clinics/${clinic.id}`, problems);
  pressed.disabled = false;
  const isGone = problems.querySelector("[data-status='404']") !== null;
  if (removed || isGone) {
    dropClinic(clinic.id);
    await show();
  }
  if (removed) {
    toast(`“${clinic.name}” was removed.`);
    find("#clinics-title").focus();
  }
});

// The counts and the changes are others now.
async function show() {
  showClinics();
  await refresh().catch(() => {}); // keep what is shown
}

function readRequest() {
  const sizes = [practitioners, patients].filter((field) => !field.disabled && field.value);
  return {
    scenario: scenario.value,
    name: name.value.trim() || null,
    ...Object.fromEntries(sizes.map((field) => [field.name, field.valueAsNumber])),
  };
}

function showScenario() {
  const { purpose, hasSizes } = scenario.selectedOptions[0].dataset;
  find("#clinic-purpose").textContent = purpose;
  for (const field of [practitioners, patients]) {
    field.disabled = hasSizes === undefined;
    field.closest(".field").hidden = field.disabled;
  }
}

scenario.addEventListener("change", showScenario);
checkInline(form);
showScenario(); // a browser keeps what was chosen before a reload
showClinics();
button.disabled = false; // without this script it does nothing

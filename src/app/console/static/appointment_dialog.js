// The dialog of an appointment: its details, and the forms that book it and change it. The server
// makes all of them.
import { weekdayOf } from "./availability_dates.js";
import { prepareForm } from "./appointment_form.js";

const dialog = document.querySelector("#appointment");
const content = document.querySelector("#appointment-content");

// Open the dialog with the response to a request, beside the date. It stays closed if there is none.
export async function openAppointment(path, { date, method = "GET", values = {} } = {}) {
  content.replaceChildren();
  await htmx.ajax(method, path, { source: dialog, target: content, values });
  if (!content.hasChildNodes()) return;
  if (date) stepAside(date);
  if (!dialog.open) dialog.showModal();
  focusFirst();
}

export function closeAppointment() {
  dialog.close();
}

export const isAppointmentOpen = () => dialog.open;
export const hasProblem = () => content.querySelector("[role=alert]:not([data-clash])") !== null;

export function stepAside(date) {
  dialog.dataset.side = weekdayOf(date) < 3 ? "right" : "left";
}

export function onAppointmentClosed(listener) {
  dialog.addEventListener("close", listener);
}

// Call `listener` with the element that says what is in the way, or with null, after each response.
export function onResponse(listener) {
  dialog.addEventListener("htmx:after:swap", () => {
    prepareForm(content);
    const alert = content.querySelector("[role=alert]");
    if (alert && dialog.open) {
      alert.scrollIntoView({ block: "nearest" });
      focusFirst();
    }
    listener(content.querySelector("[data-clash]"));
  });
}

// What is wrong comes first, then the first field that is empty.
function focusFirst() {
  const fields = [...content.querySelectorAll("form :is(input, select):enabled:not([type=hidden])")];
  const invalid = fields.find(({ ariaInvalid }) => ariaInvalid === "true");
  const alerted = content.querySelector("[role=alert] :is(a, button)");
  (invalid ?? alerted ?? fields[0] ?? content.querySelector(".changes button") ?? content.querySelector("button"))?.focus();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.open) openAppointment(button.dataset.open);
  if (button?.matches("#appointment [data-close]")) dialog.close();
});
for (const [name, isBusy] of [["htmx:before:request", true], ["htmx:finally:request", false]]) {
  dialog.addEventListener(name, () => {
    const submit = content.querySelector("[type=submit]");
    if (submit) submit.ariaBusy = isBusy;
  });
}

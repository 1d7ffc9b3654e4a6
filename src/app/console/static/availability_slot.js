// The dialog of a slot: its details, and the form that creates or edits it. The server makes both.
import { weekdayOf } from "./availability_dates.js";

const dialog = document.querySelector("#slot");
const content = document.querySelector("#slot-content");

// Open the dialog with what `path` returns, beside the date.
export async function openSlot(path, date) {
  content.replaceChildren();
  await htmx.ajax("GET", path, { source: dialog, target: content });
  if (!content.hasChildNodes()) return;
  if (date) stepAside(date);
  prepareForm();
  showSlot();
  (content.querySelector("form :is(input:checked, select):enabled") ?? content.querySelector("button"))?.focus();
}

// Open the dialog for what a response has put into it.
export function showSlot() {
  if (!dialog.open) dialog.showModal();
}

export function closeSlot() {
  dialog.close();
}

export const hasProblem = () => content.querySelector("[role=alert]:not([data-clash])") !== null;
export const isSlotOpen = () => dialog.open;

export function stepAside(date) {
  dialog.dataset.side = weekdayOf(date) < 3 ? "right" : "left";
}

export function onSlotClosed(listener) {
  dialog.addEventListener("close", listener);
}

// Call `listener` with the element that describes a conflict, or with null, after each response.
export function onResponse(listener) {
  dialog.addEventListener("htmx:after:swap", () => {
    prepareForm();
    const alert = content.querySelector("[role=alert]");
    alert?.scrollIntoView({ block: "nearest" });
    focusAfter(alert);
    listener(content.querySelector("[data-clash]"));
  });
}

// A form that was refused is a new one, in which nothing has the focus.
function focusAfter(alert) {
  const invalid = content.querySelector("[aria-invalid=true]");
  const submit = alert && content.querySelector("[type=submit]");
  (alert?.querySelector("button") ?? invalid ?? submit)?.focus();
}

// A field that the kind of slot does not have is neither shown nor sent.
function prepareForm() {
  const form = content.querySelector("form");
  if (!form?.elements.kind) return;
  const kind = form.elements.kind.value;
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = part.disabled = !part.dataset.for.split(" ").includes(kind);
  }
  const times = form.querySelector("#times");
  times.hidden = times.disabled = kind !== "template" && form.elements.allDay.checked;
}

// Times that nobody has changed are the first free ones for the kind of slot.
function suggestTimes({ target }) {
  const { startTime, endTime, kind } = target.form?.elements ?? {};
  if (target.name !== "kind" || !target.dataset.start) return;
  const isSuggested = [...kind].some(({ dataset }) => dataset.start === startTime.value && dataset.end === endTime.value);
  if (isSuggested) [startTime.value, endTime.value] = [target.dataset.start, target.dataset.end];
}

function takeNextFree({ takeStart, takeEnd }) {
  const form = content.querySelector("form");
  form.elements.startTime.value = takeStart;
  form.elements.endTime.value = takeEnd;
  form.querySelector("[type=submit]").focus();
}

// The server returns a refused form as it was, with the fields that another kind of slot has.
dialog.addEventListener("htmx:config:request", ({ target, detail }) => {
  const { body } = detail.ctx.request;
  for (const { name, value, type } of target.elements ?? []) {
    if (name && !body.has(name) && !["checkbox", "radio"].includes(type) && name !== "reason") body.append(name, value);
  }
});
dialog.addEventListener("change", (event) => {
  suggestTimes(event);
  prepareForm();
});
dialog.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.takeStart) takeNextFree(button.dataset);
  if (button?.dataset.open) openSlot(button.dataset.open);
  if (button?.matches("[data-close]")) dialog.close();
});
for (const [name, isBusy] of [["htmx:before:request", true], ["htmx:finally:request", false]]) {
  dialog.addEventListener(name, () => {
    const submit = content.querySelector("[type=submit]");
    if (submit) submit.ariaBusy = isBusy;
  });
}

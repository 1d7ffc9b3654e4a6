// A slot that was refused. The calendar shows where it would be, and marks the slot that it conflicts
// with, until the next action.
import { span } from "./availability_dates.js";

const said = document.querySelector("#said");
let refused = null;

export const refusedSlot = () => refused;
export const isClash = (id) => refused !== null && refused.clash === id;

// `slot` has date, start, end, and `clash`, the id of the other slot or "".
export function refuse(slot) {
  refused = slot;
}

// Return whether there was one.
export function forgetRefused() {
  const was = refused;
  refused = null;
  said.textContent = "";
  return was !== null;
}

export function say(words) {
  said.textContent = words;
}

export function refusedEvents() {
  if (!refused) return [];
  return {
    ...span(refused.date, refused.start, refused.end),
    title: "Refused",
    className: "slot refused",
    interactive: false,
    editable: false,
  };
}

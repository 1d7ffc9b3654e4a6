// The page of one appointment: what its buttons open, and how it looks afterwards.
import { closeAppointment, onResponse } from "./appointment_dialog.js";

const details = document.querySelector("#details");

onResponse(() => {});
document.addEventListener("appointments-changed", async () => {
  closeAppointment();
  await htmx.ajax("GET", details.dataset.path, { source: details, target: details });
  details.querySelector("button")?.focus();
});

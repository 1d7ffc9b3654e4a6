// The day of the team: places hours and appointments on the time axis, and books where it is clicked.
import { closeAppointment, isAppointmentOpen, onResponse, openAppointment } from "./appointment_dialog.js";
import { link } from "./page.js";

const STEP = 5; // Minutes for each row of the grid.
const SNAP = 15;
const section = document.querySelector("#columns");
const newButton = document.querySelector("#new");
const { date } = section.dataset;

// Styles in the page itself are not allowed; those that a script sets are.
function place() {
  const columns = section.querySelector(".columns");
  const first = Number(columns.dataset.first) * 60;
  const rows = (Number(columns.dataset.hours) * 60) / STEP;
  for (const lane of columns.querySelectorAll(".lane")) {
    lane.style.gridTemplateRows = `repeat(${rows}, var(--step))`;
    for (const { dataset, style } of lane.children) {
      const [start, end] = [dataset.start, dataset.end].map((time) => (minutes(time) - first) / STEP);
      style.gridRow = `${Math.floor(start) + 1} / ${Math.max(Math.ceil(end), Math.floor(start) + 1) + 1}`;
    }
  }
}

function minutes(time) {
  const [hour, minute] = time.split(":").map(Number);
  return hour * 60 + minute;
}

function book(practitioner = "", start = "") {
  const wanted = Object.entries({ practitioner, date, start }).filter(([, value]) => value);
  openAppointment(link(`/appointments/new?${new URLSearchParams(wanted)}`));
}

function bookAt({ clientY }, lane) {
  const { top, height } = lane.getBoundingClientRect();
  const { first, hours } = section.querySelector(".columns").dataset;
  const minute = Number(first) * 60 + ((clientY - top) / height) * Number(hours) * 60;
  const snapped = Math.floor(minute / SNAP) * SNAP;
  const parts = [Math.floor(snapped / 60), snapped % 60];
  book(lane.dataset.practitioner, parts.map((part) => String(part).padStart(2, "0")).join(":"));
}

section.addEventListener("click", (event) => {
  const item = event.target.closest(".appointment a");
  const lane = event.target.closest(".lane[data-practitioner]");
  if (item && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openAppointment(item.getAttribute("href"));
  } else if (!item && lane) {
    bookAt(event, lane);
  }
});
newButton.addEventListener("click", () => book());
onResponse(() => {});
document.addEventListener("appointments-changed", async () => {
  if (isAppointmentOpen()) {
    closeAppointment();
    newButton.focus();
  }
  await htmx.ajax("GET", location.pathname + location.search, { source: section, target: section });
  place();
});
place();

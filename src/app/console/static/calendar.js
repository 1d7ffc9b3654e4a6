// The calendar of a practitioner or a room, its address, and what can be done with appointments.
import {
  closeAppointment,
  hasProblem,
  isAppointmentOpen,
  onAppointmentClosed,
  onResponse,
  openAppointment,
  stepAside,
} from "./appointment_dialog.js";
import { isWithinDay, mondayOf, placeOf } from "./availability_dates.js";
import { forgetRefused, refuse, refusedEvents, refusedSlot, say } from "./availability_refusal.js";
import { toEvent } from "./calendar_events.js";
import "./colors.js";
import { link, toast } from "./page.js";
import { EARLY, LATE, narrow, shownDate, shownPeriod, timeGrid } from "./time_grid.js";
import { forgetWeek, weekReader } from "./week_table.js";
import { serverDay } from "./server_time.js";

const QUARTER = 15 * 60 * 1000;
const find = (selector) => document.querySelector(selector);
const [grid, week, subject, newButton] = ["#calendar", "#week", "#subject", "#new"].map(find);
const { name } = subject; // "practitioner" or "room"
const { path } = subject.dataset;
const shownMonday = () => mondayOf(shownDate(calendar));

function refresh() {
  forgetWeek();
  calendar.refetchEvents();
}

function forget() {
  if (forgetRefused()) calendar.refetchEvents();
}

// The address has the practitioner or the room, the date and the view, for reloading and going back.
function keepAddress({ startStr }) {
  if (!isAppointmentOpen()) forget();
  const date = startStr.slice(0, 10);
  const before = new URLSearchParams(location.search);
  const view = narrow.matches ? (before.get("view") ?? "week") : shownPeriod(calendar);
  const after = new URLSearchParams({ [name]: subject.value, date, view });
  const isHere = mondayOf(before.get("date") ?? date) === mondayOf(date);
  const isSame = isHere && (before.get(name) ?? subject.value) === subject.value;
  history[isSame ? "replaceState" : "pushState"](null, "", `?${after}`);
  for (const other of document.querySelectorAll(".views a[href*=date]")) {
    const kept = new URLSearchParams(other.search);
    kept.set("date", date);
    if (kept.has("view")) kept.set("view", view);
    if (kept.has(name)) kept.set(name, subject.value);
    other.search = kept;
  }
}

function followAddress() {
  const address = new URLSearchParams(location.search);
  const date = address.get("date") ?? grid.dataset.date;
  const isShown = mondayOf(date) === shownMonday();
  forget();
  subject.value = address.get(name) ?? subject.value;
  calendar.gotoDate(Date.parse(date)); // reads another week
  if (isShown) calendar.refetchEvents();
}

function book({ date, start = "", end = "" }) {
  forget();
  const { patient } = newButton.dataset; // who is to be booked, if that is known
  const wanted = new URLSearchParams({ [name]: subject.value, date, start, end, ...(patient && { patient }) });
  openAppointment(link(`/appointments/new?${wanted}`), { date });
}

// A click draws a quarter of an hour: the type then says how long the appointment is.
function bookDrawn({ start, end, ...drawn }) {
  const place = placeOf({ ...drawn });
  book(end - start > QUARTER ? place : { ...place, end: "" });
}

// A finger that taps draws nothing.
function bookTapped({ jsEvent, ...tapped }) {
  if (jsEvent.type.startsWith("touch")) book({ ...placeOf({ ...tapped, startStr: tapped.dateStr }), end: "" });
}

function today() {
  const now = serverDay();
  return mondayOf(now) === shownMonday() && shownPeriod(calendar) === "week" ? now : shownDate(calendar);
}

function openEvent({ event }) {
  const { path: address } = event.extendedProps;
  if (!address) return;
  forget();
  openAppointment(address, { date: event.startStr.slice(0, 10) });
}

function openItem(event) {
  const item = event.target.closest("a");
  if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  forget();
  openAppointment(item.getAttribute("href"), { date: item.closest("tr").dataset.date });
}

// Save the new times. The calendar then shows what is stored; the dialog says why they were refused.
async function moveEvent({ event }) {
  forgetRefused();
  const { path: address, updated } = event.extendedProps;
  const { date, start, end } = placeOf(event);
  if (isWithinDay({ start: event.start, end: event.end ?? event.start, allDay: event.allDay })) {
    const values = { date, startTime: start, endTime: end, updatedAt: updated };
    await openAppointment(`${address}/times`, { date, method: "PUT", values });
  } else {
    toast("Not moved. An appointment must start and end on the same day.", { isError: true });
  }
  calendar.refetchEvents();
}

// Show where a refused appointment would be, and what is in the way, until the dialog is closed.
function showRefused(alert) {
  if (!alert) return forget();
  const { clash, date, start, end } = alert.dataset;
  calendar.unselect();
  refuse({ clash, date, start, end });
  refusedSlot().words = [...alert.querySelectorAll("h2, h3, p:first-of-type")].map((part) => part.textContent).join(". ");
  stepAside(date);
  if (mondayOf(date) !== shownMonday() || shownPeriod(calendar) === "day") calendar.gotoDate(Date.parse(date));
  calendar.scrollToTime(start < EARLY || end > LATE ? start : EARLY);
  calendar.refetchEvents();
}

function leaveDialog() {
  calendar.unselect();
  if (hasProblem()) refresh(); // the appointment may have changed
  const refused = refusedSlot();
  if (!refused || !narrow.matches) return forget();
  say(refused.words);
  for (const part of [".controls", "#calendar .refused", "#calendar .clash"]) {
    find(part)?.scrollIntoView({ block: "nearest" });
  }
}

const calendar = timeGrid(grid, {
  slotMinHeight: 23,
  height: 1190,
  selectable: true,
  selectAllow: isWithinDay,
  allDaySlot: false,
  events: weekReader({ select: subject, path, name, date: "date", toEvent, more: refusedEvents }),
  datesSet: keepAddress,
  select: bookDrawn,
  dateClick: bookTapped,
  eventClick: openEvent,
  eventDrop: moveEvent,
  eventResize: moveEvent,
});
calendar.render();

subject.addEventListener("change", () => {
  keepAddress({ startStr: calendar.view.currentStart.toISOString() });
  calendar.refetchEvents();
});
addEventListener("popstate", followAddress);
// The page that htmx would restore has no calendar.
document.addEventListener("htmx:before:history:restore", (event) => event.preventDefault());
document.addEventListener("appointments-changed", () => {
  forgetRefused();
  if (isAppointmentOpen()) {
    closeAppointment();
    newButton.focus();
  }
  refresh();
});
newButton.addEventListener("click", () => book({ date: today() }));
week.addEventListener("click", openItem);
onResponse(showRefused);
onAppointmentClosed(leaveDialog);

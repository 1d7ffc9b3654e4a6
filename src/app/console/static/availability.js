// The calendar of a practitioner's week, its address, and what can be done with its slots.
import { addDays, isWithinDay, mondayOf, placeOf, WEEKDAYS } from "./availability_dates.js";
import { forgetRefused, refuse, refusedSlot, say } from "./availability_refusal.js";
import { closeSlot, hasProblem, isSlotOpen, onResponse, onSlotClosed, openSlot, showSlot, stepAside } from "./availability_slot.js";
import { readWeek } from "./availability_week.js";
import "./colors.js";
import { link, toast } from "./page.js";
import { EARLY, LATE, narrow, shownDate, shownPeriod, timeGrid } from "./time_grid.js";
import { forgetWeek } from "./week_table.js";
import { serverDay } from "./server_time.js";

const find = (selector) => document.querySelector(selector);
const [grid, week, practitioner] = ["#calendar", "#week", "#practitioner"].map(find);
const newSlot = find("#new");

const shownMonday = () => mondayOf(shownDate(calendar));

function refresh() {
  forgetWeek();
  calendar.refetchEvents();
}

function forget() {
  if (forgetRefused()) calendar.refetchEvents();
}

// The address has the practitioner, the week and the view, for reloading and going back.
function keepAddress({ startStr }) {
  if (!isSlotOpen()) forget();
  const date = startStr.slice(0, 10);
  const before = new URLSearchParams(location.search);
  const view = narrow.matches ? (before.get("view") ?? "week") : shownPeriod(calendar);
  const after = new URLSearchParams({ practitioner: practitioner.value, week: date, view });
  const isHere = mondayOf(before.get("week") ?? date) === mondayOf(date);
  const isSame = isHere && (before.get("practitioner") ?? practitioner.value) === practitioner.value;
  history[isSame ? "replaceState" : "pushState"](null, "", `?${after}`);
  for (const other of document.querySelectorAll(".views a")) {
    other.search = after;
  }
}

function followAddress() {
  const address = new URLSearchParams(location.search);
  const isShown = mondayOf(address.get("week")) === shownMonday();
  forget();
  practitioner.value = address.get("practitioner");
  showPractitioner();
  calendar.gotoDate(Date.parse(address.get("week"))); // reads another week
  if (isShown) calendar.refetchEvents();
}

// The server marks the options of practitioners whose slots the user may change.
function showPractitioner() {
  const [chosen] = practitioner.selectedOptions;
  const mayEdit = chosen?.dataset.editable !== undefined;
  newSlot.hidden = !mayEdit;
  calendar.setOption("editable", mayEdit);
  calendar.setOption("selectable", mayEdit);
}

function showNextException() {
  const target = find("#next-exception");
  const wanted = new URLSearchParams({ practitioner: practitioner.value });
  htmx.ajax("GET", link(`/availability/next-exception?${wanted}`), { source: target, target });
}

function askForNew({ date, start = "", end = "" }, allDay = false) {
  forget();
  const wanted = new URLSearchParams({ practitioner: practitioner.value, date, start, end, allDay });
  openSlot(link(`/availability/slots/new?${wanted}`), date);
}

function askForDrawn(drawn) {
  askForNew(placeOf(drawn), drawn.allDay);
}

function today() {
  const now = serverDay();
  return mondayOf(now) === shownMonday() && shownPeriod(calendar) === "week" ? now : shownDate(calendar);
}

function openEvent({ event }) {
  const { path } = event.extendedProps;
  if (!path) return;
  forget();
  openSlot(path, event.startStr.slice(0, 10));
}

function openItem(event) {
  const item = event.target.closest("a");
  if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  forget();
  openSlot(item.getAttribute("href"), item.closest("tr").dataset.date);
}

// Save the new times. The calendar then shows what is stored, also if the server refused.
// It reads the week again only after a change.
async function moveEvent({ event }) {
  forgetRefused();
  const { path, updated } = event.extendedProps;
  const { date, start, end } = placeOf(event);
  if (isWithinDay({ start: event.start, end: event.end ?? event.start, allDay: event.allDay })) {
    const values = { date, startTime: start, endTime: end, updatedAt: updated };
    await htmx.ajax("PUT", `${path}/times`, { source: grid, target: grid, swap: "none", values });
  } else {
    toast("Not moved. A slot must start and end on the same day.", { isError: true });
  }
  calendar.refetchEvents();
}

// Mark a conflict in the calendar until the dialog is closed. A narrow screen shows it after that.
function showConflict(conflict) {
  if (!conflict) return forget();
  const { clash, day, date, start = "", end = "" } = conflict.dataset;
  calendar.unselect();
  showRefused({ clash, date: date ?? addDays(shownMonday(), WEEKDAYS.indexOf(day)), start, end });
  refusedSlot().words = [...conflict.querySelectorAll("h3, p:first-of-type")].map((part) => part.textContent).join(". ");
}

function showRefused(slot) {
  refuse(slot);
  stepAside(slot.date);
  if (mondayOf(slot.date) !== shownMonday() || shownPeriod(calendar) === "day") calendar.gotoDate(Date.parse(slot.date));
  const { start, end } = slot;
  calendar.scrollToTime(start && (start < EARLY || end > LATE) ? start : EARLY);
  calendar.refetchEvents();
}

function leaveSlot() {
  calendar.unselect();
  if (hasProblem()) refresh(); // the slot may be gone
  const refused = refusedSlot();
  if (!refused || !narrow.matches) return forget();
  say(refused.words);
  for (const part of [".controls", "#calendar .refused", "#calendar .clash"]) {
    find(part)?.scrollIntoView({ block: "nearest" });
  }
}

const calendar = timeGrid(grid, {
  slotMinHeight: 12.5,
  selectAllow: isWithinDay,
  eventResizableFromStart: true,
  events: readWeek,
  datesSet: keepAddress,
  select: askForDrawn,
  eventClick: openEvent,
  eventDrop: moveEvent,
  eventResize: moveEvent,
});
calendar.render();

practitioner.addEventListener("change", () => {
  keepAddress({ startStr: calendar.view.currentStart.toISOString() });
  showPractitioner();
  showNextException();
  calendar.refetchEvents();
});
practitioner.addEventListener("htmx:after:swap", showPractitioner);
showPractitioner(); // htmx may have been faster
addEventListener("popstate", () => {
  followAddress();
  showNextException();
});
// The page that htmx would restore has no calendar.
document.addEventListener("htmx:before:history:restore", (event) => event.preventDefault());
document.addEventListener("slots-changed", () => {
  forgetRefused();
  if (isSlotOpen()) {
    closeSlot();
    newSlot.focus();
  }
  showNextException();
  refresh();
});
document.addEventListener("slot-not-moved", showSlot);
document.addEventListener("slot-refused", ({ detail }) => showRefused(detail));
newSlot.addEventListener("click", () => askForNew({ date: today() }));
week.addEventListener("click", openItem);
onResponse(showConflict);
onSlotClosed(leaveSlot);

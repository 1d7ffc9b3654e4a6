// The calendar of a practitioner's week, its address, and what can be done with its slots.
import { addDays, isWithinDay, mondayOf, placeOf, WEEKDAYS } from "./availability_dates.js";
import { forgetRefused, refuse, refusedSlot, say } from "./availability_refusal.js";
import { closeSlot, hasProblem, isSlotOpen, onResponse, onSlotClosed, openSlot, stepAside } from "./availability_slot.js";
import { forgetWeek, readWeek } from "./availability_week.js";
import "./colors.js";
import { link, toast } from "./page.js";

const [EARLY, LATE] = ["07:00", "20:00"]; // What is seen of a day without scrolling.
// FullCalendar takes the years before 100 for those of the 1900s; an address has four digits.
const VALID_RANGE = { start: "0101-01-03", end: Date.UTC(10_000) };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const VIEWS = { week: "timeGridWeek", day: "timeGridDay" };
const narrow = matchMedia("(max-width: 768px)");
const find = (selector) => document.querySelector(selector);
const [grid, week, practitioner] = ["#calendar", "#week", "#practitioner"].map(find);
const newSlot = find("#new");

const shownDate = () => calendar.view.currentStart.toISOString().slice(0, 10);
const shownMonday = () => mondayOf(shownDate());
const shownPeriod = () => (calendar.view.type === VIEWS.day ? "day" : "week");

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
  const view = narrow.matches ? (before.get("view") ?? "week") : shownPeriod();
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

// Whose slots may be changed is said by the option that the server made.
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
  const now = new Date().toISOString().slice(0, 10);
  return mondayOf(now) === shownMonday() && shownPeriod() === "week" ? now : shownDate();
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

// The server saves it, or says why not. Either way the calendar shows what is stored: only a change
// makes it read the week again.
async function moveEvent({ event }) {
  forgetRefused();
  const { path, updated } = event.extendedProps;
  const { date, start, end } = placeOf(event);
  if (isWithinDay({ start: event.start, end: event.end ?? event.start, allDay: event.allDay })) {
    const values = { date, startTime: start, endTime: end, updatedAt: updated };
    await htmx.ajax("PUT", `${path}/times`, { source: grid, target: grid, swap: "none", values });
  } else {
    toast("Not moved. A slot starts and ends on one day.", { isError: true });
  }
  calendar.refetchEvents();
}

// A conflict is shown where it is: until the dialog is closed, and where that covers it, after it.
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
  if (mondayOf(slot.date) !== shownMonday() || shownPeriod() === "day") calendar.gotoDate(Date.parse(slot.date));
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

// The label of an event says its date, too.
function nameEvent({ el, event }) {
  if (event.extendedProps.id) el.setAttribute("aria-label", event.extendedProps.words);
}

// FullCalendar hides the text of a header for the sake of a label.
function mendHeader({ el }) {
  el.querySelector("[aria-hidden]")?.removeAttribute("aria-hidden");
}

// It has a header without a text; and where no slot is, no key would scroll.
function mendView({ el }) {
  for (const cell of el.querySelectorAll("[role=rowheader]:empty")) {
    cell.role = "gridcell";
    cell.tabIndex = 0;
  }
}

let wideView = VIEWS[grid.dataset.view];
const fittingView = () => (narrow.matches ? VIEWS.day : wideView);
const toolbar = () => ({ start: "prev,next today", center: "title", end: narrow.matches ? "" : Object.values(VIEWS).join() });

const calendar = new FullCalendar.Calendar(grid, {
  timeZone: "UTC",
  initialView: fittingView(),
  initialDate: Date.parse(grid.dataset.date),
  validRange: VALID_RANGE,
  firstDay: 1,
  headerToolbar: toolbar(),
  headingLevel: 2,
  todayHint: "Today",
  timedText: "Times of the day",
  views: { timeGridWeek: { titleFormat: { year: "numeric", month: "short", day: "numeric" } } },
  height: 910,
  scrollTime: EARLY,
  // With a snapDuration that is shorter, FullCalendar moves a slot 15 minutes too far.
  slotDuration: "00:15",
  slotMinHeight: 12.5,
  slotHeaderInterval: "01:00",
  slotHeaderClass: "hour",
  slotHeaderInnerClass: "hour",
  eventTimeFormat: CLOCK,
  slotHeaderFormat: CLOCK,
  slotEventOverlap: false,
  eventInteractive: true,
  eventContrastColor: "var(--fc-classic-foreground)",
  eventTitleClass: "words",
  eventDidMount: nameEvent,
  dayHeaderDidMount: mendHeader,
  viewDidMount: mendView,
  selectable: false,
  selectMirror: true,
  selectAllow: isWithinDay,
  unselectAuto: false,
  editable: false,
  eventResizableFromStart: true,
  events: readWeek,
  datesSet: keepAddress,
  select: askForDrawn,
  eventClick: openEvent,
  eventDrop: moveEvent,
  eventResize: moveEvent,
});
calendar.render();

narrow.addEventListener("change", () => {
  if (narrow.matches) wideView = calendar.view.type;
  calendar.setOption("headerToolbar", toolbar());
  calendar.changeView(fittingView());
});
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
// What htmx would put into the place of the page has no calendar.
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
document.addEventListener("slot-refused", ({ detail }) => showRefused(detail));
newSlot.addEventListener("click", () => askForNew({ date: today() }));
week.addEventListener("click", openItem);
onResponse(showConflict);
onSlotClosed(leaveSlot);

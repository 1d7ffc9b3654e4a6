// The calendar draws what the table of the week says; another week's table comes from the server.
// Dates and times are those of the clinic's clock: in UTC, no time zone of the browser moves them.
import "./colors.js";
import { link } from "./page.js";

const DAY = 24 * 60 * 60 * 1000;
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const KINDS = { template: "templates", adds: "exceptions", takes: "exceptions" };
const [EARLY, LATE] = ["07:00", "20:00"]; // What is seen of a day without scrolling.
// FullCalendar takes the years before 100 for those of the 1900s; an address has four digits.
const THERE_IS = { start: "0101-01-03", end: Date.UTC(10_000) };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const narrow = matchMedia("(max-width: 768px)");
const find = (selector) => document.querySelector(selector);
const [grid, week, practitioner] = ["#calendar", "#week", "#practitioner"].map(find);
const [loading, said, newSlot, deleteSlot] = ["#loading", "#said", "#new-slot", "#delete-slot"].map(find);
const form = newSlot.querySelector("form");
const fields = form.elements;

let asked = 0; // How often the week was asked for: only the last answer counts.
let refused = null; // The slot that was refused, for as long as the calendar shows it.

const addDays = (date, days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
const weekdayOf = (date) => (new Date(date).getUTCDay() + 6) % 7;
const mondayOf = (date) => addDays(date, -weekdayOf(date));
const shownMonday = () => mondayOf(calendar.view.currentStart.toISOString().slice(0, 10));

function span(date, start, end) {
  return start ? { start: `${date}T${start}`, end: `${date}T${end}` } : { start: date, allDay: true };
}

async function readWeek({ startStr }) {
  const mine = ++asked;
  const monday = mondayOf(startStr.slice(0, 10));
  if (!isThere(monday)) {
    say(`Loading the week of ${nameOf(practitioner)} …`, { isBusy: true });
    const wanted = new URLSearchParams({ practitioner: practitioner.value, week: monday });
    await htmx.ajax("GET", link(`/availability?${wanted}`), { source: week, target: week });
    if (mine !== asked) return [];
    say(isThere(monday) ? "" : "The week could not be read. Reload the page to try again.");
  }
  return isThere(monday) ? [...week.querySelectorAll("li")].map(drawn).concat(drawnRefused()) : [];
}

function isThere(monday) {
  const shown = week.querySelector("table")?.dataset;
  return shown?.monday === monday && shown.practitioner === practitioner.value;
}

function say(text, { isBusy = false } = {}) {
  grid.ariaBusy = isBusy;
  loading.textContent = text;
}

function nameOf(select) {
  return select.selectedOptions[0].textContent;
}

function drawn(item) {
  const { layer, id, start, end, title } = item.dataset;
  const { date, day } = item.closest("tr").dataset;
  const clashes = refused !== null && refused.clash === id;
  return {
    ...span(date, start, end),
    title: clashes ? `Clashes. ${title}` : title,
    className: clashes ? `slot ${layer} clash` : `slot ${layer}`,
    display: layer === "remains" ? "background" : "auto",
    extendedProps: { id, layer, words: `${day}, ${item.firstElementChild.textContent}, ${title}` },
  };
}

function drawnRefused() {
  if (!refused) return [];
  return {
    ...span(refused.date, refused.start, refused.end),
    title: "Refused",
    className: "slot refused",
    interactive: false,
  };
}

function refresh() {
  delete week.querySelector("table")?.dataset.monday;
  calendar.refetchEvents();
}

// The address has the practitioner and the week, for whoever reloads or goes back.
function keepAddress({ startStr }) {
  if (!newSlot.open) forgetRefused();
  const date = startStr.slice(0, 10);
  const before = new URLSearchParams(location.search);
  const after = new URLSearchParams({ practitioner: practitioner.value, week: date });
  const isHere = mondayOf(before.get("week") ?? date) === mondayOf(date);
  const isSame = isHere && (before.get("practitioner") ?? practitioner.value) === practitioner.value;
  history[isSame ? "replaceState" : "pushState"](null, "", `?${after}`);
}

function followAddress() {
  const address = new URLSearchParams(location.search);
  const isShown = mondayOf(address.get("week")) === shownMonday();
  forgetRefused();
  practitioner.value = address.get("practitioner");
  calendar.gotoDate(Date.parse(address.get("week"))); // reads another week
  if (isShown) calendar.refetchEvents();
}

function askForNew({ date, start = "09:00", end = "12:00", wholeDay = false }) {
  forgetRefused();
  form.reset();
  find("#new-slot-answer").replaceChildren();
  nameNewSlot();
  const weekday = WEEKDAYS[weekdayOf(date)];
  fields.userId.value = practitioner.value;
  fields.kind.value = wholeDay ? "takes" : weekday === "sun" ? "adds" : "template";
  fields.dayOfWeek.value = weekday === "sun" ? "mon" : weekday;
  fields.date.value = date;
  fields.startTime.value = start;
  fields.endTime.value = end;
  find("#whole-day").checked = wholeDay;
  fitFields();
  stepAside(date);
  newSlot.showModal();
}

function nameNewSlot() {
  find("#new-slot-heading").textContent = `New slot of ${nameOf(practitioner)}`;
}

function stepAside(date) {
  newSlot.dataset.side = weekdayOf(date) < 3 ? "right" : "left";
}

// A field that the kind of slot does not have is neither seen nor sent.
function fitFields() {
  const kind = fields.kind.value;
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = part.disabled = !part.dataset.for.split(" ").includes(kind);
  }
  const times = find("#times");
  times.hidden = times.disabled = kind !== "template" && find("#whole-day").checked;
}

function askForDrawn({ startStr, endStr, allDay }) {
  const date = startStr.slice(0, 10);
  const [start, end] = [startStr, endStr].map((moment) => moment.slice(11, 16));
  askForNew(allDay ? { date, wholeDay: true } : { date, start, end: end === "00:00" ? "23:59" : end });
}

function isWithinDay({ start, end, allDay }) {
  return allDay ? end - start <= DAY : Math.floor(start / DAY) === Math.floor((end - 1) / DAY);
}

function today() {
  const now = new Date().toISOString().slice(0, 10);
  return mondayOf(now) === shownMonday() ? now : calendar.view.currentStart.toISOString().slice(0, 10);
}

// A conflict is shown where it is: until the dialog is closed, and where that covers it, after it.
function showConflict() {
  const conflict = newSlot.querySelector("[data-clash]");
  if (!conflict && !refused) return;
  conflict?.scrollIntoView({ block: "nearest" });
  calendar.unselect();
  refused = conflict && { clash: conflict.dataset.clash, ...wanted(), words: wordsOf(conflict) };
  if (refused) {
    stepAside(refused.date);
    if (mondayOf(refused.date) !== shownMonday() || narrow.matches) calendar.gotoDate(Date.parse(refused.date));
    const { start, end } = refused;
    calendar.scrollToTime(start && (start < EARLY || end > LATE) ? start : EARLY);
  }
  calendar.refetchEvents();
}

function wanted() {
  const isWeekly = fields.kind.value === "template";
  const isTimed = !find("#times").disabled;
  return {
    date: isWeekly ? addDays(shownMonday(), WEEKDAYS.indexOf(fields.dayOfWeek.value)) : fields.date.value,
    start: isTimed ? fields.startTime.value : "",
    end: isTimed ? fields.endTime.value : "",
  };
}

function wordsOf(conflict) {
  return [...conflict.querySelectorAll("h3, p:first-of-type")].map((part) => part.textContent).join(". ");
}

function takeNextFree({ target }) {
  const { start, end } = target.closest("[data-start]")?.dataset ?? {};
  if (!start) return;
  fields.startTime.value = start;
  fields.endTime.value = end;
  form.querySelector("[type=submit]").focus();
}

function leaveNew() {
  calendar.unselect();
  if (!refused || !narrow.matches) return forgetRefused();
  said.textContent = refused.words;
  for (const part of [".controls", "#calendar .refused", "#calendar .clash"]) {
    find(part)?.scrollIntoView({ block: "nearest" });
  }
}

function forgetRefused() {
  if (!refused) return;
  refused = null;
  said.textContent = "";
  calendar.refetchEvents();
}

function askToDelete({ event }) {
  const { id, layer, words } = event.extendedProps;
  if (!id) return;
  find("#question").textContent = layer === "template" ? `${words}. It goes from every week.` : `${words}.`;
  find("#delete-slot-answer").replaceChildren();
  deleteSlot.dataset.address = link(`/availability/${KINDS[layer]}/${id}`);
  deleteSlot.showModal();
}

// What cannot be deleted is perhaps no longer there.
function leaveDelete() {
  if (find("#delete-slot-answer").hasChildNodes()) refresh();
}

function deleteAsked(event) {
  event.preventDefault();
  htmx.ajax("DELETE", deleteSlot.dataset.address, { source: event.target, target: "#delete-slot-answer" });
}

// Whoever comes to an event hears of which day it is, too, and what happens when it is opened.
function nameEvent({ el, event }) {
  if (event.extendedProps.id) el.setAttribute("aria-label", `${event.extendedProps.words}: delete`);
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

function fittingView() {
  return narrow.matches ? "timeGridDay" : "timeGridWeek";
}

const calendar = new FullCalendar.Calendar(grid, {
  timeZone: "UTC",
  initialView: fittingView(),
  initialDate: Date.parse(grid.dataset.date),
  validRange: THERE_IS,
  firstDay: 1,
  headerToolbar: { start: "prev,next today", center: "title", end: "" },
  headingLevel: 2,
  todayHint: "Today",
  timedText: "Times of the day",
  views: { timeGridWeek: { titleFormat: { year: "numeric", month: "short", day: "numeric" } } },
  height: 800,
  scrollTime: EARLY,
  snapDuration: "00:15",
  eventTimeFormat: CLOCK,
  slotHeaderFormat: CLOCK,
  slotEventOverlap: false,
  eventInteractive: true,
  eventContrastColor: "var(--fc-classic-foreground)",
  eventTitleClass: "words",
  eventDidMount: nameEvent,
  dayHeaderDidMount: mendHeader,
  viewDidMount: mendView,
  selectable: true,
  selectMirror: true,
  selectAllow: isWithinDay,
  unselectAuto: false,
  events: readWeek,
  datesSet: keepAddress,
  select: askForDrawn,
  eventClick: askToDelete,
});
calendar.render();

narrow.addEventListener("change", () => calendar.changeView(fittingView()));
practitioner.addEventListener("change", () => {
  keepAddress({ startStr: calendar.view.currentStart.toISOString() });
  calendar.refetchEvents();
});
practitioner.addEventListener("htmx:after:swap", nameNewSlot); // the dialog may be open by then
addEventListener("popstate", followAddress);
// What htmx would put into the place of the page has no calendar.
document.addEventListener("htmx:before:history:restore", (event) => event.preventDefault());
document.addEventListener("slots-changed", () => {
  refused = null;
  for (const dialog of [newSlot, deleteSlot]) dialog.close();
  find("#new").focus();
  refresh();
});
find("#new").addEventListener("click", () => askForNew({ date: today() }));
find("#new").disabled = false; // it is dead until here, and where no script runs
form.addEventListener("change", fitFields);
newSlot.addEventListener("htmx:after:swap", showConflict);
newSlot.addEventListener("click", takeNextFree);
newSlot.addEventListener("close", leaveNew);
deleteSlot.addEventListener("close", leaveDelete);
deleteSlot.querySelector("form").addEventListener("submit", deleteAsked);
for (const dialog of [newSlot, deleteSlot]) {
  const submit = dialog.querySelector("[type=submit]");
  dialog.addEventListener("htmx:before:request", () => { submit.ariaBusy = true; });
  dialog.addEventListener("htmx:finally:request", () => { submit.ariaBusy = false; });
}
for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

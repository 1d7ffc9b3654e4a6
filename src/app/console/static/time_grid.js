// What the calendars of hours and of appointments share: a week or a day, with times of the day.
import { serverTime } from "./server_time.js";

export const [EARLY, LATE] = ["07:00", "20:00"]; // The hours that are visible without scrolling.
// FullCalendar reads years before 100 as 1900 to 1999; an address has four digits.
const VALID_RANGE = { start: "0101-01-03", end: Date.UTC(10_000) };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const VIEWS = { week: "timeGridWeek", day: "timeGridDay" };
export const narrow = matchMedia("(max-width: 768px)");

// A narrow screen shows a day. `render` draws the calendar that is returned.
export function timeGrid(grid, options) {
  let wideView = VIEWS[grid.dataset.view];
  const fittingView = () => (narrow.matches ? VIEWS.day : wideView);
  const calendar = new FullCalendar.Calendar(grid, {
    timeZone: "UTC",
    now: serverTime,
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
    // With a snapDuration that is shorter, FullCalendar moves an event 15 minutes too far.
    slotDuration: "00:15",
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
    unselectAuto: false,
    editable: false,
    ...options,
  });
  narrow.addEventListener("change", () => {
    if (narrow.matches) wideView = calendar.view.type;
    calendar.setOption("headerToolbar", toolbar());
    calendar.changeView(fittingView());
  });
  return calendar;
}

function toolbar() {
  const views = narrow.matches ? "" : Object.values(VIEWS).join();
  return { start: "prev,next today", center: "title", end: views };
}

export const shownDate = (calendar) => calendar.view.currentStart.toISOString().slice(0, 10);
export const shownPeriod = (calendar) => (calendar.view.type === VIEWS.day ? "day" : "week");

// The label of an event includes its date.
function nameEvent({ el, event }) {
  if (event.extendedProps.id) el.setAttribute("aria-label", event.extendedProps.words);
}

// FullCalendar hides the text of a header from screen readers and gives them a label instead.
function mendHeader({ el }) {
  el.querySelector("[aria-hidden]")?.removeAttribute("aria-hidden");
}

// FullCalendar has a header without text, and a calendar without slots cannot be scrolled by key.
function mendView({ el }) {
  for (const cell of el.querySelectorAll("[role=rowheader]:empty")) {
    cell.role = "gridcell";
    cell.tabIndex = 0;
  }
}

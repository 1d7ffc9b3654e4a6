// Dates and times are local times of the clinic. They are computed in UTC, so that the browser's time
// zone does not shift them.
export const DAY = 24 * 60 * 60 * 1000;
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

export const addDays = (date, days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
export const weekdayOf = (date) => (new Date(date).getUTCDay() + 6) % 7;
export const mondayOf = (date) => addDays(date, -weekdayOf(date));

// Return the start and the end of an event for FullCalendar; without times it lasts all day, and
// without an end an hour.
export function span(date, start, end) {
  if (!start) return { start: date, allDay: true };
  return { start: `${date}T${start}`, end: end ? `${date}T${end}` : undefined };
}

// Return date and times of a drawn or moved slot. One that ends at midnight ends a minute earlier.
export function placeOf({ startStr, endStr, allDay }) {
  const date = startStr.slice(0, 10);
  if (allDay) return { date, start: "", end: "" };
  const [start, end] = [startStr, endStr ?? ""].map((moment) => moment.slice(11, 19));
  return { date, start, end: end === "00:00:00" ? "23:59:00" : end };
}

export function isWithinDay({ start, end, allDay }) {
  return allDay ? end - start <= DAY : Math.floor(start / DAY) === Math.floor(Math.max(start, end - 1) / DAY);
}

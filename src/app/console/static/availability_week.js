// The events of the calendar, read from the table of the week. Another week's table comes from the
// server.
import { mondayOf, span } from "./availability_dates.js";
import { isClash, refusedEvents } from "./availability_refusal.js";
import { link } from "./page.js";

const [grid, week, practitioner, loading] = ["#calendar", "#week", "#practitioner", "#loading"].map(
  (selector) => document.querySelector(selector),
);
let asked = 0; // How often a week was requested: only the last response counts.

export async function readWeek({ startStr }) {
  const mine = ++asked;
  const monday = mondayOf(startStr.slice(0, 10));
  if (!isShown(monday)) {
    const name = practitioner.selectedOptions[0].textContent;
    say(`Loading the week of ${name} …`, { isBusy: true });
    const wanted = new URLSearchParams({ practitioner: practitioner.value, week: monday });
    await htmx.ajax("GET", link(`/availability?${wanted}`), { source: week, target: week });
    if (mine !== asked) return [];
    say(isShown(monday) ? "" : "The week could not be read. Reload the page to try again.");
  }
  return isShown(monday) ? [...week.querySelectorAll("li")].map(toEvent).concat(refusedEvents()) : [];
}

// Let the next `readWeek` request the week from the server.
export function forgetWeek() {
  delete week.querySelector("table")?.dataset.monday;
}

function isShown(monday) {
  const shown = week.querySelector("table")?.dataset;
  return shown?.monday === monday && shown.practitioner === practitioner.value;
}

function say(text, { isBusy = false } = {}) {
  grid.ariaBusy = isBusy;
  loading.textContent = text;
}

function toEvent(item) {
  const { layer, id, updated, start, end, title } = item.dataset;
  const { date, day } = item.closest("tr").dataset;
  const isBookable = layer === "remains";
  return {
    ...span(date, start, end),
    title: isClash(id) ? `Clashes. ${title}` : title,
    className: isClash(id) ? `slot ${layer} clash` : `slot ${layer}`,
    display: isBookable ? "background" : "auto",
    durationEditable: start !== "", // a slot of all day has no times
    extendedProps: {
      id,
      updated,
      path: item.querySelector("a")?.getAttribute("href"),
      words: `${day}, ${item.firstElementChild.textContent}, ${title}`,
    },
  };
}


// The events of a calendar, read from the table of the week below it. Another week's table comes from
// the server.
import { mondayOf } from "./availability_dates.js";
import { link } from "./page.js";

const [grid, week, loading] = ["#calendar", "#week", "#loading"].map((selector) => document.querySelector(selector));

// `select` chooses whose week it is; `name` is what the address and the table call that, and `date`
// what the address calls the date. `toEvent` makes an event of an item, `more` other events.
export function weekReader({ select, path, name, date, toEvent, more }) {
  let asked = 0; // How often a week was requested: only the last response counts.

  function isShown(monday) {
    const shown = week.querySelector("table")?.dataset;
    return shown?.monday === monday && shown[name] === select.value;
  }

  return async ({ startStr }) => {
    const mine = ++asked;
    const monday = mondayOf(startStr.slice(0, 10));
    if (!isShown(monday)) {
      say(`Loading the week of ${select.selectedOptions[0].textContent} …`, { isBusy: true });
      const wanted = new URLSearchParams({ [name]: select.value, [date]: monday });
      await htmx.ajax("GET", link(`${path}?${wanted}`), { source: week, target: week });
      if (mine !== asked) return [];
      say(isShown(monday) ? "" : "The week could not be read. Reload the page to try again.");
    }
    return isShown(monday) ? [...week.querySelectorAll("li")].map(toEvent).concat(more()) : [];
  };
}

// Let the next request for the week go to the server.
export function forgetWeek() {
  delete week.querySelector("table")?.dataset.monday;
}

function say(text, { isBusy = false } = {}) {
  grid.ariaBusy = isBusy;
  loading.textContent = text;
}

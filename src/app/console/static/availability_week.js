// The slots of a practitioner's week as events of the calendar.
import { span } from "./availability_dates.js";
import { isClash, refusedEvents } from "./availability_refusal.js";
import { weekReader } from "./week_table.js";

export const readWeek = weekReader({
  select: document.querySelector("#practitioner"),
  path: "/availability",
  name: "practitioner",
  date: "week",
  toEvent,
  more: refusedEvents,
});

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

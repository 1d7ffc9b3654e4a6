// Hours and appointments as events of the calendar, read from the items of the table below it.
import { span } from "./availability_dates.js";
import { isClash } from "./availability_refusal.js";

export function toEvent(item) {
  const { layer, start, end, title } = item.dataset;
  const { date } = item.closest("tr").dataset;
  if (layer === "hours") return { ...span(date, start, end), title, display: "background", className: "remains" };
  return { ...span(date, start, end), ...appointment(item) };
}

function appointment(item) {
  const { id, status, updated, title, about, state } = item.dataset;
  const [isOutside, isOpen] = ["outside", "openYet"].map((name) => name in item.dataset);
  const words = [isOutside ? `${state}, outside hours` : state, isClash(id) ? "in the way" : ""].filter(Boolean);
  const classes = ["appointment", status, isOutside ? "outside" : "", isClash(id) ? "clash" : ""];
  const link = item.querySelector("a");
  return {
    title: `${title}\n${words.join(", ")}\n${about}`,
    className: classes.join(" ").trim(),
    editable: isOpen && status !== "in_progress",
    extendedProps: {
      id,
      updated,
      path: link.getAttribute("href"),
      words: `${item.closest("tr").dataset.day}, ${link.textContent}, ${title}, ${about}, ${words.join(", ")}`,
    },
  };
}

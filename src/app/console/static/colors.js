// The colors of the page for charts and the calendar; they differ in dark mode.
export const dark = matchMedia("(prefers-color-scheme: dark)");

export function colorOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// FullCalendar asks the page, not the system, whether it is dark.
function follow() {
  document.documentElement.dataset.colorScheme = dark.matches ? "dark" : "light";
}
follow();
dark.addEventListener("change", follow);

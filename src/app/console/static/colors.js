// The colours of the page, for those who draw on it: they are other ones in the dark.
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

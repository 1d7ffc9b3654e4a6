// FullCalendar asks the page, not the system, whether it is dark.
const dark = matchMedia("(prefers-color-scheme: dark)");
function follow() {
  document.documentElement.dataset.colorScheme = dark.matches ? "dark" : "light";
}
follow();
dark.addEventListener("change", follow);

// Modules run when the whole page is there. What someone typed, chose or pressed before that would have
// no effect, so it is repeated afterwards. This script is no module: it runs before there is anything
// to press. Links and forms work without scripts, and page.js handles the buttons that copy.
{
  const OWN = "button[type=button]:not([data-copy], [data-copy-link], [data-json])";
  const changed = new Set();
  let pressed = null;

  const note = ({ type, target }) => {
    if (type === "click") pressed = target.closest?.(OWN) ?? pressed;
    else changed.add(target);
  };
  const repeat = () => {
    for (const type of types) document.removeEventListener(type, note, true);
    for (const field of changed) {
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
    pressed?.click();
  };
  const types = ["click", "input", "change"];

  for (const type of types) document.addEventListener(type, note, true);
  // After what others do at that time, htmx among them.
  document.addEventListener("DOMContentLoaded", () => setTimeout(repeat));
}

// Adds an empty row of fields when the last one is filled in.
const contacts = document.querySelector("#contacts");

contacts.addEventListener("input", addEmptyRow);
// Someone may have typed before this script was loaded.
addEmptyRow();

function addEmptyRow() {
  const last = contacts.lastElementChild;
  if (![...last.querySelectorAll("input")].some(({ value }) => value)) return;
  const number = contacts.children.length;
  const next = last.cloneNode(true);
  last.querySelector("legend small")?.remove();
  next.querySelector("legend").firstChild.textContent = `Contact ${number + 1} `;
  for (const element of next.querySelectorAll("[id], [for], [aria-describedby]")) renumber(element, number + 1);
  for (const input of next.querySelectorAll("input")) {
    input.value = "";
    input.removeAttribute("aria-invalid");
  }
  for (const error of next.querySelectorAll(".field-error")) error.textContent = "";
  contacts.append(next);
}

function renumber(element, number) {
  for (const name of ["id", "for", "aria-describedby"]) {
    const value = element.getAttribute(name);
    if (value) element.setAttribute(name, value.replace(/-\d+(?=-|$)/, `-${number}`));
  }
}

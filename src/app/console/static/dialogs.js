// Show a dialog, and return the value of the button that closed it, or "" after Escape.
export function ask(dialog) {
  dialog.returnValue = ""; // Escape does not change it
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

// What all pages share: messages, menus, copying, and the user menu.
import "./copying.js";
import { readPart } from "./server.js";

export { link, readPart } from "./server.js";
export { toast } from "./toasts.js";

const trouble = document.querySelector("#trouble");

// In a dialog the message is shown where the response would be, because the page is out of reach.
document.addEventListener("htmx:error", ({ detail }) => {
  const target = detail.ctx?.target;
  const place = target?.closest?.("dialog") ? target : trouble;
  place.replaceChildren(document.querySelector("#no-response").content.cloneNode(true));
});
document.addEventListener("htmx:after:request", () => trouble.replaceChildren());

// A form that came back with errors: move the focus to the first of them.
function focusFirstError() {
  const place = document.querySelector("dialog:modal") ?? document.querySelector("main");
  place.querySelector("[aria-invalid=true]")?.focus();
}
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx?.sourceElement?.matches?.("form")) focusFirstError();
});
focusFirstError();

document.addEventListener("keydown", ({ key, target }) => {
  const menu = key === "Escape" && target.closest?.("details.dropdown[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Return the user menu if it is another user's now. Before htmx has loaded it, there is none.
export async function findChangedUserMenu() {
  const now = (await readPart("/people/user-menu")).querySelector("#user-menu");
  const before = document.querySelector("#user-menu[data-user]");
  return before && now && now.dataset.user !== before.dataset.user ? now : null;
}

// Somebody else may have signed in in another tab: the page would show what is not theirs.
addEventListener("focus", async () => {
  const menu = await findChangedUserMenu().catch(() => null);
  // Leaving the page would cancel a seed that it runs. After a seed the page updates the menu.
  if (!menu || document.querySelector("#working:not([hidden])")) return;
  // A form is what somebody has typed, perhaps before they signed in again in another tab.
  if (document.querySelector(".row-form")) {
    document.querySelector("#user-menu").replaceWith(menu);
  } else {
    location.reload();
  }
});

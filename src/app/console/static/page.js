// What all pages share: messages, menus, copying, and who is signed in.
import "./copying.js";
import { findNews, isBusy, notify, watch } from "./data_set_watch.js";
import { completeUserMenu, findChangedUserMenu, updateUserMenu } from "./user_menu.js";

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
  completeUserMenu();
  if (detail.ctx?.sourceElement?.matches?.("form")) focusFirstError();
});
completeUserMenu();
focusFirstError();

// A login link: the page's only form is sent at once.
document.querySelector("form[data-submit]")?.requestSubmit();

document.addEventListener("keydown", ({ key, target }) => {
  const menu = key === "Escape" && target.closest?.("details.dropdown[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Somebody else may have replaced the data set, or signed in in another tab of this browser: the
// page would show data of another user. It reloads, unless that would lose what somebody types.
addEventListener("focus", async () => {
  const news = await findNews();
  if (news) {
    show(news);
    return;
  }
  const menu = await findChangedUserMenu().catch(() => null);
  if (!menu || isBusy()) return;
  if (isInUse()) {
    notify("Another user is signed in now.");
    updateUserMenu().catch(() => {});
  } else {
    location.reload();
  }
});
watch(show);

function show(news) {
  notify(news);
  updateUserMenu().catch(() => {});
}

function isInUse() {
  const fields = [...document.querySelectorAll("main :is(input, textarea)")];
  return document.querySelector("dialog[open], .row-form") !== null || fields.some(isChanged);
}

function isChanged(field) {
  return field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

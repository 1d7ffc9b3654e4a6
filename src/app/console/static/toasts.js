// Short messages that disappear. `View.toast` sends those of the server.
import { link } from "./server.js";

const SHOWN_MS = 6_000;
const LONG_SHOWN_MS = 30_000;
const IN_USE_MS = 2_000;
const COOKIE = "seedbed-toast";
const toasts = document.querySelector("#toasts");

// `undo` is a path to post to.
export function toast(message, { isError = false, undo = null } = {}) {
  const item = document.createElement("div");
  item.className = "toast";
  item.append(message);
  if (undo) item.append(undoForm(undo));
  if (isError) {
    item.role = "alert";
    item.append(closeButton(item));
  }
  // The rest of the page cannot be read or reached while a modal dialog is open.
  ([...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body).append(toasts);
  toasts.append(item);
  removeAfter(item, isError || undo ? LONG_SHOWN_MS : SHOWN_MS);
}

function undoForm(path) {
  const form = document.createElement("form");
  const button = document.createElement("button");
  form.method = "post";
  form.action = link(path);
  button.className = "small";
  button.textContent = "Undo";
  form.append(button);
  return form;
}

function closeButton(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.ariaLabel = "Close";
  button.className = "close";
  button.addEventListener("click", () => item.remove());
  return button;
}

function removeAfter(item, milliseconds) {
  setTimeout(() => {
    if (item.matches(":hover, :focus-within")) {
      removeAfter(item, IN_USE_MS);
    } else {
      item.remove();
    }
  }, milliseconds);
}

// A redirect carries its toast in a cookie, which is read once.
function showCarried() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  if (!cookie) return;
  const path = link("/").replace(/(.)\/$/, "$1");
  document.cookie = `${COOKIE}=; path=${path}; max-age=0; samesite=lax`;
  const { message, ...options } = JSON.parse(decodeURIComponent(cookie.slice(COOKIE.length + 1)));
  toast(message, options);
}

document.addEventListener("toast", ({ detail: { message, ...options } }) => toast(message, options));
document.addEventListener("close", ({ target }) => {
  if (target.contains(toasts)) document.body.append(toasts);
}, { capture: true }); // the event does not bubble
showCarried();

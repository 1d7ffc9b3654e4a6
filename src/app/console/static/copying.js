// Elements with `data-copy` copy its text, those with `data-copy-link` the address of a path, and
// those with `data-json` show what the API returns.
import { link } from "./server.js";
import { toast } from "./toasts.js";

const find = (selector) => document.querySelector(selector);
const dialog = find("#json");

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy], [data-copy-link], [data-json]");
  if (!button) return;
  closeMenu(button);
  if (button.dataset.copy !== undefined) {
    await copy(button.dataset.copy);
  } else if (button.dataset.copyLink !== undefined) {
    await copy(addressOf(button.dataset.copyLink));
  } else {
    await showJson(button.dataset.json);
  }
});

function closeMenu(button) {
  const menu = button.closest("details.dropdown");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

export async function copy(text) {
  if ((await isWritten(text)) || isCopied(text)) {
    toast("Copied");
  } else {
    toast("Not copied. The browser does not allow it. Select the text and copy it.", { isError: true });
  }
}

async function isWritten(text) {
  try {
    await navigator.clipboard.writeText(text); // exists on HTTPS and loopback only
    return true;
  } catch {
    return false;
  }
}

function isCopied(text) {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.className = "visually-hidden";
  area.value = text;
  (focused?.closest("dialog") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

// Session tokens are not shown, so that a screenshot of the dialog signs nobody in.
async function showJson(path) {
  try {
    const [response, session] = await Promise.all([path, "/api/auth/get-session"].map((each) => fetch(link(each))));
    const json = JSON.stringify(await response.json(), (name, value) => (name === "token" ? undefined : value), 2);
    const token = (await session.json())?.session?.token;
    find("#json-title").textContent = `GET ${path}`;
    find("#json code").textContent = json;
    find("#json-copy").dataset.copy = json;
    find("#json-curl").dataset.copy = curl(path, token);
    dialog.showModal();
  } catch {
    toast("The server does not respond. Check that it is running.", { isError: true });
  }
}

function curl(path, token) {
  const url = quoted(addressOf(path));
  return token ? `curl ${url} -H ${quoted(`Authorization: Bearer ${token}`)}` : `curl ${url}`;
}

export function addressOf(path) {
  return new URL(link(path), location.href).href;
}

// Quote a text for a POSIX shell.
export function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

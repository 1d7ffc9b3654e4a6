// The user menu after htmx has loaded it: it follows the session, and offers the last user again.
import { readPart } from "./server.js";

const KEY = "seedbed-last-user";

// Return the new user menu if another user has signed in. Before htmx has loaded it, there is none.
export async function findChangedUserMenu() {
  const to = document.querySelector("#user-menu")?.dataset.to ?? "/";
  const now = (await readPart(`/people/user-menu?${new URLSearchParams({ to })}`)).querySelector("#user-menu");
  const before = document.querySelector("#user-menu[data-user]");
  return before && now && now.dataset.user !== before.dataset.user ? now : null;
}

// Show who is signed in now.
export async function updateUserMenu() {
  const menu = await findChangedUserMenu();
  if (menu) {
    document.querySelector("#user-menu").replaceWith(document.adoptNode(menu));
    completeUserMenu();
  }
}

// Return a form that signs in as the user who was signed in last in this tab, or null.
export function signInAgain() {
  const user = JSON.parse(sessionStorage.getItem(KEY));
  if (!user) return null;
  const form = document.querySelector("#sign-in-again").content.firstElementChild.cloneNode(true);
  form.elements.email.value = user.email;
  form.elements.to.value = new URLSearchParams(location.search).get("to") ?? form.elements.to.value;
  form.querySelector("span").textContent = user.name;
  return form;
}

export function completeUserMenu() {
  const menu = document.querySelector("#user-menu[data-user]");
  if (!menu) return;
  const { email, name } = menu.dataset;
  if (email) {
    sessionStorage.setItem(KEY, JSON.stringify({ email, name }));
  } else if (!menu.querySelector("form")) {
    menu.querySelector("a").before(signInAgain() ?? "");
  }
}

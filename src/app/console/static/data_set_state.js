// The part of the page that shows the current data.
import { showClinics } from "./data_set_clinic_list.js";
import { showChanges } from "./data_set_changes.js";
import { readPart } from "./server.js";
import { updateUserMenu } from "./user_menu.js";

const find = (selector) => document.querySelector(selector);

// A seed or a restore replaces rows and ends sessions, so all that the page shows is out of date.
export async function refresh() {
  find("#state").replaceWith(document.adoptNode(await readState()));
  showLocalTime();
  showClinics();
  await showChanges();
  await updateUserMenu();
}

export async function readState() {
  const state = (await readPart("/")).querySelector("#state");
  if (!state) {
    throw new Error("The state of the database cannot be read.");
  }
  return state;
}

export function seededAt(state) {
  return state.querySelector("time")?.dateTime;
}

export function showLocalTime() {
  const time = find("#state time");
  if (time) {
    const local = new Date(time.dateTime).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    time.nextElementSibling.textContent = `(${local} local time)`;
  }
}

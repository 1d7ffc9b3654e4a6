// Notice that somebody else replaced the data set, and offer to reload the page.
import { link } from "./server.js";

const POLL_MS = 5_000;
let known; // the id of the data set that the page shows

// Return the id of the data set, null if there is none, and undefined if it is not known.
async function readSeedId() {
  try {
    const { running, seedId } = await (await fetch(link("/api/db/seed/running"))).json();
    return running ? undefined : seedId;
  } catch {
    return undefined;
  }
}

// Call this after the page itself has replaced the data set.
export async function acceptDataSet() {
  known = undefined;
  document.querySelector("#notices").replaceChildren();
  known = await readSeedId();
}

// Return whether the data set was replaced since the last time. While this page seeds, it was not.
export async function isReplaced() {
  const before = known;
  const found = isSeeding() ? undefined : await readSeedId();
  if (found === undefined || isSeeding() || known !== before) return false;
  if (found === null && before) return false; // it could not be read
  known = found;
  return before !== undefined && before !== found;
}

function isSeeding() {
  return document.querySelector("#working:not([hidden])") !== null;
}

export function notify(message) {
  const notices = document.querySelector("#notices");
  if (notices.hasChildNodes()) return;
  const notice = document.querySelector("#notice").content.cloneNode(true);
  notice.querySelector("span").textContent = message;
  notice.querySelector("button").addEventListener("click", () => location.reload());
  notices.append(notice);
}

// Ask every few seconds while the page is visible.
export async function watch(onReplaced) {
  if (document.visibilityState === "visible" && (await isReplaced())) onReplaced();
  setTimeout(watch, POLL_MS, onReplaced);
}

// Notice that somebody else replaced or restored the data set, and offer to reload the page.
import { link } from "./server.js";

const POLL_MS = 5_000;
let known; // the ids of the data set that the page shows

// Return the ids of the data set and of its state, null if there is none, and undefined if they are
// not known.
async function readIds() {
  try {
    const { running, seedId, stateId } = await (await fetch(link("/api/db/seed/running"))).json();
    if (running) return undefined;
    return seedId && { seedId, stateId };
  } catch {
    return undefined;
  }
}

// Call this after the page itself has replaced or restored the data set.
export async function acceptDataSet() {
  known = undefined;
  document.querySelector("#notices").replaceChildren();
  known = await readIds();
}

// Return what happened to the data set since the last time, or null. What this page does is not news.
export async function findNews() {
  const before = known;
  const found = isBusy() ? undefined : await readIds();
  if (found === undefined || isBusy() || known !== before) return null;
  if (found === null && before) return null; // it could not be read
  known = found;
  if (before === undefined || before?.stateId === found?.stateId) return null;
  return before?.seedId === found?.seedId ? "The data set was restored." : "The data set was replaced.";
}

// While the page seeds or restores, reloading it would lose the result.
export function isBusy() {
  return document.querySelector("#working:not([hidden]), [data-restoring]") !== null;
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
export async function watch(onNews) {
  const news = document.visibilityState === "visible" && (await findNews());
  if (news) onNews(news);
  setTimeout(watch, POLL_MS, onNews);
}

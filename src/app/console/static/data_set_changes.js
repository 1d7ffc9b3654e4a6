// The part of the page that shows snapshots, and what has changed since one of them.
import { link } from "./server.js";

const place = document.querySelector("#changes");

// Read it again, for the snapshot that was shown or for another one.
export async function showChanges(since = shownSnapshot()) {
  const wanted = new URLSearchParams({ since });
  await htmx.ajax("GET", link(`/snapshots?${wanted}`), { source: place, target: place });
}

function shownSnapshot() {
  return place.querySelector("[data-since]")?.dataset.since ?? "";
}

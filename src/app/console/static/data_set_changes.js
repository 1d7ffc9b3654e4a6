// The part of the page that shows snapshots, and what has changed since one of them.
import { showProblem } from "./data_set_result.js";
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

// Send a request about a snapshot. Return the response's JSON, or null after showing why there is none.
export async function call(method, path, problemPlace) {
  problemPlace.replaceChildren();
  try {
    const response = await fetch(link(`/api/db/snapshots${path}`), { method });
    const json = response.status === 204 ? {} : await response.json();
    if (response.ok) return json;
    show(showProblem(json), problemPlace);
  } catch {
    show(document.querySelector("#no-response").content.cloneNode(true).firstElementChild, problemPlace);
  }
  return null;
}

function show(problem, problemPlace) {
  problem.tabIndex = -1;
  problemPlace.replaceChildren(problem);
  problem.scrollIntoView({ block: "nearest" });
  problem.focus({ preventScroll: true });
}

// Requests that change the database, and what is wrong with them.
import { showProblem } from "./data_set_result.js";
import { link } from "./server.js";

// Return the JSON of the response, or null after showing in `problemPlace` why there is none.
export async function call(method, path, problemPlace, body) {
  problemPlace.replaceChildren();
  const json = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const response = await fetch(link(`/api/db${path}`), { method, ...json });
    const content = response.status === 204 ? {} : await response.json();
    if (response.ok) return content;
    show(showProblem(content), problemPlace);
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

// Sets the test clock. The page is read again, because most of it depends on the time.
import { call } from "./database_call.js";
import { checkInline, isValid } from "./forms.js";

const form = document.querySelector("#clock form");
const problem = document.querySelector("#clock-problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!isValid(form)) return;
  const { now, isFrozen } = form.elements;
  const body = { now: new Date(now.valueAsNumber).toISOString(), isFrozen: isFrozen.checked };
  if (await call("PUT", "/clock", problem, body)) location.reload();
});

document.querySelector("#clock-off")?.addEventListener("click", async () => {
  if (await call("DELETE", "/clock", problem)) location.reload();
});

checkInline(form);
form.querySelector("button").disabled = false; // without this script it does nothing

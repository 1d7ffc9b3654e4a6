// What holds for every page: it says when the server does not answer, and whom one acts as.
const trouble = document.querySelector("#trouble");

// In a dialog where its answer would be, for the rest of the page is out of reach meanwhile.
document.addEventListener("htmx:error", ({ detail }) => {
  const target = detail.ctx?.target;
  const place = target?.closest?.("dialog") ? target : trouble;
  place.replaceChildren(document.querySelector("#no-answer").content.cloneNode(true));
});
document.addEventListener("htmx:after:request", () => trouble.replaceChildren());

// Another tab may have made one somebody else: what stands here would no longer be theirs.
addEventListener("focus", async () => {
  const answer = await fetch("/people/who", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [before, now] = [document, fresh].map((page) => page.querySelector(".who")?.dataset.who);
  if (now === undefined || now === before) return; // a refusal does not say who one is
  // To leave the page would cancel a seed that runs in it, which itself sees to the header.
  if (document.querySelector("#working:not([hidden])")) return;
  location.reload();
});

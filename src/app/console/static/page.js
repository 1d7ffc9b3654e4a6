// What holds for every page: it says when the server does not answer, and whom one acts as.
const trouble = document.querySelector("#trouble");

// In a dialog where its answer would be, for the rest of the page is out of reach meanwhile.
document.addEventListener("htmx:error", ({ detail }) => {
  const target = detail.ctx?.target;
  const place = target?.closest?.("dialog") ? target : trouble;
  place.replaceChildren(document.querySelector("#no-answer").content.cloneNode(true));
});
document.addEventListener("htmx:after:request", () => trouble.replaceChildren());

// A path of this server, wherever a proxy serves it: this file is in the folder `console` of it.
const root = new URL("..", import.meta.url).pathname;
export function link(path) {
  return root + path.slice(1);
}

// A part of a page, as the server makes it for whoever has the rest.
export async function readPart(path, { headers, ...asked } = {}) {
  const answer = await fetch(link(path), { ...asked, headers: { "HX-Request": "true", ...headers } });
  if (!answer.ok) {
    throw new Error(`The part ${path} cannot be read.`);
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// The part that names the signed-in user, if that is another one now; a refusal names nobody.
export async function findOtherWho() {
  const now = (await readPart("/people/who")).querySelector(".who");
  const before = document.querySelector(".who"); // null until htmx has loaded it
  return before && now?.dataset.who !== before.dataset.who ? now : null;
}

// Another tab may have made one somebody else: what stands here would no longer be theirs.
addEventListener("focus", async () => {
  const other = await findOtherWho().catch(() => null);
  // To leave the page would cancel a seed that runs in it, which itself sees to the header.
  if (other && !document.querySelector("#working:not([hidden])")) location.reload();
});

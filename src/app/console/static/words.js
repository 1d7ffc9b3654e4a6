// Numbers, names and messages as people write them. `templating.py` has the same for the server.
export function number(value) {
  return Math.round(value).toLocaleString("en");
}

// `plansPerPatient` and `treatment_plans` become "plans per patient" and "treatment plans".
export function inWords(name) {
  return name.replace(/_|(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

export function counted(count, kind) {
  const words = inWords(kind);
  const one = words === "people" ? "person" : words.replace(/s$/, "");
  return `${number(count)} ${count === 1 ? one : words}`;
}

// A message of the API as a sentence: without backticks, and without the value before it.
export function plain(text) {
  const words = text.replaceAll("`", "").replace(/^\([^)]*\) /, "").replace(/\b[a-z]+(?:[A-Z][a-z]+)+\b/g, inWords);
  return words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$|^$/.test(words) ? "" : ".");
}

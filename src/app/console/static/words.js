// Numbers and names as people write them; `templating.py` has the same filters for the server.
export function number(value) {
  return Math.round(value).toLocaleString("en");
}

// `plansPerPatient` and `treatment_plans` become "plans per patient" and "treatment plans".
export function inWords(name) {
  return name.replace(/_|(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

export function counted(count, kind) {
  const words = inWords(kind);
  return `${number(count)} ${count === 1 ? words.replace(/s$/, "") : words}`;
}

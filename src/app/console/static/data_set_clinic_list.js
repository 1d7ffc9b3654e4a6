// The clinics that this tab has added since the last seed, with their people and no tokens.
import { account, copy } from "./data_set_result.js";

const KEY = "seedbed-clinics";
const list = document.querySelector("#clinic-list");

export function showClinics() {
  list.replaceChildren(...readClinics().map(card));
}

export function findClinic(id) {
  return readClinics().find((clinic) => clinic.id === id);
}

// Take the response to `POST /api/db/clinics`; return the clinics, of which a few scenarios have several.
export function keepClinics({ scenario, otherClinics, ...first }) {
  const added = [first, ...otherClinics].map(({ organization: { id, name }, users }) => ({
    id,
    name,
    scenario,
    seededAt: lastSeed(),
    users: users.map(({ name, role, organization, email }) => ({ name, role, organization, email })),
  }));
  writeClinics([...added, ...readClinics()]);
  return added;
}

export function dropClinic(id) {
  writeClinics(readClinics().filter((clinic) => clinic.id !== id));
}

function readClinics() {
  const clinics = JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  return clinics.filter(({ seededAt }) => seededAt === lastSeed());
}

function writeClinics(clinics) {
  sessionStorage.setItem(KEY, JSON.stringify(clinics));
}

function lastSeed() {
  return document.querySelector("#state time")?.dateTime ?? null;
}

function card({ id, name, scenario, users }) {
  const article = copy("#clinic");
  for (const place of article.querySelectorAll("[data-field=name]")) place.textContent = name;
  article.querySelector("[data-field=scenario]").textContent = scenario;
  article.querySelector("header button").dataset.remove = id;
  article.querySelector("[data-field=users]").replaceChildren(...users.map(account));
  return article;
}

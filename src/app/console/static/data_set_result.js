// Shows how a seed ended: its summary, or the problem that stopped it. Values are set as text only.
import { counted, plain } from "./words.js";

const SHOWN_USERS = 10;

export function showSummary(summary) {
  const article = copy("#finished");
  article.querySelector(`[data-committed="${!summary.committed}"]`).remove();
  if (summary.committed) {
    showAccounts(article, summary);
  } else {
    fieldOf(article, "details").open = true;
  }
  for (const list of ["dropped", "scenarios"]) {
    for (const part of article.querySelectorAll(`[data-if=${list}]`)) part.hidden = summary[list].length === 0;
  }
  const texts = {
    reset: summary.reset,
    rules: summary.checks.length,
    seconds: (summary.durationMs.total / 1000).toFixed(2),
    fingerprint: summary.fingerprint,
  };
  const lists = {
    deleted: Object.entries(summary.deleted).filter(([, count]) => count).map(countedItem),
    dropped: summary.dropped.map((name) => item(name)),
    created: Object.entries(summary.created).map(([kind, { count }]) => countedItem([kind, count])),
    scenarios: summary.scenarios.map(scenarioItem),
    checks: summary.checks.map(({ rule, rows }) => item(`${rule} `, small(`(${counted(rows, "rows")})`))),
  };
  for (const [name, text] of Object.entries(texts)) {
    fieldOf(article, name).textContent = text;
  }
  for (const [name, items] of Object.entries(lists)) {
    if (items.length) {
      fieldOf(article, name).replaceChildren(...items); // otherwise the default text "0 rows" stays
    }
  }
  return article;
}

function showAccounts(article, { created, signIn: { password, users } }) {
  fieldOf(article, "password").textContent = password;
  fieldOf(article, "copy-password").dataset.copy = password;
  const ordinary = users.filter(({ scenario }) => !scenario);
  const ofScenarios = users.filter(({ scenario }) => scenario);
  const count = created.users.count + ofScenarios.length;
  fieldOf(article, "people").textContent = counted(count, "people");
  const shown = [...ordinary.slice(0, SHOWN_USERS), ...firstOfEach(ofScenarios)];
  fieldOf(article, "users").replaceChildren(...shown.map(account));
}

// Return the first user of each clinic: its owner.
function firstOfEach(users) {
  const byClinic = Map.groupBy(users, ({ organizationId }) => organizationId);
  return [...byClinic.values()].map(([owner]) => owner);
}

export function account(user) {
  const row = copy("#account");
  if (user.scenario) user = { ...user, organization: `${user.organization} (${user.scenario})` };
  for (const name of ["name", "role", "organization", "email"]) {
    for (const place of row.querySelectorAll(`[data-field=${name}]`)) place.textContent = user[name];
  }
  row.querySelector("[name=email]").value = user.email;
  row.querySelector("[data-copy]").dataset.copy = user.email;
  return row;
}

export function showProblem({ status, title, detail, reasons = [], violations = [] }) {
  const article = copy("#failed");
  article.dataset.status = status;
  fieldOf(article, "title").textContent = title;
  if (reasons.length === 0) {
    fieldOf(article, "detail").textContent = plain(detail);
  }
  fill(article, "reasons", reasons.map(({ reason, remedy }) => item(strong(plain(reason)), ` ${plain(remedy)}`)));
  fill(article, "violations", violations.flatMap(({ rule, rows }) => [
    element("dt", rule),
    element("dd", rows.join(", ")),
  ]));
  return article;
}

export function copy(template) {
  return document.querySelector(template).content.firstElementChild.cloneNode(true);
}

function fill(article, name, items) {
  const list = fieldOf(article, name);
  list.replaceChildren(...items);
  list.hidden = items.length === 0;
}

function fieldOf(article, name) {
  return article.querySelector(`[data-field=${name}]`);
}

function countedItem([kind, count]) {
  return item(counted(count, kind));
}

function scenarioItem({ name, organizations, created, checks }) {
  const rows = Object.values(created).reduce((sum, count) => sum + count, 0);
  const clinics = organizations.map((clinic) => clinic.name).join(", ");
  return item(`${name}: ${clinics} `, small(`(${counted(rows, "rows")}, ${counted(checks.length, "rules")} checked)`));
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

const item = (...content) => element("li", ...content);
const small = (text) => element("small", text);
const strong = (text) => element("strong", text);

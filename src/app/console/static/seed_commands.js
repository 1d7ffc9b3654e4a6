// The request that the form describes, and the commands that send the same.
import { addressOf, quoted } from "./copying.js";

// Return the quantities that differ from their defaults, which are the placeholders.
export function readRequest(form) {
  const fields = new FormData(form);
  const quantities = {};
  for (const { name, type, value, placeholder } of form.querySelectorAll(".fields input")) {
    if (value !== "" && value !== placeholder) {
      quantities[name] = type === "number" ? Number(value) : value;
    }
  }
  const scenarios = fields.getAll("scenarios");
  if (scenarios.length) quantities.scenarios = scenarios;
  return { reset: fields.get("reset"), isDry: fields.has("dryRun"), quantities };
}

export function pathOf({ reset, isDry }) {
  const query = new URLSearchParams();
  if (reset !== "delete") query.set("reset", reset);
  if (isDry) query.set("dryRun", "true");
  return query.size ? `/api/db/seed?${query}` : "/api/db/seed";
}

export function curlCommand(request) {
  const command = `curl -X POST ${quoted(addressOf(pathOf(request)))}`;
  if (Object.keys(request.quantities).length === 0) return command;
  return `${command} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(request.quantities))}`;
}

export function justCommand({ reset, isDry, quantities }) {
  const { scenarios = [], ...numbers } = quantities;
  const options = Object.entries(numbers).map(
    ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`,
  );
  options.push(...scenarios.map((name) => `--scenario ${name}`));
  if (reset !== "delete") options.unshift(`--reset ${reset}`);
  if (isDry) options.push("--dry-run");
  return ["uv run just seed", ...options].join(" ");
}

// Every endpoint that the client can call, by the package's own list: those that no step has
// called, and those that are not configured.
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { bearer, organization } from "better-auth/plugins";
import { Person } from "./people.mjs";

const ALL = { teams: { enabled: true }, dynamicAccessControl: { enabled: true } };
const SOCIAL = { provider: "google" };
const EMAIL = { email: "rest@example.com" };
const ACCOUNT = { accountId: "no-such-id" };
const NEW_PASSWORD = { newPassword: "another passphrase" };
// By path, what is sent: a query for GET, or else a body.
const SAMPLES = {
  "/sign-in/social": [SOCIAL, { ...SOCIAL, callbackURL: "//evil.example" }, { provider: 5 }],
  "/link-social": [SOCIAL, { ...SOCIAL, errorCallbackURL: "//evil.example" }],
  "/request-password-reset": [EMAIL, { ...EMAIL, redirectTo: "/new" }, { ...EMAIL, redirectTo: "//evil.example" }, { email: "x" }],
  "/reset-password": [NEW_PASSWORD, { ...NEW_PASSWORD, token: "x" }, { newPassword: "short", token: "x" }, { newPassword: "short" }],
  "/reset-password/:token": [{ callbackURL: "/new" }, { callbackURL: "//evil.example" }],
  "/send-verification-email": [EMAIL, { email: 5 }],
  "/verify-email": [{ token: "x" }, { token: "x", callbackURL: "//evil.example" }, { token: "x", callbackURL: "/new" }],
  "/change-email": [{ newEmail: "new@example.com" }, { newEmail: "x" }],
  "/delete-user": [{ password: "x" }, { token: "x" }, { password: 5 }],
  "/delete-user/callback": [{ token: "x" }],
  "/unlink-account": [ACCOUNT],
  "/refresh-token": [ACCOUNT, { useAccountCookie: true }, { ...ACCOUNT, useAccountCookie: true }, { ...ACCOUNT, colour: 1 }],
  "/get-access-token": [ACCOUNT, { useAccountCookie: false }],
  "/account-info": [ACCOUNT, { useAccountCookie: true }],
  "/update-session": [{ theme: "dark" }, { activeOrganizationId: "x" }, { activeOrganizationId: null }],
};

// Return `{ method, path }` of each endpoint, including those of teams and custom roles.
export function endpoints() {
  const auth = betterAuth({
    baseURL: "http://localhost",
    secret: "Only for a list of endpoints: 5f1f7c9c-5c0f-4a0e-8b7e-3f4d1f0c2a6b",
    database: new DatabaseSync(":memory:"),
    emailAndPassword: { enabled: true },
    plugins: [organization(ALL), bearer()],
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
  return Object.values(auth.api)
    .filter(({ path, options }) => path && !options.metadata?.SERVER_ONLY)
    .flatMap(({ path, options }) => [options.method].flat().map((method) => ({ method, path })));
}

export async function callingTheRest({ has, step, observe }, { base, nobody }) {
  const person = new Person(base, { name: "Rest", email: EMAIL.email });
  await step("person who calls the rest signs up", person, (p) => p.signUp());
  const all = endpoints();
  const rest = all.filter(({ method, path }) => path in SAMPLES || !has(`${method} ${path}`));
  for (const { method, path } of rest)
    for (const sent of [{}, ...(SAMPLES[path] ?? [])]) {
      const name = `rest: ${method} ${path} ${JSON.stringify(sent)}`;
      await step(name, person, ({ client }) => calling(client, method, path, sent));
      await step(`${name}, nobody`, nobody, ({ client }) => calling(client, method, path, sent));
    }
  for (const path of new Set(all.map((endpoint) => endpoint.path)))
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
      if (!all.some((endpoint) => endpoint.path === path && endpoint.method === method))
        await step(`wrong method: ${method} ${path}`, person, ({ client }) => calling(client, method, path, {}));
  for (const path of ["/no-such-path", "/organization", "/sign-in", "/forget-password", "/organization/create/x"])
    for (const method of ["GET", "POST"])
      await step(`unknown path: ${method} ${path}`, person, ({ client }) => calling(client, method, path, {}));
  observe("all endpoints", all.map(({ method, path }) => `${method} ${path}`));
}

// `client.signIn.social(…)` for "/sign-in/social", as a front end would.
function calling(client, method, path, sent) {
  const names = path.replace(/:\w+/, "x").slice(1).split("/").map((name) =>
    name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()));
  const call = names.reduce((proxy, name) => proxy[name], client);
  return call({ ...(method === "GET" ? { query: sent } : sent), fetchOptions: { method } });
}

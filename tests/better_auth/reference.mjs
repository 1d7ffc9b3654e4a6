// Better Auth itself on loopback, with a database in memory, set up as the contract describes ours.
// `POST /age?email=…` is only for the tests. Prints its URL when it is ready; ends with its standard input, by SIGTERM, or after ten minutes.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { bearer, organization } from "better-auth/plugins";

const MINUTES = 10;

const database = new DatabaseSync(":memory:");

async function activateFirstOrganization(session) {
  const first = database
    .prepare('SELECT "organizationId" FROM "member" WHERE "userId" = ? ORDER BY "createdAt"')
    .get(session.userId);
  return { data: { ...session, activeOrganizationId: first?.organizationId ?? null } };
}

// Hashing is what this server would be slow at. Of it the client sees only that passwords are
// normalized first.
const unhashed = async (password) => password.normalize("NFKC");
const isPassword = async ({ hash, password }) => hash === await unhashed(password);

async function checkNormalization() {
  const hash = await hashPassword("\u00c4 \ufb01");
  if (!await verifyPassword({ hash, password: "A\u0308 fi" })) throw new Error("No NFKC any more");
}

// Two days pass for the sessions of an address, and its invitations expire.
function age(email) {
  const at = (days) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
  database.prepare('UPDATE "invitation" SET "expiresAt" = ? WHERE "email" = ?').run(at(1), email);
  database.prepare(
    'UPDATE "session" SET "createdAt" = ? WHERE "userId" = (SELECT "id" FROM "user" WHERE "email" = ?)',
  ).run(at(2), email);
}

function reference(baseURL) {
  return betterAuth({
    baseURL,
    secret: "Only for these tests: 7d1e0f52-93b4-4c8a-a6e5-2b1c0d9f8e73",
    database,
    emailAndPassword: { enabled: true, password: { hash: unhashed, verify: isPassword } },
    user: {
      additionalFields: {
        firstName: { type: "string", required: false },
        lastName: { type: "string", required: false },
        licenseNumber: { type: "string", required: false },
        specialization: { type: "string[]", required: false, defaultValue: [] },
        phoneNumbers: { type: "json", required: false, defaultValue: [] },
      },
    },
    plugins: [organization(), bearer()],
    databaseHooks: { session: { create: { before: activateFirstOrganization } } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
}

async function answerAt(server) {
  const url = `http://127.0.0.1:${server.address().port}`;
  const auth = reference(url);
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  await checkNormalization();
  const handler = toNodeHandler(auth);
  server.on("request", (request, response) => {
    const { pathname, searchParams } = new URL(request.url, url);
    if (pathname !== "/age") return handler(request, response);
    age(searchParams.get("email"));
    return response.end();
  });
  console.log(url);
}

const server = createServer();
server.listen(0, "127.0.0.1", () => answerAt(server));
const end = () => process.exit(0);
process.on("SIGTERM", end);
process.stdin.on("end", end).resume();
setTimeout(end, MINUTES * 60_000).unref();

// Signing up, in and out, and what a session is: by cookie and by token.
import { PASSWORD, Person } from "./people.mjs";

const OWN_FIELDS = {
  firstName: "Olive",
  lastName: "O’Hara",
  licenseNumber: "PHY0001234567",
  specialization: ["Sports", "Paediatrics"],
  phoneNumbers: [{ number: "(03) 7010 0001", category: "mobile" }],
};

export async function signingUp({ step, observe }, { base, owner, stranger }) {
  await step("owner signs up with all own fields", owner, (p) => p.signUp(OWN_FIELDS));
  observe("cookies after signing up", cookies(owner));
  observe("header with the token after signing up", owner.browser.hasTokenHeader);
  const current = await step("session after signing up", owner, ({ client }) => client.getSession());
  observe("life of the session as the client reads it", lifeOf(current.session));
  await step("stranger signs up with nothing but what is needed", stranger, (p) => p.signUp());

  // Each with another address: what one server refuses, another may accept.
  let newcomers = 0;
  const newcomer = () => new Person(base, { name: "New Comer", email: `new${++newcomers}@example.com` });
  const signUp = (name, fields) => step(`sign-up: ${name}`, newcomer(), (p) => p.signUp(fields));
  await signUp("address taken", { email: owner.email });
  await signUp("address taken, in capitals", { email: owner.email.toUpperCase() });
  await signUp("password of 7", { password: "7777777" });
  await signUp("password of 129", { password: "p".repeat(129) });
  await signUp("empty password", { password: "" });
  await signUp("no password", { password: undefined });
  await signUp("password is a number", { password: 12345678 });
  await signUp("no address", { email: undefined });
  await signUp("no such thing as an address", { email: "newcomer" });
  await signUp("address is a number", { email: 5 });
  await signUp("no name", { name: undefined });
  await signUp("name is a number", { name: 5 });
  await signUp("image is null", { image: null });
  await signUp("licence is a number", { licenseNumber: 5 });
  await signUp("specialization is a text", { specialization: "Sports" });
  await signUp("rememberMe is a text", { rememberMe: "yes" });
  await signUp("says that its address is verified", { emailVerified: true });
  await step("sign-up: nothing at all", newcomer(), (p) => p.send("/sign-up/email", {}));
  await signUp("password of 8", { password: "88888888" });
  await signUp("password of 128", { password: "p".repeat(128) });
  await signUp("unknown field", { nickname: "Bo" });
  await signUp("address in capitals", { email: "CAPITALS@Example.COM" });
  await signUp("image", { image: "https://example.com/i.png" });
  await signUp("empty name", { name: "" });
  await signUp("own fields are null", {
    firstName: null, lastName: null, licenseNumber: null, specialization: null, phoneNumbers: null,
  });
  await signUp("own fields are empty", { firstName: "", lastName: "", licenseNumber: "" });
  const forgotten = newcomer();
  await step("sign-up: not to be remembered", forgotten, (p) => p.signUp({ rememberMe: false }));
  observe("session cookie of who is not to be remembered", cookies(forgotten)[SESSION_COOKIE]);
}

export async function signingIn({ step, observe }, { base, owner }) {
  const guest = new Person(base, owner);
  const signIn = (name, fields) => step(name, guest, (p) => p.signIn(fields));
  await signIn("sign-in: wrong password", { password: "another passphrase" });
  await signIn("sign-in: unknown address", { email: "nobody@example.com" });
  await signIn("sign-in: no such thing as an address", { email: "nobody" });
  await signIn("sign-in: password of 129", { password: "p".repeat(129) });
  await signIn("sign-in: empty password", { password: "" });
  await signIn("sign-in: no password", { password: undefined });
  await signIn("sign-in: password is a number", { password: 5 });
  await signIn("sign-in: no address", { email: undefined });
  await signIn("sign-in: address is a number", { email: 5 });
  await signIn("sign-in: rememberMe is a text", { rememberMe: "yes" });
  await step("sign-in: nothing at all", guest, (p) => p.send("/sign-in/email", {}));
  observe("cookies after refused sign-ins", cookies(guest));
  await signIn("sign-in", {});
  observe("cookies after signing in", cookies(guest));
  observe("header with the token after signing in", guest.browser.hasTokenHeader);
  await signIn("sign-in: address in capitals", { email: owner.email.toUpperCase() });
  await signIn("sign-in: unknown field", { nickname: "Bo" });
  await signIn("sign-in: with a page to go to", { callbackURL: "/clinic" });
  await signIn("sign-in: not to be remembered", { rememberMe: false });
  observe("session cookie that is not to be remembered", cookies(guest)[SESSION_COOKIE]);
  const current = await step("session that is not to be remembered", guest, ({ client }) =>
    client.getSession());
  observe("life of the session that is not to be remembered", lifeOf(current.session));
}

// `{base}` is the URL of the server.
const RETURN_ADDRESSES = [
  "/clinic", "/search?q=foo bar", "/search?q=%5C", "/#%2f", "/pati\u00ebnten", "/..//clinic", "/ ",
  "{base}", "{base}/clinic", "{base}?x=1", "{base}#x", "{base}/a b", "{base}/%5C/x", "{base}\\@evil.example",
];
const HOSTILE_ADDRESSES = [
  "clinic", "//evil.example", "/\\evil.example", "/%5C/evil.example", "/%5cevil.example",
  "/%2F/evil.example", "/x%2fy", "/search?q=\\", "/\t/evil.example", "/x?y\n", "/\u007f", "/\u0085",
  "https://evil.example/", "http:evil.example", "{base}@evil.example", "{base}.evil.example", "{base}0/",
  "blob:{base}/x", "javascript:alert(1)", "http://[::1", "http://evil.example\\{base}",
];

// Which fields are checked, in which calls.
const HOSTILE_FIELDS = [
  ["/sign-in/email", "redirectTo"], ["/sign-in/email", "errorCallbackURL"], ["/sign-in/email", "newUserCallbackURL"],
  ["/sign-up/email", "callbackURL"], ["/sign-up/email", "errorCallbackURL"],
  ["/update-user", "callbackURL"], ["/organization/create", "redirectTo"], ["/sign-out", "callbackURL"],
];

export async function returning({ step, observe }, { base, owner }) {
  const guest = new Person(base, owner);
  for (const address of [...RETURN_ADDRESSES, ...HOSTILE_ADDRESSES]) {
    const { error } = await guest.signIn({ callbackURL: address.replaceAll("{base}", base) });
    observe(`sign-in: returns to ${JSON.stringify(address)}`, error ? error.code : "signed in");
  }
  for (const [path, field] of HOSTILE_FIELDS)
    await step(`hostile ${field}: ${path}`, guest, (p) => p.send(path, { [field]: "//evil.example" }));
  await step("hostile callbackURL in the query", guest, (p) =>
    p.client.$fetch("/update-user", { method: "POST", body: { name: "X" }, query: { callbackURL: "//evil.example" } }));
  await step("callbackURL is a number", guest, (p) => p.send("/update-user", { name: "X", callbackURL: 5 }));
  await step("empty callbackURL", guest, (p) => p.signIn({ callbackURL: "" }));
}

export async function sendingOtherMediaTypes({ step }, { base, nobody }) {
  const email = "form@example.com";
  const guest = new Person(base, { name: "Fay Form", email });
  await step("guest with a form signs up", guest, (p) => p.signUp());
  const send = (name, path, type, body) =>
    step(`${path}: ${name}`, guest, (p) => p.sendAs(type, `/${path}`, body));
  const json = JSON.stringify({ email, password: PASSWORD });
  await send("as JSON, in capitals", "sign-in/email", "Application/JSON; Charset=UTF-8", json);
  await send("as text", "sign-in/email", "text/plain", json);
  await send("as several types", "sign-in/email", "application/json, text/plain", json);
  await send("as other JSON", "sign-in/email", "application/problem+json", json);
  await send("as a form with files", "sign-in/email", "multipart/form-data; boundary=x", "--x--");
  await send("as a form", "sign-in/email", "application/x-www-form-urlencoded",
    new URLSearchParams({ email, password: PASSWORD }).toString());
  await send("as a form", "sign-up/email", "application/x-www-form-urlencoded",
    new URLSearchParams({ name: "Second Form", email: "form2@example.com", password: PASSWORD }).toString());
  await send("as text", "update-user", "text/plain", "{}");
  await send("as text", "organization/create", "text/plain", "{}");
  await send("as a form", "organization/create", "application/x-www-form-urlencoded", "name=A&slug=a");
  await send("without a type", "organization/create", "", '{"name": "A", "slug": "a"}');
  await send("as text, but empty", "sign-out", "text/plain", "");
  await send("as text", "sign-out", "text/plain", "x");
  await step("sign-out: without a type", nobody, (p) => p.sendAs("", "/sign-out", "{}"));
}

export async function signingOut({ step, observe }, { base, nobody, owner }) {
  const guest = new Person(base, owner);
  const { token } = await step("guest signs in", guest, (p) => p.signIn());
  const bearer = new Person(base, { auth: { type: "Bearer", token } });
  await step("session by token", bearer, ({ client }) => client.getSession());
  await step("sessions by token are listed", bearer, ({ client }) => client.listSessions());
  observe("cookies of whoever comes by token", cookies(bearer));
  await step("guest signs out", guest, ({ client }) => client.signOut());
  observe("cookies after signing out", cookies(guest));
  await step("session after signing out", guest, ({ client }) => client.getSession());
  await step("session by token after signing out", bearer, ({ client }) => client.getSession());
  await step("sign-out without a session", nobody, ({ client }) => client.signOut());
  await step("session of nobody", nobody, ({ client }) => client.getSession());
  observe("cookies after a session that is over", cookies(guest));
  const liar = new Person(base, { auth: { type: "Bearer", token: "no-such-token" } });
  await step("session by a token that is none", liar, ({ client }) => client.getSession());
}

// A bearer token beside the cookie of somebody who is signed in.
export async function sendingTwoCredentials({ step }, { base, owner, stranger }) {
  const guest = new Person(base, owner);
  await step("guest with a cookie signs in", guest, (p) => p.signIn());
  const { data: { token } } = await new Person(base, stranger).signIn();
  const TOKENS = {
    "with a dot": "invalid.token", "with two dots": "a.b.c", "percent-encoded": "a%2Eb", "of somebody else": token,
    "without a dot": "no-such-token",
  };
  const gone = new Person(base, stranger);
  TOKENS["whose session has ended"] = (await gone.signIn()).data.token;
  await gone.client.signOut();
  for (const [name, value] of Object.entries(TOKENS)) {
    await guest.signIn();
    const both = new Person(base, { auth: { type: "Bearer", token: value } }, guest.browser);
    await step(`two credentials: session, token ${name}`, both, ({ client }) => client.getSession());
    await step(`two credentials: list, token ${name}`, both, ({ organization }) => organization.list());
  }
}

export const SESSION_COOKIE = "better-auth.session_token";

export function cookies({ browser }) {
  return Object.fromEntries([...browser.cookies].map(([name, { attributes }]) => [name, attributes]));
}

// The client's reader of dates takes the digits behind the point for milliseconds, however many.
function lifeOf({ createdAt, expiresAt }) {
  return {
    beginsNow: Math.abs(createdAt - new Date()) < 10_000,
    days: Math.round((expiresAt - createdAt) / (24 * 60 * 60 * 1000)),
  };
}

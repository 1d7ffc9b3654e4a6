// Passwords as different keyboards send them, and what users can read about themselves.
import { PASSWORD, Person } from "./people.mjs";

const [COMPOSED, DECOMPOSED] = ["NFC", "NFD"].map((form) => "P\u00e4ssw\u00f6rd1".normalize(form));
const KEYBOARDS = {
  "composed and decomposed": [COMPOSED, DECOMPOSED],
  "decomposed and composed": [DECOMPOSED, COMPOSED],
  "half and full width": ["Password123", "\uff30\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13"],
  ligature: ["office fish", "o\ufb03ce \ufb01sh"],
  "another letter": [COMPOSED, "Passw\u00f6rd1"],
};
const LENGTHS = {
  "7 letters, decomposed": "\u00e4".repeat(7).normalize("NFD"),
  "8 letters, decomposed": "\u00e4".repeat(8).normalize("NFD"),
  "128 letters, decomposed": "\u00e4".repeat(128).normalize("NFD"),
  "129 letters": "\u00e4".repeat(129),
  "4 emoji": "\u{1f511}".repeat(4),
  "8 emoji": "\u{1f511}".repeat(8),
  "65 emoji": "\u{1f511}".repeat(65),
  "one letter for many": "\ufdfa",
};

export async function keyboards({ step, observe }, { base }) {
  let number = 0;
  const newcomer = () => new Person(base, { name: "Kay", email: `kay${++number}@example.com` });
  for (const [name, [one, other]] of Object.entries(KEYBOARDS)) {
    const person = newcomer();
    await step(`keyboards: ${name}, sign-up`, person, (p) => p.signUp({ password: one }));
    await step(`keyboards: ${name}, sign-in`, person, (p) => p.signIn({ password: other }));
    await step(`keyboards: ${name}, verify-password`, person, ({ client }) => client.verifyPassword({ password: other }));
    await step(`keyboards: ${name}, change-password`, person, ({ client }) =>
      client.changePassword({ currentPassword: other, newPassword: `${one} new` }));
  }
  for (const [name, password] of Object.entries(LENGTHS)) {
    const { error } = await newcomer().signUp({ password });
    observe(`sign-up: password of ${name}`, error ? error.code : "signed up");
  }
}

export async function verifyingPasswords({ step }, { base }) {
  const person = new Person(base, { name: "Vera", email: "vera@example.com" });
  await step("vera signs up", person, (p) => p.signUp());
  const verify = (name, body) => step(`verify-password: ${name}`, person, (p) => p.send("/verify-password", body));
  await verify("right", { password: PASSWORD });
  await verify("wrong", { password: "another passphrase" });
  await verify("empty", { password: "" });
  await verify("of 129", { password: "p".repeat(129) });
  await verify("a number", { password: 5 });
  await verify("nothing", {});
}

export async function accounts({ step }, { base }) {
  const person = new Person(base, { name: "Acca", email: "acca@example.com" });
  await step("acca signs up", person, (p) => p.signUp());
  const [{ id: accountId }] = await step("list-accounts", person, ({ client }) => client.listAccounts());
  await step("refresh-token: of one's own account", person, ({ client }) => client.refreshToken({ accountId }));
  await step("get-access-token: of one's own account", person, ({ client }) => client.getAccessToken({ accountId }));
  await step("account-info: of one's own account", person, ({ client }) => client.accountInfo({ query: { accountId } }));
  await step("unlink-account: one's own", person, ({ client }) => client.unlinkAccount({ accountId }));
}

const ADDRESSES = [
  "a+b@example.com", "o'hara@example.com", "a_b-c.d@sub.example.com", "a@b.co",
  "j\u00f6rg@example.com", "a@m\u00fcnchen.example", "a..b@example.com", ".a@example.com", "a.@example.com",
  "a@example.c", "a@-example.com", "a@[127.0.0.1]", "(a)@example.com", "a@exam_ple.com",
  "a@example", "a b@example.com", "a@b@example.com", "@example.com", "a@", "a@.com", "a@example..com",
];

export async function addresses({ observe }, { base }) {
  for (const email of ADDRESSES) {
    const { error } = await new Person(base, { name: "Ad", email }).signUp();
    observe(`sign-up: address ${email}`, error ? error.code : "signed up");
  }
}

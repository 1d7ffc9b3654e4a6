// Sessions of several devices, and what a user may change of oneself.
import { cookies, SESSION_COOKIE } from "./account.mjs";
import { PASSWORD, Person } from "./people.mjs";

const NEW_PASSWORD = "another passphrase";

export async function sessions({ step }, { base, stranger }) {
  const laptop = new Person(base, { name: "Tess Traveller", email: "tess@example.com" });
  const phone = new Person(base, laptop);
  const is = (name, person) => step(name, person, ({ client }) => client.getSession());
  const revoke = (name, token) => step(name, laptop, ({ client }) => client.revokeSession({ token }));
  const { token } = await step("traveller signs up", laptop, (p) => p.signUp());
  await step("traveller signs in on the phone", phone, (p) => p.signIn());
  const listed = await step("sessions are listed", laptop, ({ client }) => client.listSessions());
  await revoke("revoke-session: the phone's", listed.find((s) => s.token !== token).token);
  await is("phone after its session was revoked", phone);
  await step("phone lists sessions", phone, ({ client }) => client.listSessions());
  await revoke("revoke-session: no such token", "no-such-token");
  const { data: foreign } = await stranger.client.getSession();
  await revoke("revoke-session: the stranger's", foreign.session.token);
  await is("stranger after that", stranger);
  await revoke("revoke-session: empty token", "");
  await revoke("revoke-session: token is a number", 5);
  await step("revoke-session: no token", laptop, (p) => p.send("/revoke-session", {}));

  await step("traveller signs in on the phone again", phone, (p) => p.signIn());
  await step("revoke-other-sessions", laptop, ({ client }) => client.revokeOtherSessions());
  await is("laptop after other sessions were revoked", laptop);
  await is("phone after other sessions were revoked", phone);
  await revoke("revoke-session: one's own", token);
  await is("laptop after its own session was revoked", laptop);

  await step("traveller signs in on the laptop", laptop, (p) => p.signIn());
  await step("traveller signs in on the phone once more", phone, (p) => p.signIn());
  await step("revoke-sessions", laptop, ({ client }) => client.revokeSessions());
  await is("laptop after all sessions were revoked", laptop);
  await is("phone after all sessions were revoked", phone);
}

// Better Auth asks for a session that began within a day, for some calls.
export async function ageing({ step }, { base, age }) {
  const person = new Person(base, { name: "Otto Old", email: "otto@example.com" });
  await step("otto signs up", person, (p) => p.signUp());
  await age(person.email);
  await step("old session", person, ({ client }) => client.getSession());
  await step("old session: list-sessions", person, ({ client }) => client.listSessions());
  await step("old session: unlink-account", person, ({ client }) => client.unlinkAccount({ accountId: "no-such-id" }));
  await step("old session: list-accounts", person, ({ client }) => client.listAccounts());
  await step("old session: verify-password", person, ({ client }) => client.verifyPassword({ password: PASSWORD }));
}

export async function updatingOneself({ step }, { base }) {
  const person = new Person(base, { name: "Una Update", email: "una@example.com" });
  const update = (name, fields) => step(name, person, (p) => p.send("/update-user", fields));
  const is = (name) => step(name, person, ({ client }) => client.getSession());
  await step("person to update signs up", person, (p) => p.signUp());
  await step("update-user: name", person, ({ client }) => client.updateUser({ name: "Una New" }));
  await update("update-user: own fields", {
    firstName: "Una", lastName: "New", licenseNumber: "PHY0007654321",
    specialization: ["Hands"], phoneNumbers: [{ number: "(03) 7010 0002", category: "work" }],
  });
  await update("update-user: image", { image: "https://example.com/una.png" });
  await is("session after updates");
  await update("update-user: own fields and image become null", {
    image: null, firstName: null, lastName: null, licenseNumber: null,
    specialization: null, phoneNumbers: null,
  });
  await update("update-user: own texts become empty", { firstName: "", lastName: "" });
  await update("update-user: own lists become empty", { specialization: [], phoneNumbers: [] });
  await is("session after fields were emptied");
  await update("update-user: nothing", {});
  await update("update-user: only an unknown field", { nickname: "Bo" });
  await update("update-user: name and an unknown field", { name: "Una New", nickname: "Bo" });
  await update("update-user: address", { email: "una.new@example.com" });
  await update("update-user: says that its address is verified", { emailVerified: true });
  await update("update-user: another id", { id: "no-such-id" });
  await update("update-user: name is a number", { name: 5 });
  await update("update-user: name is null", { name: null });
  await update("update-user: empty name", { name: "" });
  await update("update-user: image is a number", { image: 5 });
  await update("update-user: license is a number", { licenseNumber: 5 });
  await update("update-user: specialization is a text", { specialization: "Hands" });
  await update("update-user: a list", [1]);
}

export async function changingPassword({ step, observe }, { base }) {
  const laptop = new Person(base, { name: "Paz Word", email: "paz@example.com" });
  const phone = new Person(base, laptop);
  const passwords = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  const change = (name, fields) =>
    step(name, laptop, (p) => p.client.changePassword({ ...passwords, ...fields }));
  await step("person with a password signs up", laptop, (p) => p.signUp());
  await step("person with a password signs in on the phone", phone, (p) => p.signIn());
  await change("change-password: wrong current one", { currentPassword: "wrong passphrase" });
  await change("change-password: new one of 7", { newPassword: "7777777" });
  await change("change-password: new one of 129", { newPassword: "p".repeat(129) });
  await change("change-password: current one of 129", { currentPassword: "p".repeat(129) });
  await change("change-password: no current one", { currentPassword: undefined });
  await change("change-password: no new one", { newPassword: undefined });
  await change("change-password: new one is a number", { newPassword: 12345678 });
  await change("change-password: revokeOtherSessions is a text", { revokeOtherSessions: "yes" });
  await step("change-password: nothing at all", laptop, (p) => p.send("/change-password", {}));
  await change("change-password", {});
  const is = (name, person) => step(name, person, ({ client }) => client.getSession());
  await is("phone after the password was changed", phone);
  const guest = new Person(base, laptop);
  await step("sign-in with the old password", guest, (p) => p.signIn());
  await step("sign-in with the new password", guest, (p) => p.signIn({ password: NEW_PASSWORD }));
  await change("change-password: back, others are revoked", {
    currentPassword: NEW_PASSWORD, newPassword: PASSWORD, revokeOtherSessions: true,
  });
  await is("laptop after others were revoked with the change", laptop);
  await is("phone after others were revoked with the change", phone);
  const forgotten = new Person(base, laptop);
  await step("sign-in for a while", forgotten, (p) => p.signIn({ rememberMe: false }));
  await step("change-password: signed in for a while", forgotten, ({ client }) =>
    client.changePassword({ ...passwords, revokeOtherSessions: true }));
  observe("header with the token after changing the password", forgotten.browser.hasTokenHeader);
  observe("session cookie after changing the password", cookies(forgotten)[SESSION_COOKIE]);
}

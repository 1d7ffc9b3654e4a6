// Calls of pages of other origins, and of programs that do not say where they call from.
import { Browser, Person } from "./people.mjs";

const ORIGINS = { untrusted: "https://evil.example", null: "null", missing: undefined };

export async function callingFromOtherOrigins({ step }, { base }) {
  const person = new Person(base, { name: "Orla", email: "orla@example.com" });
  await step("orla signs up", person, (p) => p.signUp());
  for (const [name, origin] of Object.entries(ORIGINS)) {
    const at = (browser) => Object.assign(browser, { origin });
    const browser = at(new Browser(base));
    browser.cookies = new Map(person.browser.cookies);
    const signedIn = new Person(base, person, browser);
    const guest = new Person(base, person, at(new Browser(base)));
    await step(`origin ${name}: get-session`, signedIn, ({ client }) => client.getSession());
    await step(`origin ${name}: update-user`, signedIn, ({ client }) => client.updateUser({ name: "Orla II" }));
    await step(`origin ${name}: create`, signedIn, (p) => p.send("/organization/create", {}));
    await step(`origin ${name}: sign-in`, guest, (p) => p.signIn());
    const nobody = new Person(base, {}, at(new Browser(base)));
    await step(`origin ${name}: nobody's update-user`, nobody, ({ client }) => client.updateUser({ name: "No" }));
    await step(`origin ${name}: nobody's sign-out`, nobody, ({ client }) => client.signOut());
  }
}

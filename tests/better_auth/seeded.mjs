// node seeded.mjs BASE_URL PASSWORD USERS: what each of these users sees, as JSON.
// A user of the JSON list USERS with a `cookie` has a session already. The others sign in.
import { Person } from "./scenario/people.mjs";

async function seenBy(person, password, cookie) {
  const got = async (call) => {
    const { data, error } = await call;
    if (error) throw new Error(`${person.email}: ${JSON.stringify(error)}`);
    return data;
  };
  if (cookie) person.browser.cookies.set(cookie.name, { value: cookie.value });
  else await got(person.signIn({ password }));
  const seen = {
    current: await got(person.client.getSession()),
    organizations: await got(person.organization.list()),
    active: await got(person.organization.getFullOrganization()),
    ...await got(person.organization.getActiveMemberRole()),
  };
  await got(person.client.signOut());
  return seen;
}

const [base, password, users] = process.argv.slice(2);
const all = [];
for (const { email, cookie } of JSON.parse(users)) {
  all.push(await seenBy(new Person(base, { email }), password, cookie));
}
console.log(JSON.stringify(all));

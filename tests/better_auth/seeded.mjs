// node seeded.mjs BASE_URL PASSWORD EMAIL…: what each of these users sees after signing in, as JSON.
import { Person } from "./scenario/people.mjs";

async function seenBy(person, password) {
  const got = async (call) => {
    const { data, error } = await call;
    if (error) throw new Error(`${person.email}: ${JSON.stringify(error)}`);
    return data;
  };
  await got(person.signIn({ password }));
  const seen = {
    current: await got(person.client.getSession()),
    organizations: await got(person.organization.list()),
    active: await got(person.organization.getFullOrganization()),
    ...await got(person.organization.getActiveMemberRole()),
  };
  await got(person.client.signOut());
  return seen;
}

const [base, password, ...emails] = process.argv.slice(2);
const all = [];
for (const email of emails) all.push(await seenBy(new Person(base, { email }), password));
console.log(JSON.stringify(all));

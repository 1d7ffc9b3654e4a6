// node scenario.mjs BASE_URL AGE_URL: what Better Auth's client gets from a server, as JSON on standard output.
import {
  returning, sendingOtherMediaTypes, sendingTwoCredentials, signingIn, signingOut, signingUp,
} from "./scenario/account.mjs";
import { callingTheRest } from "./scenario/endpoints.mjs";
import { hooks } from "./scenario/hooks.mjs";
import {
  accepting, cancellingOddly, declining, expiring, inviting, invitingOddly, readingInvitations, invitingAndGoing,
} from "./scenario/invitations.mjs";
import { beingMember, changingRoles, filtering, leaving, listing, removing } from "./scenario/members.mjs";
import { callsByNobody } from "./scenario/nobody.mjs";
import {
  beginningSomewhere, checkingSlugs, creating, creatingOddly, deleting, reading, settingActive,
  updating, updatingByRole,
} from "./scenario/organizations.mjs";
import { callingFromOtherOrigins } from "./scenario/origins.mjs";
import { accounts, addresses, keyboards, verifyingPasswords } from "./scenario/passwords.mjs";
import { Person } from "./scenario/people.mjs";
import { permissions } from "./scenario/permissions.mjs";
import { ageing, changingPassword, sessions, updatingOneself } from "./scenario/sessions.mjs";
import { Transcript } from "./scenario/transcript.mjs";

const SECTIONS = [
  callsByNobody, signingUp, signingIn, returning, sendingOtherMediaTypes, signingOut, sendingTwoCredentials,
  sessions, updatingOneself, changingPassword,
  keyboards, verifyingPasswords, accounts, addresses, callingFromOtherOrigins,
  creating, creatingOddly, checkingSlugs, settingActive, beginningSomewhere,
  reading, updating,
  inviting, invitingOddly, readingInvitations, accepting, declining,
  listing, filtering, beingMember, updatingByRole, permissions, hooks, cancellingOddly,
  changingRoles, removing, leaving, deleting, invitingAndGoing, expiring, ageing,
  callingTheRest,
];

const [base, ageUrl] = process.argv.slice(2);

// Two days pass for the sessions of an address, and its invitations expire.
async function age(email) {
  const answer = await fetch(`${ageUrl}?${new URLSearchParams({ email })}`, { method: "POST" });
  if (!answer.ok) throw new Error(`${email} does not age: ${answer.status}`);
}

const person = (name, email) => new Person(base, { name, email });
const world = {
  base,
  age,
  nobody: person("No Body", "nobody@example.com"),
  owner: person("Olive O’Hara", "olive@example.com"),
  secondOwner: person("Oscar Second", "oscar@example.com"),
  admin: person("Ada Admin", "ada@example.com"),
  member: person("Mia Member", "mia@example.com"),
  stranger: person("Sam Stranger", "sam@example.com"),
};

const transcript = new Transcript();
try {
  for (const section of SECTIONS) await section(transcript, world);
} catch (error) {
  console.error("After", transcript.last, "came", error);
  process.exitCode = 1;
}
process.stdout.write(`${transcript}\n`);

// node scenario.mjs BASE_URL: what Better Auth's client gets from a server, as JSON on standard output.
import {
  returning, sendingOtherMediaTypes, signingIn, signingOut, signingUp,
} from "./scenario/account.mjs";
import { hooks } from "./scenario/hooks.mjs";
import {
  accepting, cancellingOddly, declining, inviting, invitingOddly, readingInvitations, invitingAndGoing,
} from "./scenario/invitations.mjs";
import { beingMember, changingRoles, leaving, listing, removing } from "./scenario/members.mjs";
import { callsByNobody } from "./scenario/nobody.mjs";
import {
  beginningSomewhere, checkingSlugs, creating, creatingOddly, deleting, reading, settingActive,
  updating, updatingByRole,
} from "./scenario/organizations.mjs";
import { Person } from "./scenario/people.mjs";
import { permissions } from "./scenario/permissions.mjs";
import { changingPassword, sessions, updatingOneself } from "./scenario/sessions.mjs";
import { Transcript } from "./scenario/transcript.mjs";

const SECTIONS = [
  callsByNobody, signingUp, signingIn, returning, sendingOtherMediaTypes, signingOut, sessions, updatingOneself, changingPassword,
  creating, creatingOddly, checkingSlugs, settingActive, beginningSomewhere,
  reading, updating,
  inviting, invitingOddly, readingInvitations, accepting, declining,
  listing, beingMember, updatingByRole, permissions, hooks, cancellingOddly,
  changingRoles, removing, leaving, deleting, invitingAndGoing,
];

const base = process.argv[2];
const person = (name, email) => new Person(base, { name, email });
const world = {
  base,
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

// Invitations: sent, read, listed, accepted, rejected and cancelled, each by everybody.
import { Person } from "./people.mjs";
import { UNKNOWN_ID } from "./organizations.mjs";

function invitingBy({ step }, person, organizationId) {
  return (name, email, role, fields = {}) =>
    step(name, person, (p) => p.organization.inviteMember({ email, role, organizationId, ...fields }));
}

export async function inviting({ step }, world) {
  const { owner, stranger, member, clinic } = world;
  for (const person of ["member", "admin", "secondOwner"])
    await step(`${person} signs up`, world[person], (p) => p.signUp());
  const invite = invitingBy({ step }, owner);
  world.invitation = await invite("invite-member", member.email.toUpperCase(), "member");
  await invite("invite-member: twice", member.email, "member");
  await invite("invite-member: resent", member.email, "member", { resend: true });
  await invite("invite-member: oneself", owner.email, "member");
  await invite("invite-member: malformed id", "some@example.com", "member", { organizationId: "no-such-id" });
  await invite("invite-member: unknown id", "some@example.com", "member", { organizationId: UNKNOWN_ID });
  await invitingBy({ step }, stranger, clinic.id)("invite-member: by a stranger", "some@example.com", "member");
  await invitingBy({ step }, stranger)("invite-member: none is active, none named", "some@example.com", "member");
}

// Into another organization, so that the clinic's lists stay the same after any refusal.
export async function invitingOddly({ step }, { owner, annex }) {
  let guests = 0;
  const invite = (name, fields) =>
    step(`invite-member: ${name}`, owner, (p) => p.organization.inviteMember({
      email: `guest${++guests}@example.com`, role: "member", organizationId: annex.id, ...fields,
    }));
  await invite("role in a list", { role: ["admin"] });
  await invite("several roles", { role: ["admin", "member"] });
  await invite("roles with a comma", { role: "admin,member" });
  await invite("unknown role", { role: "janitor" });
  await invite("unknown role in a list", { role: ["member", "janitor"] });
  await invite("empty role", { role: "" });
  await invite("empty list of roles", { role: [] });
  await invite("role is a number", { role: 5 });
  await invite("no role", { role: undefined });
  await invite("no address", { email: undefined });
  await invite("no such thing as an address", { email: "guest" });
  await invite("address is a number", { email: 5 });
  await invite("unknown field", { colour: "red" });
  await invite("a team", { teamId: "no-such-team" });
  await invite("resent though never sent", { resend: true });
}

export async function readingInvitations({ step }, { owner, member, stranger, clinic, invitation }) {
  const get = (name, person, id) =>
    step(`get-invitation: ${name}`, person, (p) => p.organization.getInvitation({ query: { id } }));
  await get("recipient", member, invitation.id);
  await get("inviter", owner, invitation.id);
  await get("stranger", stranger, invitation.id);
  await get("malformed id", member, "no-such-id");
  await get("unknown id", member, UNKNOWN_ID);
  await get("no id", member, undefined);
  const list = (name, person, query) =>
    step(`list-invitations: ${name}`, person, (p) => p.organization.listInvitations({ query }));
  await list("owner", owner);
  await list("owner, by id", owner, { organizationId: clinic.id });
  await list("recipient, by id", member, { organizationId: clinic.id });
  await list("stranger, by id", stranger, { organizationId: clinic.id });
  await list("malformed id", owner, { organizationId: "no-such-id" });
  await list("none is active, none named", stranger);
  await step("list-user-invitations", member, ({ organization }) => organization.listUserInvitations());
  await step("list-user-invitations: of an address", member, ({ organization }) =>
    organization.listUserInvitations({ query: { email: member.email } }));
}

export async function accepting({ step }, world) {
  const { owner, secondOwner, admin, member, stranger, clinic, invitation } = world;
  const accept = (name, person, invitationId) =>
    step(name, person, (p) => p.send("/organization/accept-invitation", { invitationId }));
  const is = (name, person) => step(name, person, ({ client }) => client.getSession());
  await accept("accept-invitation: by a stranger", stranger, invitation.id);
  await accept("accept-invitation: by the inviter", owner, invitation.id);
  await accept("accept-invitation: malformed id", member, "no-such-id");
  await accept("accept-invitation: unknown id", member, UNKNOWN_ID);
  await accept("accept-invitation: id is a number", member, 5);
  await accept("accept-invitation: no id", member, undefined);
  const accepted = await step("accept-invitation", member, ({ organization }) =>
    organization.acceptInvitation({ invitationId: invitation.id }));
  world.memberId = accepted.member.id;
  await is("session after accepting", member);
  await accept("accept-invitation: twice", member, invitation.id);
  await step("get-invitation: after accepting", member, (p) =>
    p.organization.getInvitation({ query: { id: invitation.id } }));

  const byOwner = invitingBy({ step }, owner);
  await byOwner("invite-member: a member", member.email, "admin");
  await byOwner("invite-member: a member, resent", member.email, "admin", { resend: true });
  await invitingBy({ step }, member)("invite-member: by a member", "some@example.com", "member");
  const asAdmin = await byOwner("invite-member: an admin", admin.email, "admin");
  world.adminId = (await accept("accept-invitation: as admin", admin, asAdmin.id)).member.id;

  const byAdmin = invitingBy({ step }, admin);
  await byAdmin("invite-member: by an admin", "admins.guest@example.com", "member");
  await byAdmin("invite-member: an owner, by an admin", "some@example.com", "owner");
  await byAdmin("invite-member: an owner among roles, by an admin", "some@example.com", ["member", "owner"]);
  const asOwner = await byOwner("invite-member: an owner", secondOwner.email, "owner");
  await byAdmin("invite-member: an owner's resent by an admin", secondOwner.email, "admin", { resend: true });
  const list = (name, person) => step(name, person, (p) => p.organization.listInvitations());
  await list("list-invitations: admin", admin);
  await list("list-invitations: member", member);
  const full = (name, person) => step(name, person, (p) => p.organization.getFullOrganization());
  await full("getFullOrganization: owner, with invitations", owner);
  await full("getFullOrganization: admin, with invitations", admin);
  await full("getFullOrganization: member, with invitations", member);
  world.secondOwnerInvitation = asOwner;
}

export async function declining({ step }, world) {
  const { base, owner, member, stranger } = world;
  const guest = new Person(base, { name: "Gus Guest", email: "gus@example.com" });
  const invite = invitingBy({ step }, owner);
  const act = (action) => (name, person, invitationId) =>
    step(`${action}: ${name}`, person, (p) => p.send(`/organization/${action}`, { invitationId }));
  const [accept, reject, cancel] = ["accept", "reject", "cancel"].map((verb) => act(`${verb}-invitation`));
  await step("guest signs up", guest, (p) => p.signUp());

  const first = await invite("invite-member: guest", guest.email, "member");
  await reject("by a stranger", stranger, first.id);
  await reject("by the inviter", owner, first.id);
  await reject("malformed id", guest, "no-such-id");
  await reject("unknown id", guest, UNKNOWN_ID);
  await reject("no id", guest, undefined);
  await step("reject-invitation", guest, ({ organization }) =>
    organization.rejectInvitation({ invitationId: first.id }));
  await reject("twice", guest, first.id);
  await accept("after rejecting", guest, first.id);

  const second = await invite("invite-member: guest again", guest.email, "member");
  await cancel("by a stranger", stranger, second.id);
  await cancel("by the recipient", guest, second.id);
  await cancel("by a member", member, second.id);
  await cancel("malformed id", owner, "no-such-id");
  await cancel("unknown id", owner, UNKNOWN_ID);
  await cancel("no id", owner, undefined);
  await step("cancel-invitation", owner, ({ organization }) =>
    organization.cancelInvitation({ invitationId: second.id }));
  await accept("after cancelling", guest, second.id);
  await reject("after cancelling", guest, second.id);
  await step("get-invitation: after cancelling", guest, (p) =>
    p.organization.getInvitation({ query: { id: second.id } }));
  await step("list-invitations: after all that", owner, (p) => p.organization.listInvitations());
  await step("session of the guest", guest, ({ client }) => client.getSession());
  Object.assign(world, { rejected: first, cancelled: second });
}

// Once nobody looks at the list any more.
export async function cancellingOddly({ step }, { owner, invitation, rejected, cancelled }) {
  for (const [name, { id }] of Object.entries({ accepted: invitation, rejected, cancelled }))
    await step(`cancel-invitation: ${name}`, owner, ({ organization }) =>
      organization.cancelInvitation({ invitationId: id }));
}

// An invitation that has expired can still be rejected and cancelled, and is in nobody's way.
export async function expiring({ step }, { base, age }) {
  const [owner, admin, guest] = ["exp.owner", "exp.admin", "exp.guest"].map((name) =>
    new Person(base, { name, email: `${name}@example.com` }));
  for (const person of [owner, admin, guest]) await step(`${person.name} signs up`, person, (p) => p.signUp());
  await step("exp.owner founds", owner, ({ organization }) => organization.create({ name: "Expiring", slug: "expiring" }));
  const invite = (name, email, role = "member", fields = {}) =>
    step(`expiring: ${name}`, owner, ({ organization }) => organization.inviteMember({ email, role, ...fields }));
  const act = (name, person, action, invitationId) =>
    step(`expiring: ${name}`, person, (p) => p.send(`/organization/${action}-invitation`, { invitationId }));
  const { id: adminInvitation } = await invite("an admin is invited", admin.email, "admin");
  await act("the admin accepts", admin, "accept", adminInvitation);

  const { id } = await invite("guest is invited", guest.email);
  await age(guest.email);
  await step("expiring: it is listed", owner, ({ organization }) => organization.listInvitations());
  await step("expiring: get", guest, ({ organization }) => organization.getInvitation({ query: { id } }));
  await act("accept", guest, "accept", id);
  await act("reject, by another", owner, "reject", id);
  await act("cancel, by the recipient", guest, "cancel", id);
  await act("reject", guest, "reject", id);
  await act("reject again", guest, "reject", id);

  const { id: second } = await invite("guest is invited again", guest.email);
  await age(guest.email);
  const { id: third } = await invite("guest is invited beside an expired one", guest.email, "member", { resend: true });
  await act("cancel", admin, "cancel", second);
  await act("cancel again", admin, "cancel", second);
  await act("accept what was cancelled", guest, "accept", second);
  await act("reject what was cancelled", guest, "reject", second);
  await act("accept the new one", guest, "accept", third);

  const { id: asOwner } = await invite("somebody is invited as owner", "exp.other@example.com", "owner");
  await act("cancel an owner's, by an admin", admin, "cancel", asOwner);
}

// The inviter may have left before the invitation is accepted or rejected.
export async function invitingAndGoing({ step }, { base }) {
  const [pioneer, helper, late] = ["pioneer", "helper", "late"].map((name) =>
    new Person(base, { name, email: `${name}.goes@example.com` }));
  for (const person of [pioneer, helper, late])
    await step(`${person.name} signs up`, person, (p) => p.signUp());
  await step("pioneer founds", pioneer, ({ organization }) =>
    organization.create({ name: "Founded", slug: "founded" }));
  const invite = (name, person, email, role) =>
    step(name, person, ({ organization }) => organization.inviteMember({ email, role }));
  const { id } = await invite("pioneer invites a helper", pioneer, helper.email, "admin");
  const { member } = await step("helper accepts", helper, ({ organization }) =>
    organization.acceptInvitation({ invitationId: id }));
  const asked = await invite("helper invites", helper, late.email, "member");
  const get = (name) => step(name, late, ({ organization }) =>
    organization.getInvitation({ query: { id: asked.id } }));
  await get("get-invitation: of who is there");
  await step("helper is removed", pioneer, ({ organization }) =>
    organization.removeMember({ memberIdOrEmail: member.id }));
  await get("get-invitation: of who has gone");
  await step("accept-invitation: of who has gone", late, ({ organization }) =>
    organization.acceptInvitation({ invitationId: asked.id }));
}

// Members: listed, given roles, removed, gone; an organization keeps an owner throughout.
import { UNKNOWN_ID } from "./organizations.mjs";

export async function listing({ step }, { owner, member, stranger, clinic }) {
  const list = (name, query, person = owner) =>
    step(`list-members: ${name}`, person, (p) => p.organization.listMembers({ query }));
  await list("owner", undefined);
  await list("member", undefined, member);
  await list("by id", { organizationId: clinic.id });
  await list("by slug", { organizationSlug: clinic.slug });
  await list("by id and another one's slug", { organizationId: clinic.id, organizationSlug: "annex" });
  await list("by an unknown id and a slug", { organizationId: UNKNOWN_ID, organizationSlug: clinic.slug });
  await list("the first two", { limit: 2 });
  await list("after the first", { offset: 1 });
  await list("the second", { limit: 1, offset: 1 });
  await list("after the last", { offset: 10 });
  await list("at most 0", { limit: 0 });
  await list("at most -1", { limit: -1 });
  await list("at most x", { limit: "x" });
  await list("after the -1st", { offset: -1 });
  await list("newest first", { sortBy: "createdAt", sortDirection: "desc" });
  await list("by role", { sortBy: "role", sortDirection: "asc" });
  await list("by an unknown field", { sortBy: "colour" });
  await list("in an unknown direction", { sortBy: "role", sortDirection: "up" });
  await list("admins", { filterField: "role", filterValue: "admin" });
  await list("all but admins", { filterField: "role", filterOperator: "ne", filterValue: "admin" });
  await list("roles that contain m", { filterField: "role", filterOperator: "contains", filterValue: "m" });
  await list("janitors", { filterField: "role", filterValue: "janitor" });
  const { data: { user } } = await member.client.getSession();
  await list("of a user", { filterField: "userId", filterValue: user.id });
  await list("by organization", { sortBy: "organizationId" });
  await list("of an unknown field", { filterField: "colour", filterValue: "red" });
  await list("by an unknown operator", { filterField: "role", filterOperator: "like", filterValue: "m" });
  await list("with an unknown parameter", { colour: "red" });
  await list("stranger", { organizationId: clinic.id }, stranger);
  await list("stranger, by slug", { organizationSlug: clinic.slug }, stranger);
  await list("malformed id", { organizationId: "no-such-id" });
  await list("unknown id", { organizationId: UNKNOWN_ID });
  await list("unknown slug", { organizationSlug: "no-such-slug" });
  await list("none is active, none named", undefined, stranger);
}

// Roles are owner, admin and member; each joined after the one before.
export async function filtering({ step }, { owner }) {
  const { data: { members } } = await owner.organization.listMembers();
  const second = members[1].createdAt.toISOString();
  const list = (name, filterField, filterOperator, filterValue, more = {}) =>
    step(`list-members: ${name}`, owner, (p) =>
      p.organization.listMembers({ query: { filterField, filterOperator, filterValue, ...more } }));
  for (const operator of ["eq", "ne", "lt", "lte", "gt", "gte", "not_in", "contains", "starts_with", "ends_with"]) {
    await list(`createdAt ${operator} that of the second`, "createdAt", operator, second);
    await list(`role ${operator} member`, "role", operator, "member");
    await list(`id ${operator} no id`, "id", operator, "");
    if (!/lt|gt/.test(operator)) await list(`id ${operator} that of the second`, "id", operator, members[1].id);
    await list(`userId ${operator} none`, "userId", operator, "no-such-id");
    await list(`organizationId ${operator} its own`, "organizationId", operator, members[1].organizationId);
  }
  for (const operator of ["lt", "lte", "gt", "gte"]) {
    await list(`createdAt ${operator} 2020`, "createdAt", operator, "2020-01-01T00:00:00.000Z");
    await list(`createdAt ${operator} a day`, "createdAt", operator, "2020-01-01");
    await list(`createdAt ${operator} no date`, "createdAt", operator, "yesterday");
  }
  await list("createdAt in several", "createdAt", "in", [second, members[0].createdAt.toISOString()]);
  await list("createdAt in one", "createdAt", "in", second);
  await list("role in several", "role", "in", ["owner", "admin"]);
  await list("role not_in several", "role", "not_in", ["owner", "admin"]);
  await list("role contains in capitals", "role", "contains", "ADM");
  await list("role contains %", "role", "contains", "%");
  await list("role eq several", "role", "eq", ["owner", "admin"]);
  await list("role eq nothing", "role", "eq", undefined);
  await list("role contains nothing", "role", "contains", undefined);
  await list("an operator without a field", undefined, "gt", "x");
  await list("filtered, newest first", "createdAt", "gte", second, { sortBy: "createdAt", sortDirection: "desc" });
  await list("filtered, the first", "createdAt", "gte", second, { limit: 1 });
  await list("by an empty field", "", "eq", "owner");
  await list("sorted by an empty field", undefined, undefined, undefined, { sortBy: "" });
}

export async function beingMember({ step }, { owner, admin, member, stranger, clinic }) {
  for (const [name, person] of Object.entries({ owner, admin, member, stranger })) {
    await step(`get-active-member: ${name}`, person, (p) => p.organization.getActiveMember());
    await step(`get-active-member-role: ${name}`, person, (p) => p.organization.getActiveMemberRole());
  }
  const role = (name, person, query) =>
    step(`get-active-member-role: ${name}`, person, (p) => p.organization.getActiveMemberRole({ query }));
  const { data } = await admin.client.getSession();
  const { id: userId } = data.user;
  const { id: organizationId } = clinic;
  await role("of another", member, { userId });
  await role("of nobody", member, { userId: "no-such-id" });
  await role("by id", owner, { organizationId });
  await role("by slug", owner, { organizationSlug: clinic.slug });
  await role("by id and another one's slug", owner, { organizationId, organizationSlug: "strangers" });
  await role("unknown slug", owner, { organizationSlug: "no-such-slug" });
  await role("unknown id", owner, { organizationId: UNKNOWN_ID });
  await role("stranger, by id", stranger, { organizationId });
  await role("stranger, of another", stranger, { organizationId, userId });
}

export async function changingRoles({ step }, world) {
  const { owner, secondOwner, admin, member, stranger, clinic, foreign, memberId, adminId } = world;
  const [{ id: ownerId }] = clinic.members;
  const [{ id: foreignId }] = foreign.members;
  const change = (name, person, id, role, fields = {}) =>
    step(`update-member-role: ${name}`, person, (p) =>
      p.organization.updateMemberRole({ memberId: id, role, ...fields }));
  await change("last owner demotes itself", owner, ownerId, "admin");
  await change("last owner stays one, with another role", owner, ownerId, ["owner", "admin"]);
  await change("owner again", owner, ownerId, "owner");
  await change("by a member", member, adminId, "member");
  await change("member promotes itself", member, memberId, "admin");
  await change("by a stranger", stranger, memberId, "admin", { organizationId: clinic.id });
  await change("none is active, none named", stranger, memberId, "admin");
  await change("admin demotes an owner", admin, ownerId, "member");
  await change("admin makes an owner", admin, memberId, "owner");
  await change("admin makes itself an owner", admin, adminId, "owner");
  await change("admin makes an admin", admin, memberId, "admin");
  await change("several roles", owner, memberId, ["admin", "member"]);
  await change("roles with a comma", owner, memberId, "admin,member");
  await change("one role in a list", owner, memberId, ["member"]);
  await change("unknown role", owner, memberId, "janitor");
  await change("unknown role in a list", owner, memberId, ["member", "janitor"]);
  await change("empty role", owner, memberId, "");
  await change("empty list of roles", owner, memberId, []);
  await change("role is a number", owner, memberId, 5);
  await change("no role", owner, memberId, undefined);
  await change("no id", owner, undefined, "admin");
  await change("malformed id", owner, "no-such-id", "admin");
  await change("unknown id", owner, UNKNOWN_ID, "admin");
  await change("another organization's member", owner, foreignId, "admin");
  await change("unknown field", owner, memberId, "member", { colour: "red" });
  await change("unknown organization", owner, memberId, "admin", { organizationId: UNKNOWN_ID });

  const accepted = await step("accept-invitation: as owner", secondOwner, ({ organization }) =>
    organization.acceptInvitation({ invitationId: world.secondOwnerInvitation.id }));
  world.secondOwnerId = accepted.member.id;
  await change("owner demotes the other owner", owner, world.secondOwnerId, "admin");
  await change("owner makes an owner", owner, world.secondOwnerId, "owner");
  await change("one of two owners demotes itself", secondOwner, world.secondOwnerId, "member");
  await change("and is made one again", owner, world.secondOwnerId, "owner");
}

export async function removing({ step }, world) {
  const { owner, secondOwner, admin, member, stranger, clinic, annex, foreign, memberId, adminId } = world;
  const [{ id: ownerId }] = clinic.members;
  const remove = (name, person, memberIdOrEmail, fields = {}) =>
    step(`remove-member: ${name}`, person, (p) =>
      p.organization.removeMember({ memberIdOrEmail, ...fields }));
  await remove("by a member", member, adminId);
  await remove("owner, by a member", member, ownerId);
  await remove("by a stranger", stranger, memberId, { organizationId: clinic.id });
  await remove("none is active, none named", stranger, memberId);
  await remove("owner, by an admin", admin, ownerId);
  await remove("owner by address, by an admin", admin, owner.email);
  await remove("malformed id", owner, "no-such-id");
  await remove("unknown id", owner, UNKNOWN_ID);
  await remove("unknown address", owner, "no.member@example.com");
  await remove("user who is no member", owner, stranger.email);
  await remove("another organization's member", owner, foreign.members[0].id);
  await step("remove-member: nothing said", owner, (p) => p.send("/organization/remove-member", {}));
  await remove("last owner", owner, annex.members[0].id, { organizationId: annex.id });
  await remove("last owner, by address", owner, owner.email, { organizationId: annex.id });
  await remove("unknown organization", owner, memberId, { organizationId: UNKNOWN_ID });
  await remove("by id", admin, memberId);
  await afterRemoval({ step }, member, clinic);

  await join({ step }, "member joins again", owner, member);
  await remove("by address in capitals", owner, member.email.toUpperCase());
  await remove("again", owner, member.email);
  await remove("owner removes itself, another stays", secondOwner, world.secondOwnerId);
  await step("session after removing oneself", secondOwner, ({ client }) => client.getSession());
}

async function afterRemoval({ step }, member, { id: organizationId }) {
  const call = (name, act) => step(`removed member: ${name}`, member, act);
  await call("get-session", ({ client }) => client.getSession());
  await call("list", ({ organization }) => organization.list());
  await call("get-active-member", ({ organization }) => organization.getActiveMember());
  await call("has-permission", ({ organization }) =>
    organization.hasPermission({ permissions: { organization: ["update"] } }));
  await call("list-members", ({ organization }) => organization.listMembers());
  await call("list-members by id", ({ organization }) => organization.listMembers({ query: { organizationId } }));
  await call("invite-member", ({ organization }) =>
    organization.inviteMember({ email: "some@example.com", role: "member", organizationId }));
  await call("set-active", ({ organization }) => organization.setActive({ organizationId }));
  await call("get-full-organization", ({ organization }) =>
    organization.getFullOrganization({ query: { organizationId } }));
  await call("get-session at last", ({ client }) => client.getSession());
}

export async function join({ step }, name, owner, person, role = "member") {
  const invitation = await step(`${name}: invited`, owner, ({ organization }) =>
    organization.inviteMember({ email: person.email, role }));
  return step(`${name}: accepted`, person, ({ organization }) =>
    organization.acceptInvitation({ invitationId: invitation.id }));
}

export async function leaving({ step }, { owner, secondOwner, member, stranger, clinic }) {
  const leave = (name, person, organizationId) =>
    step(`leave: ${name}`, person, (p) => p.send("/organization/leave", { organizationId }));
  await join({ step }, "member joins to leave", owner, member);
  await join({ step }, "second owner joins again", owner, secondOwner, "owner");
  await leave("stranger", stranger, clinic.id);
  await leave("malformed id", member, "no-such-id");
  await leave("unknown id", member, UNKNOWN_ID);
  await leave("no id", member, undefined);
  await step("leave", member, ({ organization }) => organization.leave({ organizationId: clinic.id }));
  await step("session after leaving", member, ({ client }) => client.getSession());
  await leave("again", member, clinic.id);
  await leave("one of two owners", secondOwner, clinic.id);
  await leave("only owner", owner, clinic.id);
  await join({ step }, "member joins for good", owner, member);
  await join({ step }, "second owner joins for good", owner, secondOwner, "owner");
}

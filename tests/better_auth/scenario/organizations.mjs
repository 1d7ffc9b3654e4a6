// Organizations: made, found, made active, changed; at the end, deleted.
import { Person } from "./people.mjs";

export const UNKNOWN_ID = "0190f000-0000-7000-8000-000000000000";

export async function creating({ step }, world) {
  const { owner, stranger } = world;
  const create = (name, fields) =>
    step(name, owner, ({ organization }) => organization.create(fields));
  const is = (name) => step(name, owner, ({ client }) => client.getSession());
  world.clinic = await create("create", { name: "Harbour Clinic", slug: "harbour" });
  await is("session after creating");
  await create("create: slug taken", { name: "Another", slug: "harbour" });
  world.annex = await create("create: with logo and metadata", {
    name: "Annex", slug: "annex", logo: "https://example.com/l.png", metadata: { rooms: 3 },
  });
  await is("session after creating another");
  await create("create: the active one stays", {
    name: "Stays", slug: "stays", keepCurrentActiveOrganization: true,
  });
  await is("session after creating one more");
  world.foreign = await step("stranger creates", stranger, ({ organization }) =>
    organization.create({ name: "Stranger’s", slug: "strangers" }));
  await step("list: owner", owner, ({ organization }) => organization.list());
  await step("list: stranger", stranger, ({ organization }) => organization.list());
}

export async function creatingOddly({ step }, { base }) {
  const founder = new Person(base, { name: "Fay Founder", email: "fay@example.com" });
  const create = (name, fields) =>
    step(`create: ${name}`, founder, ({ organization }) =>
      organization.create({ name: "Odd", slug: name, ...fields }));
  await step("founder signs up", founder, (p) => p.signUp());
  await step("list: founder of none", founder, ({ organization }) => organization.list());
  await create("slug in capitals", { slug: "HARBOUR" });
  await create("slug with spaces", { slug: "Not a slug!" });
  await create("unknown field", { colour: "red" });
  await create("for another user", { userId: UNKNOWN_ID });
  await create("logo is null", { logo: null });
  await create("empty metadata", { metadata: {} });
  await create("metadata is null", { metadata: null });
  await create("metadata is a text", { metadata: "rooms" });
  await create("logo is a number", { logo: 5 });
  await create("no name", { name: undefined });
  await create("empty name", { name: "" });
  await create("name is a number", { name: 5 });
  await create("no slug", { slug: undefined });
  await create("empty slug", { slug: "" });
  await create("slug is a number", { slug: 5 });
}

export async function checkingSlugs({ step }, { owner }) {
  const check = (name, slug) => step(`check-slug: ${name}`, owner, (p) => p.organization.checkSlug({ slug }));
  await check("free", "free");
  await check("taken", "harbour");
  await check("taken by a stranger", "strangers");
  await check("empty", "");
  await check("a number", 5);
  await step("check-slug: nothing", owner, (p) => p.send("/organization/check-slug", {}));
}

export async function settingActive({ step }, { owner, clinic, annex, foreign }) {
  const set = (name, body) => step(name, owner, (p) => p.send("/organization/set-active", body));
  const is = (name) => step(name, owner, ({ client }) => client.getSession());
  await step("set-active: by id", owner, (p) => p.organization.setActive({ organizationId: clinic.id }));
  await is("session after setting by id");
  await set("set-active: by slug", { organizationSlug: annex.slug });
  await is("session after setting by slug");
  await set("set-active: id and another one's slug", {
    organizationId: clinic.id, organizationSlug: annex.slug,
  });
  await set("set-active: nothing said", {});
  await set("set-active: null", { organizationId: null });
  await is("session after setting null");
  await set("set-active: null again", { organizationId: null });
  await set("set-active: nothing said while none is active", {});
  await set("set-active: id is a number", { organizationId: 5 });
  await set("set-active: slug is null", { organizationSlug: null });
  await set("set-active: empty id", { organizationId: "" });
  for (const [name, body] of [
    ["foreign id", { organizationId: foreign.id }],
    ["foreign slug", { organizationSlug: foreign.slug }],
    ["malformed id", { organizationId: "no-such-id" }],
    ["unknown id", { organizationId: UNKNOWN_ID }],
    ["unknown slug", { organizationSlug: "no-such-slug" }],
  ]) {
    await set(`set-active: before ${name}`, { organizationId: clinic.id });
    await set(`set-active: ${name}`, body);
    await is(`session after setting ${name}`);
  }
}

export async function beginningSomewhere({ step }, { base, owner, annex }) {
  const guest = new Person(base, owner);
  const { token } = await step("owner of several signs in anew", guest, (p) => p.signIn());
  await step("session of the owner of several", guest, ({ client }) => client.getSession());
  const bearer = new Person(base, { auth: { type: "Bearer", token } });
  await step("by token: list", bearer, ({ organization }) => organization.list());
  await step("by token: set-active", bearer, ({ organization }) =>
    organization.setActive({ organizationId: annex.id }));
  await step("by token: session", bearer, ({ client }) => client.getSession());
  await step("by token: sign-out", bearer, ({ client }) => client.signOut());
}

export async function reading({ step }, { owner, stranger, clinic, annex, foreign }) {
  const activate = (name, organizationId) =>
    step(name, owner, (p) => p.organization.setActive({ organizationId }));
  for (const action of ["getFullOrganization", "getOrganization"]) {
    const get = (name, query, person = owner) =>
      step(`${action}: ${name}`, person, (p) => p.organization[action]({ query }));
    await activate(`${action}: one is active`, clinic.id);
    await get("the active one", undefined);
    await get("by id", { organizationId: annex.id });
    await get("by slug", { organizationSlug: annex.slug });
    await get("by id and another one's slug", { organizationId: clinic.id, organizationSlug: annex.slug });
    await get("by id and an unknown slug", { organizationId: clinic.id, organizationSlug: "no-such-slug" });
    await get("by id and an empty slug", { organizationId: annex.id, organizationSlug: "" });
    await get("by an unknown id and a slug", { organizationId: UNKNOWN_ID, organizationSlug: annex.slug });
    await get("with an unknown parameter", { colour: "red" });
    await get("foreign id", { organizationId: foreign.id });
    await step(`${action}: session after that`, owner, ({ client }) => client.getSession());
    await get("foreign slug", { organizationSlug: foreign.slug });
    await get("malformed id", { organizationId: "no-such-id" });
    await get("unknown id", { organizationId: UNKNOWN_ID });
    await get("unknown slug", { organizationSlug: "no-such-slug" });
    await activate(`${action}: none is active`, null);
    await get("none is active, none asked for", undefined);
    await get("stranger asks", { organizationId: clinic.id }, stranger);
  }
  const getFull = (name, query) => step(name, owner, (p) => p.organization.getFullOrganization({ query }));
  await getFull("getFullOrganization: one member at most", { organizationId: clinic.id, membersLimit: 1 });
  await activate("the clinic is active", clinic.id);
}

export async function updating({ step }, { owner, stranger, clinic, annex }) {
  const update = (name, data, fields = {}, person = owner) =>
    step(name, person, (p) => p.send("/organization/update", { data, ...fields }));
  const { id: organizationId } = annex;
  await step("update: the active one's name", owner, ({ organization }) =>
    organization.update({ data: { name: "Harbour Clinic & Gym" } }));
  await update("update: name by id", { name: "Annex II" }, { organizationId });
  await update("update: slug", { slug: "annex-2" }, { organizationId });
  await update("update: slug that it has", { slug: "annex-2" }, { organizationId });
  await update("update: slug taken", { slug: clinic.slug }, { organizationId });
  await update("update: back to its slug", { slug: "annex" }, { organizationId });
  await update("update: logo", { logo: "https://example.com/2.png" }, { organizationId });
  await update("update: metadata", { metadata: { rooms: 4 } }, { organizationId });
  await update("update: logo becomes null", { logo: null }, { organizationId });
  await update("update: metadata becomes null", { metadata: null }, { organizationId });
  await update("update: empty metadata", { metadata: {} }, { organizationId });
  await update("update: nothing", {}, { organizationId });
  await update("update: unknown field", { colour: "red" }, { organizationId });
  await update("update: another id", { id: UNKNOWN_ID, name: "Annex" }, { organizationId });
  await update("update: empty name", { name: "" }, { organizationId });
  await update("update: name is a number", { name: 5 }, { organizationId });
  await update("update: name is null", { name: null }, { organizationId });
  await update("update: empty slug", { slug: "" }, { organizationId });
  await update("update: no data", undefined, { organizationId });
  await update("update: data is a text", "name", { organizationId });
  await update("update: malformed id", { name: "Annex" }, { organizationId: "no-such-id" });
  await update("update: unknown id", { name: "Annex" }, { organizationId: UNKNOWN_ID });
  await update("update: by a stranger", { name: "Mine" }, { organizationId: clinic.id }, stranger);
  await step("update: stranger has none active", stranger, ({ organization }) =>
    organization.setActive({ organizationId: null }));
  await update("update: none is active, none named", { name: "Mine" }, {}, stranger);
  await step("list: owner, after updates", owner, ({ organization }) => organization.list());
}

export async function updatingByRole({ step }, { admin, member }) {
  const update = (name, person, data) =>
    step(`update: ${name}`, person, (p) => p.organization.update({ data }));
  await update("by a member", member, { name: "Mine" });
  await update("by an admin", admin, { name: "Harbour Clinic" });
  await update("slug taken, by a member", member, { slug: "annex" });
}

export async function deleting({ step }, { owner, secondOwner, admin, member, stranger, clinic }) {
  const remove = (name, person, organizationId) =>
    step(name, person, (p) => p.send("/organization/delete", { organizationId }));
  const is = (name, person) => step(name, person, ({ client }) => client.getSession());
  await remove("delete: by a member", member, clinic.id);
  await remove("delete: by an admin", admin, clinic.id);
  await remove("delete: by a stranger", stranger, clinic.id);
  await remove("delete: malformed id", owner, "no-such-id");
  await remove("delete: unknown id", owner, UNKNOWN_ID);
  await remove("delete: empty id", owner, "");
  await remove("delete: id is a number", owner, 5);
  await remove("delete: no id", owner, undefined);
  await step("delete", owner, ({ organization }) => organization.delete({ organizationId: clinic.id }));
  await is("session of the owner after deleting", owner);
  await step("list: owner, after deleting", owner, ({ organization }) => organization.list());
  await remove("delete: again", owner, clinic.id);
  await is("session of the second owner after deleting", secondOwner);
  await step("getFullOrganization: second owner, after deleting", secondOwner, ({ organization }) =>
    organization.getFullOrganization());
  await step("list: second owner, after deleting", secondOwner, ({ organization }) => organization.list());
}

// What each role may do, according to the server.
const ACTIONS = {
  organization: ["update", "delete"],
  member: ["create", "update", "delete"],
  invitation: ["create", "cancel"],
};

export async function permissions({ step }, { owner, admin, member, stranger, clinic }) {
  const ask = (name, person, body) =>
    step(`has-permission: ${name}`, person, (p) => p.send("/organization/has-permission", body));
  for (const [role, person] of Object.entries({ owner, admin, member }))
    for (const [resource, actions] of Object.entries(ACTIONS))
      for (const action of actions)
        await step(`has-permission: ${role}, ${action} ${resource}`, person, ({ organization }) =>
          organization.hasPermission({ permissions: { [resource]: [action] } }));
  const { id: organizationId } = clinic;
  const update = { organization: ["update"] };
  await ask("all actions of an owner", owner, { permissions: ACTIONS });
  await ask("all actions of an admin", admin, { permissions: ACTIONS });
  await ask("several resources of an admin", admin, { permissions: { ...update, member: ["delete"] } });
  await ask("several actions of an admin", admin, { permissions: { organization: ["update", "delete"] } });
  await ask("by id", owner, { permissions: update, organizationId });
  await ask("no action", member, { permissions: { organization: [] } });
  await ask("no resource", member, { permissions: {} });
  await ask("unknown action", owner, { permissions: { organization: ["paint"] } });
  await ask("unknown resource", owner, { permissions: { building: ["update"] } });
  await ask("teams", owner, { permissions: { team: ["create"] } });
  await ask("access control", member, { permissions: { ac: ["read"] } });
  await ask("in the singular", owner, { permission: update });
  await ask("in both numbers", owner, { permission: update, permissions: update });
  await ask("nothing", owner, {});
  await ask("permissions are a list", owner, { permissions: ["update"] });
  await ask("action is a text", owner, { permissions: { organization: "update" } });
  await ask("stranger", stranger, { permissions: update, organizationId });
  await ask("malformed id", owner, { permissions: update, organizationId: "no-such-id" });
  await ask("none is active, none named", stranger, { permissions: update });
}

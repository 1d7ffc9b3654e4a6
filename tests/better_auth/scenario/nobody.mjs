// Every call that needs a session, without one.
const CALLS = [
  ["list-sessions", ({ client }) => client.listSessions()],
  ["revoke-session", ({ client }) => client.revokeSession({ token: "no-such-token" })],
  ["revoke-sessions", ({ client }) => client.revokeSessions()],
  ["revoke-other-sessions", ({ client }) => client.revokeOtherSessions()],
  ["update-user", ({ client }) => client.updateUser({ name: "No Body" })],
  ["change-password", ({ client }) => client.changePassword({
    currentPassword: "a long passphrase", newPassword: "another passphrase",
  })],
  ["list-accounts", ({ client }) => client.listAccounts()],
  ["verify-password", ({ client }) => client.verifyPassword({ password: "a long passphrase" })],
  ["create", ({ organization }) => organization.create({ name: "None", slug: "none" })],
  ["check-slug", ({ organization }) => organization.checkSlug({ slug: "none" })],
  ["list", ({ organization }) => organization.list()],
  ["set-active", ({ organization }) => organization.setActive({ organizationId: "no-such-id" })],
  ["get-organization", ({ organization }) => organization.getOrganization()],
  ["get-full-organization", ({ organization }) => organization.getFullOrganization()],
  ["list-members", ({ organization }) => organization.listMembers()],
  ["get-active-member", ({ organization }) => organization.getActiveMember()],
  ["get-active-member-role", ({ organization }) => organization.getActiveMemberRole()],
  ["update", ({ organization }) => organization.update({ data: { name: "None" } })],
  ["delete", ({ organization }) => organization.delete({ organizationId: "no-such-id" })],
  ["invite-member", ({ organization }) => organization.inviteMember({
    email: "some@example.com", role: "member",
  })],
  ["list-invitations", ({ organization }) => organization.listInvitations()],
  ["list-user-invitations", ({ organization }) => organization.listUserInvitations()],
  ["get-invitation", ({ organization }) => organization.getInvitation({ query: { id: "no-such-id" } })],
  ["accept-invitation", ({ organization }) => organization.acceptInvitation({ invitationId: "no-such-id" })],
  ["reject-invitation", ({ organization }) => organization.rejectInvitation({ invitationId: "no-such-id" })],
  ["cancel-invitation", ({ organization }) => organization.cancelInvitation({ invitationId: "no-such-id" })],
  ["update-member-role", ({ organization }) => organization.updateMemberRole({
    memberId: "no-such-id", role: "admin",
  })],
  ["remove-member", ({ organization }) => organization.removeMember({ memberIdOrEmail: "no-such-id" })],
  ["leave", ({ organization }) => organization.leave({ organizationId: "no-such-id" })],
  ["has-permission", ({ organization }) => organization.hasPermission({
    permissions: { organization: ["update"] },
  })],
];

export async function callsByNobody({ step }, { nobody }) {
  for (const [name, call] of CALLS) await step(`nobody: ${name}`, nobody, call);
  await step("nobody: create, with a wrong body", nobody, (p) => p.send("/organization/create", {}));
}

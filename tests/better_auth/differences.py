"""Where ours answers otherwise than Better Auth, and why that is meant."""

from better_auth.transcripts import Deliberate

DELIBERATE: tuple[Deliberate, ...] = (
    # What the contract says.
    Deliberate(
        "The contract: whoever may not remove a member is refused with 403, as everywhere.",
        "403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER, "
        "not 401 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER",
        ("remove-member: by a member",),
    ),
    Deliberate(
        "The contract: whoever may not touch an owner is refused with 403, the last one or not.",
        "403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER, "
        "not 400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
        ("remove-member: owner*, by *",),
    ),
    Deliberate(
        "The contract: whoever is no owner may not delete, and is refused with 403.",
        "403 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION, "
        "not 400 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
        ("delete: by a stranger", "delete: again", "delete: malformed id", "delete: unknown id"),
    ),
    Deliberate(
        "An empty id is an unknown one.",
        "403 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION, not 400 ORGANIZATION_NOT_FOUND",
        ("delete: empty id",),
    ),
    Deliberate(
        "The contract: an organization has metadata, null if there are none.",
        "data.metadata: null, not absent",
        ("create*", "pioneer founds", "stranger creates", "update: *"),
    ),
    Deliberate(
        "The contract: whatever is shorter than eight characters is too short.",
        "400 PASSWORD_TOO_SHORT, not 400 VALIDATION_ERROR",
        ("sign-up: empty password",),
    ),
    Deliberate(
        "The contract: without a session there is 401, whatever the body is like.",
        "401 UNAUTHORIZED, not 400 VALIDATION_ERROR",
        ("nobody: create, with a wrong body",),
    ),
    Deliberate(
        "Without a session there is 401 here as well.",
        "401 UNAUTHORIZED, not 400",
        ("nobody: list-user-invitations",),
    ),
    Deliberate(
        "Tokens are kept as hashes only: a list names other sessions by what revokes them.",
        "data[].token: …",
        ("sessions are listed", "sessions by token are listed"),
    ),
    Deliberate(
        "The domain: a user has a list of phone numbers, empty if there are none.",
        "data.user.phoneNumbers: [], not null",
        ("sign-up: own fields are null",),
    ),
    Deliberate(
        "The domain: a user has a list of specializations, empty if there are none.",
        "data.user.specialization: [], not null",
        ("sign-up: own fields are null",),
    ),
    # One role a member.
    Deliberate(
        "The contract: a member has one of three roles, and several are none of them.",
        "400 ROLE_NOT_FOUND, not 200",
        (
            "invite-member: roles with a comma",
            "invite-member: several roles",
            "update-member-role: last owner stays one, with another role",
            "update-member-role: roles with a comma",
            "update-member-role: several roles",
        ),
    ),
    Deliberate(
        "Several roles are none, before it is asked who may give them.",
        "400 ROLE_NOT_FOUND, not 403 YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE",
        ("invite-member: an owner among roles, by an admin",),
    ),
    Deliberate(
        "The contract: permissions are about organizations, members and invitations.",
        "data.success: false, not true",
        ("has-permission: access control", "has-permission: teams"),
    ),
    # The active organization.
    Deliberate(
        "A refused call changes nothing, the active organization included.",
        'data.session.activeOrganizationId: "<create.data.id>", not null',
        ("session after setting *", "get*Organization: session after that"),
    ),
    Deliberate(
        "An organization that one does not belong to any more is not the active one.",
        'data.session.activeOrganizationId: null, not "<create.data.id>"',
        ("removed member: get-session", "session of the second owner after deleting"),
    ),
    Deliberate(
        "Whoever was removed has no active organization.",
        "400 NO_ACTIVE_ORGANIZATION, not 400 MEMBER_NOT_FOUND",
        ("removed member: get-active-member",),
    ),
    Deliberate(
        "Whoever was removed has no active organization.",
        "400 NO_ACTIVE_ORGANIZATION, not 401 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
        ("removed member: has-permission",),
    ),
    Deliberate(
        "Whoever was removed has no active organization.",
        "400 NO_ACTIVE_ORGANIZATION, not 403 YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
        ("removed member: list-members",),
    ),
    Deliberate(
        "An organization that was deleted is nobody's active one.",
        "200, not 400 ORGANIZATION_NOT_FOUND",
        ("getFullOrganization: second owner, after deleting",),
    ),
    Deliberate(
        "What was answered is not taken back: whoever accepted stays a member.",
        "400 INVITATION_NOT_FOUND, not 200",
        ("cancel-invitation: accepted", "cancel-invitation: rejected"),
    ),
    Deliberate(
        "Nobody gets in by the word of one who could not give it any more.",
        "400 INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION, not 200",
        ("accept-invitation: of who has gone",),
    ),
    # Bodies and queries that are not what they should be.
    Deliberate(
        "Only JSON is read; Better Auth also signs in and up with a form.",
        "415 UNSUPPORTED_MEDIA_TYPE, not 200",
        ("sign-in/email: as a form", "sign-up/email: as a form"),
    ),
    Deliberate(
        "A body without Content-Type is refused; Better Auth ignores it.",
        "415 UNSUPPORTED_MEDIA_TYPE, not 200",
        ("sign-out: without a type",),
    ),
    Deliberate(
        "A body without Content-Type is refused; Better Auth ignores it and asks for one.",
        "415 UNSUPPORTED_MEDIA_TYPE, not 400 VALIDATION_ERROR",
        ("organization/create: without a type",),
    ),
    Deliberate(
        "What is of the wrong type or empty is refused, not stored as it came.",
        "400 VALIDATION_ERROR, not 200",
        (
            "sign-up: empty name",
            "sign-up: licence is a number",
            "sign-up: specialization is a text",
            "update-user: empty name",
            "update-user: * is a number",
            "update-user: specialization is a text",
            "check-slug: empty",
        ),
    ),
    Deliberate(
        "A page of members that cannot be is refused, not another one given.",
        "400 VALIDATION_ERROR, not 200",
        ("list-members: after the -1st", "list-members: at most *"),
    ),
    Deliberate(
        "What Better Auth has long deprecated is not here.",
        "400 VALIDATION_ERROR, not 200",
        ("has-permission: in the singular",),
    ),
    Deliberate(
        "Better Auth fails at what a caller got wrong.",
        "400 VALIDATION_ERROR, not 500",
        (
            "list-members: by an unknown field",
            "list-members: of an unknown field",
            "update-user: name is null",
        ),
    ),
    Deliberate(
        "Better Auth fails where there is nothing to change.",
        "200, not 500",
        ("update: nothing", "update: unknown field"),
    ),
    Deliberate(
        "Null says that there is none, as it does where Better Auth takes it.",
        "200, not 400 VALIDATION_ERROR",
        ("create: metadata is null", "set-active: slug is null", "sign-up: image is null"),
    ),
    Deliberate(
        "A field that is not known here does no harm.",
        "200, not 400 VALIDATION_ERROR",
        ("has-permission: in both numbers",),
    ),
    Deliberate(
        "A parameter that is not known here does no harm.",
        "403 EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION, not 400",
        ("list-user-invitations: of an address",),
    ),
)

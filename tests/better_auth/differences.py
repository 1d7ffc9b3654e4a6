"""Where our responses differ from those of Better Auth, and why this is intended."""

from better_auth.transcripts import Deliberate

DELIBERATE: tuple[Deliberate, ...] = (
    # What the contract says.
    Deliberate(
        "The contract: a user who may not remove a member is refused with 403, as everywhere.",
        "403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER, "
        "not 401 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER",
        ("remove-member: by a member",),
    ),
    Deliberate(
        "The contract: a user who may not change an owner is refused with 403, even the last one.",
        "403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER, "
        "not 400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
        ("remove-member: owner*, by *",),
    ),
    Deliberate(
        "The contract: a user who is not an owner may not delete, and is refused with 403.",
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
        ("create*", "pioneer founds", "exp.owner founds", "stranger creates", "update: *"),
    ),
    Deliberate(
        "The contract: any password shorter than eight characters is too short.",
        "400 PASSWORD_TOO_SHORT, not 400 VALIDATION_ERROR",
        ("sign-up: empty password",),
    ),
    Deliberate(
        "The contract: without a session there is 401, with any body.",
        "401 UNAUTHORIZED, not 400 VALIDATION_ERROR",
        ("nobody: create, with a wrong body", "rest: *, nobody"),
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
        "A user who was removed has no active organization.",
        "400 NO_ACTIVE_ORGANIZATION, not 400 MEMBER_NOT_FOUND",
        ("removed member: get-active-member",),
    ),
    Deliberate(
        "A user who was removed has no active organization.",
        "400 NO_ACTIVE_ORGANIZATION, not 401 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
        ("removed member: has-permission",),
    ),
    Deliberate(
        "A user who was removed has no active organization.",
        "400 NO_ACTIVE_ORGANIZATION, not 403 YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",
        ("removed member: list-members",),
    ),
    Deliberate(
        "An organization that was deleted is nobody's active one.",
        "200, not 400 ORGANIZATION_NOT_FOUND",
        ("getFullOrganization: second owner, after deleting",),
    ),
    Deliberate(
        "What was accepted cannot be cancelled: the user stays a member.",
        "400 INVITATION_NOT_FOUND, not 200",
        ("cancel-invitation: accepted", "cancel-invitation: rejected"),
    ),
    Deliberate(
        "An invitation is void if its inviter could not send it any more.",
        "400 INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION, not 200",
        ("accept-invitation: of who has gone",),
    ),
    Deliberate(
        "An admin cannot cancel the invitation of an owner, because only owners make owners.",
        "403 YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION, not 200",
        ("expiring: cancel an owner's, by an admin",),
    ),
    # Passwords, addresses and sessions.
    Deliberate(
        "A password is measured in characters of its NFKC form, so that its length does not depend "
        "on the keyboard. Better Auth counts UTF-16 code units of the text as it was sent.",
        'data: "PASSWORD_TOO_SHORT", not "signed up"',
        ("sign-up: password of 4 emoji", "sign-up: password of 7 letters, decomposed"),
    ),
    Deliberate(
        "The same: this many characters are not too long.",
        'data: "signed up", not "PASSWORD_TOO_LONG"',
        ("sign-up: password of 65 emoji", "sign-up: password of 128 letters, decomposed"),
    ),
    Deliberate(
        "The same: one letter whose NFKC form has 18 characters.",
        'data: "signed up", not "PASSWORD_TOO_SHORT"',
        ("sign-up: password of one letter for many",),
    ),
    Deliberate(
        "An email address is `something@something.something` without spaces and control "
        "characters. Better Auth has a stricter pattern, which has no letters beyond ASCII.",
        'data: "signed up", not "VALIDATION_ERROR"',
        ("sign-up: address *",),
    ),
    Deliberate(
        "A session does not have to be fresh: Better Auth refuses some calls a day after sign-in.",
        "200, not 403 SESSION_NOT_FRESH",
        ("old session: list-sessions",),
    ),
    Deliberate(
        "The same.",
        "400 FAILED_TO_UNLINK_LAST_ACCOUNT, not 403 SESSION_NOT_FRESH",
        ("old session: unlink-account",),
    ),
    Deliberate(
        "A bearer token that this server cannot have made does not hide the cookie. Better Auth "
        "signs any token without a dot, and then accepts it.",
        "data: {…",
        (
            "two credentials: session, token percent-encoded",
            "two credentials: session, token without a dot",
        ),
    ),
    Deliberate(
        "The same.",
        "200, not 401 UNAUTHORIZED",
        (
            "two credentials: list, token percent-encoded",
            "two credentials: list, token without a dot",
        ),
    ),
    # Origins: the guard judges a call by its headers alone, and every call that changes something.
    Deliberate(
        "A program that sends no `Origin` may call, with a cookie too. A browser always sends it.",
        "200, not 403 MISSING_OR_NULL_ORIGIN",
        ("origin missing: sign-in", "origin missing: update-user"),
    ),
    Deliberate(
        "The same: the call is read, and its body is wrong.",
        "400 VALIDATION_ERROR, not 403 MISSING_OR_NULL_ORIGIN",
        ("origin missing: create",),
    ),
    Deliberate(
        "Another origin is refused without a cookie as well. Better Auth checks it only beside a "
        "cookie, and where somebody signs in or up.",
        "403 INVALID_ORIGIN, not 401 UNAUTHORIZED",
        ("origin untrusted: nobody's update-user",),
    ),
    Deliberate(
        "The same.",
        "403 INVALID_ORIGIN, not 200",
        ("origin untrusted: nobody's sign-out",),
    ),
    Deliberate(
        "The same for an origin that a browser hides.",
        "403 MISSING_OR_NULL_ORIGIN, not 401 UNAUTHORIZED",
        ("origin null: nobody's update-user",),
    ),
    Deliberate(
        "The same for an origin that a browser hides.",
        "403 MISSING_OR_NULL_ORIGIN, not 200",
        ("origin null: nobody's sign-out",),
    ),
    # Endpoints that are not here.
    Deliberate(
        "A path that exists refuses another method with 405 and `Allow`.",
        "405 METHOD_NOT_ALLOWED, not 404",
        ("wrong method: *",),
    ),
    Deliberate(
        "The same: a session is read with GET.",
        "405 METHOD_NOT_ALLOWED, not 405 METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
        ("rest: POST /get-session {}*",),
    ),
    Deliberate(
        "There is no page for errors, and without identity providers there are no callbacks that "
        "could redirect to it.",
        "404 NOT_FOUND, not 200",
        ("rest: GET /error *", "rest: GET /callback/:id *", "rest: POST /callback/:id *"),
    ),
    Deliberate(
        "No mail is sent, so nobody follows a link from one: a link returns the error. Better "
        "Auth redirects to the page in the link, which does not exist here.",
        "401 INVALID_TOKEN, not 404",
        ('rest: GET /verify-email {"token":"x","callbackURL":"/new"}*',),
    ),
    Deliberate(
        "The same.",
        "400 INVALID_TOKEN, not 404",
        ('rest: GET /reset-password/:token {"callbackURL":"/new"}*',),
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
        "A filter needs a value that its field can be compared with: a date, or a whole id where "
        "ids are ordered. Better Auth compares all of them as text.",
        "400 VALIDATION_ERROR, not 200",
        (
            "list-members: createdAt * no date",
            "list-members: id * no id",
            "list-members: userId * none",
            "list-members: role contains nothing",
        ),
    ),
    Deliberate(
        "An empty name is the name of no field.",
        "400 VALIDATION_ERROR, not 200",
        ("list-members: by an empty field", "list-members: sorted by an empty field"),
    ),
    Deliberate(
        "A part of a text means exactly that part; in Better Auth `%` and `_` stand for others.",
        "data.members: 0 entries, not 3",
        ("list-members: role contains %",),
    ),
    Deliberate(
        "The same.",
        "data.total: 0, not 3",
        ("list-members: role contains %",),
    ),
    Deliberate(
        "Several values are alternatives, and one value is a list of one.",
        "200, not 500",
        ("list-members: role eq several", "list-members: createdAt in one"),
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
            "list-members: role eq nothing",
            "update-user: name is null",
        ),
    ),
    Deliberate(
        "Better Auth fails where there is nothing to change.",
        "200, not 500",
        ("update: nothing", "update: unknown field"),
    ),
    Deliberate(
        "Null means that a field has no value, where Better Auth accepts it too.",
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

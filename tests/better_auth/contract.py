"""The contract, row by row: what each call returns, and how it refuses."""

import re
from typing import Any

from better_auth.transcripts import Steps

# A shape is a value; a type, for any value of it; a list, for one or more of its entry; an object,
# for an object that has at least these members.
Shape = Any


def _object(members: str, **more: Shape) -> Shape:
    return dict.fromkeys(members.split(), object) | more


USER = _object(
    "id name email emailVerified createdAt updatedAt "
    "firstName lastName licenseNumber specialization phoneNumbers"
)
SESSION = _object(
    "id userId token expiresAt createdAt updatedAt ipAddress userAgent activeOrganizationId"
)
ORGANIZATION = _object("id name slug logo metadata createdAt")
MEMBER = _object("id organizationId userId role createdAt")
MEMBER_WITH_USER = MEMBER | {"user": _object("id name email")}
INVITATION = _object("id organizationId email role status inviterId expiresAt createdAt")
ACCOUNT = _object("id accountId providerId userId createdAt updatedAt", scopes=[])
SUCCESS = {"success": True}
STATUS = {"status": True}

RESPONSES: dict[str, tuple[Shape, ...]] = {
    "POST /sign-up/email": ({"token": str, "user": USER},),
    "POST /sign-in/email": (
        {"redirect": False, "token": str, "user": USER},
        {"redirect": True, "url": str, "token": str, "user": USER},
    ),
    "POST /sign-out": (SUCCESS,),
    "GET /get-session": ({"session": SESSION, "user": USER}, None),
    "GET /list-sessions": ([SESSION],),
    "POST /revoke-session": (STATUS,),
    "POST /revoke-sessions": (STATUS,),
    "POST /revoke-other-sessions": (STATUS,),
    "POST /update-user": (STATUS,),
    "POST /change-password": ({"token": None, "user": USER}, {"token": str, "user": USER}),
    "GET /list-accounts": ([ACCOUNT],),
    "POST /verify-password": (STATUS,),
    "GET /ok": ({"ok": True},),
    "POST /organization/create": (ORGANIZATION | {"members": [MEMBER | {"role": "owner"}]},),
    "POST /organization/check-slug": (STATUS,),
    "GET /organization/list": ([ORGANIZATION], []),
    "POST /organization/set-active": (ORGANIZATION, None),
    "GET /organization/get-full-organization": (
        ORGANIZATION | {"members": [MEMBER_WITH_USER], "invitations": []},
        ORGANIZATION | {"members": [MEMBER_WITH_USER], "invitations": [INVITATION]},
        None,
    ),
    "GET /organization/list-members": (
        {"members": [MEMBER_WITH_USER], "total": int},
        {"members": [], "total": int},
    ),
    "GET /organization/get-active-member": (MEMBER_WITH_USER,),
    "POST /organization/update": (ORGANIZATION,),
    "POST /organization/delete": (ORGANIZATION,),
    "POST /organization/invite-member": (INVITATION,),
    "GET /organization/list-invitations": ([INVITATION],),
    "GET /organization/get-invitation": (
        INVITATION | _object("organizationName organizationSlug inviterEmail"),
    ),
    "POST /organization/accept-invitation": ({"invitation": INVITATION, "member": MEMBER},),
    "POST /organization/reject-invitation": ({"invitation": INVITATION, "member": None},),
    "POST /organization/cancel-invitation": (INVITATION,),
    "POST /organization/update-member-role": (MEMBER,),
    "POST /organization/remove-member": ({"member": MEMBER},),
    "POST /organization/leave": (MEMBER,),
    "POST /organization/has-permission": (
        {"success": True, "error": None},
        {"success": False, "error": None},
    ),
}

NOT_A_MEMBER = "403 USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"
UNKNOWN_INVITATION = "400 INVITATION_NOT_FOUND"
ANOTHER_RECIPIENT = "403 YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION"

REFUSALS: dict[str, tuple[str, ...]] = {
    "POST /sign-up/email": (
        "400 PASSWORD_TOO_SHORT",
        "400 PASSWORD_TOO_LONG",
        "400 VALIDATION_ERROR",
        "422 USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    ),
    "POST /sign-in/email": ("401 INVALID_EMAIL_OR_PASSWORD",),
    "GET /list-sessions": ("401 UNAUTHORIZED",),
    "POST /revoke-session": ("401 UNAUTHORIZED",),
    "POST /revoke-sessions": ("401 UNAUTHORIZED",),
    "POST /revoke-other-sessions": ("401 UNAUTHORIZED",),
    "POST /update-user": (
        "401 UNAUTHORIZED",
        "403 INVALID_ORIGIN",
        "403 MISSING_OR_NULL_ORIGIN",
    ),
    "POST /change-password": ("400 INVALID_PASSWORD", "401 UNAUTHORIZED"),
    "GET /list-accounts": ("401 UNAUTHORIZED",),
    "POST /verify-password": (
        "400 INVALID_PASSWORD",
        "400 PASSWORD_TOO_LONG",
        "400 VALIDATION_ERROR",
        "401 UNAUTHORIZED",
    ),
    # Calls that are not configured.
    "POST /sign-in/social": ("404 PROVIDER_NOT_FOUND", "403 INVALID_CALLBACK_URL"),
    "POST /link-social": ("404 PROVIDER_NOT_FOUND", "401 UNAUTHORIZED"),
    "POST /unlink-account": ("400 FAILED_TO_UNLINK_LAST_ACCOUNT", "401 UNAUTHORIZED"),
    "POST /refresh-token": (
        "400 ACCOUNT_NOT_FOUND",
        "400 PROVIDER_NOT_SUPPORTED",
        "401 UNAUTHORIZED",
    ),
    "POST /get-access-token": (
        "400 ACCOUNT_NOT_FOUND",
        "400 PROVIDER_NOT_SUPPORTED",
        "401 UNAUTHORIZED",
    ),
    "GET /account-info": ("400 ACCOUNT_NOT_FOUND", "400 PROVIDER_NOT_CONFIGURED"),
    "POST /request-password-reset": ("400 RESET_PASSWORD_DISABLED", "403 INVALID_REDIRECT_URL"),
    "POST /reset-password": ("400 INVALID_TOKEN", "400 PASSWORD_TOO_SHORT"),
    "POST /send-verification-email": ("400 VERIFICATION_EMAIL_NOT_ENABLED",),
    "GET /verify-email": ("401 INVALID_TOKEN",),
    "POST /change-email": ("400 CHANGE_EMAIL_DISABLED", "401 UNAUTHORIZED"),
    "POST /delete-user": ("404 NOT_FOUND", "401 UNAUTHORIZED"),
    "GET /delete-user/callback": ("404 NOT_FOUND",),
    "POST /update-session": ("400 NO_FIELDS_TO_UPDATE", "400 FIELD_NOT_ALLOWED"),
    "POST /organization/create": ("400 ORGANIZATION_ALREADY_EXISTS", "401 UNAUTHORIZED"),
    "POST /organization/check-slug": ("400 ORGANIZATION_SLUG_ALREADY_TAKEN",),
    "GET /organization/list": ("401 UNAUTHORIZED",),
    "POST /organization/set-active": (NOT_A_MEMBER,),
    "GET /organization/get-full-organization": (NOT_A_MEMBER,),
    "GET /organization/list-members": ("403 YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION",),
    "GET /organization/get-active-member": ("400 NO_ACTIVE_ORGANIZATION",),
    "POST /organization/update": ("403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION",),
    "POST /organization/delete": ("403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION",),
    "POST /organization/invite-member": (
        "403 YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION",
    ),
    "GET /organization/get-invitation": (UNKNOWN_INVITATION, ANOTHER_RECIPIENT),
    "POST /organization/accept-invitation": (UNKNOWN_INVITATION, ANOTHER_RECIPIENT),
    "POST /organization/reject-invitation": (UNKNOWN_INVITATION, ANOTHER_RECIPIENT),
    "POST /organization/cancel-invitation": (
        UNKNOWN_INVITATION,
        "403 YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION",
    ),
    "POST /organization/update-member-role": ("403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER",),
    "POST /organization/remove-member": (
        "403 YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER",
        "400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",
    ),
    "POST /organization/leave": ("400 YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER",),
}


def fits(value: Any, shape: Shape) -> bool:
    match shape:
        case type():
            return isinstance(value, shape)
        case dict():
            return isinstance(value, dict) and all(
                key in value and fits(value[key], member) for key, member in shape.items()
            )
        case [entry]:
            return isinstance(value, list) and value != [] and all(fits(v, entry) for v in value)
    return bool(value == shape)


def responses_never_returned(steps: Steps) -> list[tuple[str, Shape]]:
    """Return the rows' responses that no step got."""
    return [
        (call, shape)
        for call, shapes in RESPONSES.items()
        for shape in shapes
        if not any(fits(data, shape) for data in _responses(steps, call).values())
    ]


def responses_not_agreed(steps: Steps) -> list[str]:
    """Return the steps whose responses differ from those of their rows."""
    return [
        name
        for call, shapes in RESPONSES.items()
        for name, data in _responses(steps, call).items()
        if not any(fits(data, shape) for shape in shapes)
    ]


def refusals_not_met(outcomes: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the rows' refusals that no step met."""
    rows = ((call, refusal) for call, refusals in REFUSALS.items() for refusal in refusals)
    return [row for row in rows if row not in outcomes]


def endpoints_not_called(steps: Steps) -> list[str]:
    """Return the endpoints of the package that no step called."""
    called = {step["call"] for step in steps.values()}
    listed = steps["all endpoints"]["data"]
    return [endpoint for endpoint in listed if re.sub(r":\w+", "x", endpoint) not in called]


def messages_not_agreed(ours: Steps, theirs: Steps) -> list[str]:
    """Name the calls that are not configured and are refused in other words than there.

    What is wrong with a request, an address to return to, and that somebody has to sign in, we
    say in our own words.
    """
    rest = (name for name in ours if name.startswith("rest: "))
    own = {"VALIDATION_ERROR", "UNAUTHORIZED", "PASSWORD_TOO_SHORT"}
    pairs = ((name, ours[name].get("error", {}), theirs[name].get("error", {})) for name in rest)
    return [
        name
        for name, one, other in pairs
        if other.get("message")
        and one.get("code") == other.get("code")
        and not (one["code"] in own or one["code"].endswith("_URL"))
        and one["message"] != other["message"]
    ]


def _responses(steps: Steps, call: str) -> dict[str, Any]:
    return {
        name: step["data"]
        for name, step in steps.items()
        if step["call"] == call and "data" in step
    }

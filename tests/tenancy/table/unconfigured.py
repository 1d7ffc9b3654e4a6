"""Calls of Better Auth that are not configured here: they do nothing, for any user."""

from typing import Any

from tenancy.cases import Outcome, Row, anybody, refused, signed_in

NO_SUCH_PROVIDER = refused(404, "PROVIDER_NOT_FOUND")
NOT_FOUND = refused(404, "NOT_FOUND")
BAD_TOKEN = refused(400, "INVALID_TOKEN")
ACCOUNT_NOT_FOUND = refused(400, "ACCOUNT_NOT_FOUND")
SOCIAL = {"provider": "google", "userId": "{colleague.id}"}
EMAIL = {"email": "{colleague.email}"}
ANOTHERS = {"accountId": "{colleague.id}", "userId": "{colleague.id}"}


def _row(route: str, outcome: Outcome, *, open_to_all: bool = False, **given: Any) -> Row:
    outcomes = anybody(outcome) if open_to_all else signed_in(outcome)
    return Row(route, "although somebody else is named", outcomes, **given)


UNCONFIGURED = (
    _row("POST /api/auth/sign-in/social", NO_SUCH_PROVIDER, open_to_all=True, body=SOCIAL),
    _row("POST /api/auth/link-social", NO_SUCH_PROVIDER, body=SOCIAL),
    _row(
        "POST /api/auth/unlink-account",
        refused(400, "FAILED_TO_UNLINK_LAST_ACCOUNT"),
        body=ANOTHERS,
    ),
    _row("POST /api/auth/refresh-token", ACCOUNT_NOT_FOUND, body=ANOTHERS),
    _row("POST /api/auth/get-access-token", ACCOUNT_NOT_FOUND, body=ANOTHERS),
    _row("GET /api/auth/account-info", ACCOUNT_NOT_FOUND, query=ANOTHERS),
    _row(
        "POST /api/auth/request-password-reset",
        refused(400, "RESET_PASSWORD_DISABLED"),
        open_to_all=True,
        body=EMAIL,
    ),
    _row(
        "POST /api/auth/reset-password",
        BAD_TOKEN,
        open_to_all=True,
        body={"newPassword": "Password456", "token": "{colleague.token}"},
    ),
    _row(
        "GET /api/auth/reset-password/{token:str}",
        BAD_TOKEN,
        open_to_all=True,
        url="/api/auth/reset-password/{colleague.token}",
        query={"callbackURL": "/"},
    ),
    _row(
        "POST /api/auth/send-verification-email",
        refused(400, "VERIFICATION_EMAIL_NOT_ENABLED"),
        open_to_all=True,
        body=EMAIL,
    ),
    _row(
        "GET /api/auth/verify-email",
        refused(401, "INVALID_TOKEN"),
        open_to_all=True,
        query={"token": "{colleague.token}"},
    ),
    _row(
        "POST /api/auth/change-email",
        refused(400, "CHANGE_EMAIL_DISABLED"),
        body={"newEmail": "{colleague.email}"},
    ),
    _row("POST /api/auth/delete-user", NOT_FOUND, body={"userId": "{colleague.id}"}),
    _row(
        "GET /api/auth/delete-user/callback",
        NOT_FOUND,
        open_to_all=True,
        query={"token": "{colleague.token}"},
    ),
    _row(
        "POST /api/auth/update-session",
        refused(400, "FIELD_NOT_ALLOWED"),
        body={"activeOrganizationId": "{clinic.id}"},
    ),
)

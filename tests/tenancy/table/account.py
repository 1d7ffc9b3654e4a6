"""Routes about the caller: with any input, no other user is touched."""

from tenancy.cases import READS, Row, allowed, anybody, refused, signed_in

PASSWORD = "Password123"
SIGNS_UP = allowed("users", "accounts", "sessions")
WRONG = refused(401, "INVALID_EMAIL_OR_PASSWORD")
NEWCOMER = {"name": "Nell Newcomer", "email": "nell@example.net", "password": PASSWORD}

ACCOUNT = (
    Row(
        "POST /api/auth/sign-up/email",
        "as somebody new",
        anybody(SIGNS_UP),
        body=NEWCOMER,
    ),
    Row(
        "POST /api/auth/sign-up/email",
        "with an address that is taken",
        anybody(refused(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")),
        body={**NEWCOMER, "email": "{colleague.email}"},
    ),
    Row(
        "POST /api/auth/sign-up/email",
        "with the id of somebody else",
        anybody(SIGNS_UP),
        body={**NEWCOMER, "id": "{colleague.id}", "organizationId": "{clinic.id}"},
    ),
    Row(
        "POST /api/auth/sign-in/email",
        "with the password",
        anybody(allowed("sessions"), nobody=WRONG),
        body={"email": "{me.email}", "password": PASSWORD, "userId": "{colleague.id}"},
    ),
    Row(
        "POST /api/auth/sign-in/email",
        "with a wrong password",
        anybody(WRONG),
        body={"email": "{colleague.email}", "password": "password123"},
    ),
    Row(
        "POST /api/auth/sign-out",
        "",
        anybody(allowed("sessions"), nobody=READS),
    ),
    Row(
        "POST /api/auth/update-user",
        "although another is named",
        signed_in(allowed("users")),
        body={"name": "New Name", "id": "{colleague.id}", "userId": "{colleague.id}"},
    ),
    Row(
        "POST /api/auth/update-user",
        "to the address of another",
        signed_in(refused(400, "EMAIL_CAN_NOT_BE_UPDATED")),
        body={"name": "New Name", "email": "{colleague.email}"},
    ),
    Row(
        "POST /api/auth/change-password",
        "although another is named",
        signed_in(allowed("accounts", "sessions")),
        body={
            "currentPassword": PASSWORD,
            "newPassword": "Password456",
            "revokeOtherSessions": True,
            "userId": "{colleague.id}",
            "email": "{colleague.email}",
        },
    ),
    Row(
        "POST /api/auth/change-password",
        "without knowing it",
        signed_in(refused(400, "INVALID_PASSWORD")),
        body={"currentPassword": "password123", "newPassword": "Password456"},
    ),
    Row(
        "POST /api/auth/verify-password",
        "although another is named",
        signed_in(READS),
        body={"password": PASSWORD, "userId": "{colleague.id}"},
    ),
    Row(
        "POST /api/auth/verify-password",
        "without knowing it",
        signed_in(refused(400, "INVALID_PASSWORD")),
        body={"password": "password123"},
    ),
    Row(
        "GET /api/auth/list-accounts",
        "although another is named",
        signed_in(READS),
        query={"userId": "{colleague.id}"},
    ),
    Row("GET /api/auth/ok", "", anybody(READS)),
    Row(
        "GET /api/auth/get-session",
        "",
        anybody(READS, nobody=allowed(response=None)),
    ),
    Row(
        "GET /api/auth/list-sessions",
        "although another is named",
        signed_in(READS),
        query={"userId": "{colleague.id}"},
    ),
    Row(
        "POST /api/auth/revoke-session",
        "of the caller",
        signed_in(allowed("sessions")),
        body={"token": "{me.elsewhere}"},
    ),
    Row(
        "POST /api/auth/revoke-session",
        "of somebody else by token",
        signed_in(READS),
        body={"token": "{colleague.token}"},
    ),
    Row(
        "POST /api/auth/revoke-session",
        "of somebody else as listed",
        signed_in(READS),
        body={"token": "{colleague.listed}"},
    ),
    Row(
        "POST /api/auth/revoke-sessions",
        "although another is named",
        signed_in(allowed("sessions")),
        body={"userId": "{colleague.id}"},
    ),
    Row(
        "POST /api/auth/revoke-other-sessions",
        "although another is named",
        signed_in(allowed("sessions")),
        body={"userId": "{colleague.id}"},
    ),
)

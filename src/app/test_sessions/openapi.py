"""The texts, examples and errors of `POST /api/db/sessions` in the OpenAPI document."""

from functools import partial

from litestar import post
from litestar.openapi.spec import Example, Tag

from app.auth import examples
from app.auth.authentication import SESSION_COOKIE
from app.errors import Refused
from app.seed.database_guard import production_reason, reasons_against_reset
from app.seed.errors import NeverSeeded
from app.seed.openapi import BUSY, documented
from app.test_sessions.errors import UsersNotFound
from app.test_sessions.schemas import DEFAULT_SESSIONS, CreatedSession
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import route
from app.web.request_guard import REASONS

TAG = Tag("Test sessions", "Sign in as several users at once, without their passwords.")
DESCRIPTION = f"""\
Creates a session for each user, by the same code as signing in. Without a body: for the first \
{DEFAULT_SESSIONS} users of the data set.

Send a `token` as `Authorization: Bearer TOKEN`, or send the cookie, or pass `storageState` to \
Playwright's `newContext`. Its cookie is for the host name of this request.

Sessions that exist when a snapshot is taken are valid after each restore of it.
"""
UNKNOWN = UsersNotFound(["ada@example.com"])
_EMAIL, _TOKEN = examples.SIGN_IN["email"], examples.TOKEN
REQUESTS = {
    "first": Example(summary=f"The first {DEFAULT_SESSIONS} users", value={}),
    "one": Example(summary="One user", value={"users": [_EMAIL]}),
}
SESSION = {
    "email": _EMAIL,
    "userId": examples.USER["id"],
    "name": examples.USER["name"],
    "organizationId": examples.CLINIC_ID,
    "organization": examples.CLINIC["name"],
    "role": "owner",
    "token": _TOKEN,
    "cookie": {"name": SESSION_COOKIE, "value": _TOKEN},
    "storageState": {
        "cookies": [
            {
                "name": SESSION_COOKIE,
                "value": _TOKEN,
                "domain": "127.0.0.1",
                "path": "/",
                "expires": 1795512600,
                "httpOnly": True,
                "secure": False,
                "sameSite": "Lax",
            }
        ],
        "origins": [],
    },
}
CREATED = documented(
    list[CreatedSession],
    Example(summary="One user", value=[SESSION]),
    description="In the order of the request.",
)
create = partial(
    route,
    post,
    (
        Refused([production_reason('"production"')]),
        TOO_LARGE,
        UnsupportedMediaType("text/plain"),
        NeverSeeded(),
        BUSY,
    ),
    opt={REASONS: reasons_against_reset},
)

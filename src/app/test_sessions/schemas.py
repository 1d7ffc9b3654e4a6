"""The request and the response of `POST /api/db/sessions`."""

from typing import Annotated, Literal
from uuid import UUID

from litestar.datastructures import Cookie
from msgspec import UNSET, Meta, UnsetType

from app import clock
from app.auth.models import Role
from app.auth.sessions import SignedIn
from app.web.schemas import RequestBody, ResponseBody, Text
from app.web.texts import TEXT

MAX_SESSIONS_AT_ONCE = 100
DEFAULT_SESSIONS = 10


class CreateTestSessions(RequestBody):
    users: (
        Annotated[
            list[Text],
            Meta(
                min_length=1,
                max_length=MAX_SESSIONS_AT_ONCE,
                description="Email addresses or ids. Absent: the first "
                f"{DEFAULT_SESSIONS} users of the data set.",
                extra_json_schema={"items": TEXT},
            ),
        ]
        | UnsetType
    ) = UNSET


class SessionCookie(ResponseBody):
    name: str
    value: str


class StoredCookie(ResponseBody):
    name: str
    value: str
    domain: str
    path: str
    expires: Annotated[int, Meta(description="Seconds since 1970.")]
    http_only: bool
    secure: bool
    same_site: Literal["Strict", "Lax", "None"]


class StoredItem(ResponseBody):
    name: str
    value: str


class StoredOrigin(ResponseBody):
    origin: str
    local_storage: list[StoredItem]


class StorageState(ResponseBody):
    """What Playwright takes as `storageState`. `origins` is always empty."""

    cookies: list[StoredCookie]
    origins: list[StoredOrigin]


class CreatedSession(ResponseBody):
    """`organization` is the active one; it and `role` are null for a user without any."""

    email: str
    user_id: UUID
    name: str
    organization_id: UUID | None
    organization: str | None
    role: Role | None
    token: Annotated[str, Meta(description="Send it as `Authorization: Bearer TOKEN`.")]
    cookie: Annotated[SessionCookie, Meta(description="Or send this cookie.")]
    storage_state: StorageState


def storage_state(signed_in: SignedIn, cookie: Cookie, domain: str) -> StorageState:
    # A browser compares it with the machine's time, not with that of the test clock.
    lifetime = signed_in.session.expires_at - clock.now()
    stored = StoredCookie(
        name=cookie.key,
        value=signed_in.token,
        domain=domain,
        path=cookie.path,
        expires=int((clock.machine_now() + lifetime).timestamp()),
        http_only=bool(cookie.httponly),
        secure=bool(cookie.secure),
        same_site="Lax",
    )
    return StorageState(cookies=[stored], origins=[])

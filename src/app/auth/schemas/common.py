"""What the requests and responses of the identity API have in common."""

import re
from typing import Annotated

from litestar.openapi.spec import OpenAPIFormat
from msgspec import Meta

from app.auth.errors import InvalidEmail
from app.web.schemas import WITHOUT_NUL, RequestBody, Text

# Engines differ on which control characters and marks are \s, so all are named.
_IN_EMAIL = r"[^@\s\u0000-\u001f\u007f-\u009f\ufeff]+"
# Python's $ would let a newline follow.
EMAIL_PATTERN = rf"^{_IN_EMAIL}@{_IN_EMAIL}\.{_IN_EMAIL}$(?!\s)"
MAX_EMAIL = 254
# Only told: `read_email` refuses what is none, with the code that it has in the protocol.
Email = Annotated[
    str,
    Meta(
        examples=["ada@example.com"],
        description="Case is ignored.",
        extra_json_schema={"extra": {"pattern": EMAIL_PATTERN, "max_length": MAX_EMAIL}},
    ),
]


class IdentityRequestBody(RequestBody, forbid_unknown_fields=False):
    """The body of a request; as in Better Auth, unknown fields are ignored."""


Token = Annotated[str, Meta(description="Sign in with it as `Authorization: Bearer …`.")]
# No UUID is asked for: as in Better Auth, an id that cannot be is one that is not found.
Id = Annotated[Text, Meta(extra_json_schema={"extra": {"format": OpenAPIFormat.UUID}})]
# An empty id names none either.
ActiveByDefault = Annotated[
    str | None,
    Meta(
        description="The id of an organization, by default of the active one.",
        extra_json_schema={"extra": {"pattern": WITHOUT_NUL}},
    ),
]


def read_email(text: str) -> str:
    """Raise `InvalidEmail` for what is no address."""
    if len(text) > MAX_EMAIL or not re.search(EMAIL_PATTERN, text):
        raise InvalidEmail
    return text.lower()

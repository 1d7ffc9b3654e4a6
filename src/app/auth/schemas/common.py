"""What the requests and responses of the identity API have in common."""

import re
from typing import Annotated

from litestar.openapi.spec import OpenAPIFormat
from msgspec import Meta

from app.auth.errors import InvalidEmail
from app.web.schemas import WITHOUT_NUL, RequestBody, Text

# Regex engines differ on which control characters \s matches, so all are listed.
_IN_EMAIL = r"[^@\s\u0000-\u001f\u007f-\u009f\ufeff]+"
# Python's $ also matches before a final newline.
EMAIL_PATTERN = rf"^{_IN_EMAIL}@{_IN_EMAIL}\.{_IN_EMAIL}$(?!\s)"
MAX_EMAIL = 254
# Documented only: `read_email` refuses other texts with the code of the protocol.
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


Token = Annotated[str, Meta(description="Send it as `Authorization: Bearer …`.")]
# Documented only: as in Better Auth, an id that is not a UUID is not found.
Id = Annotated[Text, Meta(extra_json_schema={"extra": {"format": OpenAPIFormat.UUID}})]
# An empty id also means the active organization.
ActiveByDefault = Annotated[
    str | None,
    Meta(
        description="The id of an organization. By default the active one.",
        extra_json_schema={"extra": {"pattern": WITHOUT_NUL}},
    ),
]


def read_email(text: str) -> str:
    """Return the address in lower case, or raise `InvalidEmail`."""
    if len(text) > MAX_EMAIL or not re.search(EMAIL_PATTERN, text):
        raise InvalidEmail
    return text.lower()

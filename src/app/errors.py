"""The errors of the domain, with their HTTP status.

DomainError
├── UnusableRequest   400
├── Refused           403
├── the errors of `app.web.errors`
├── the errors of `app.database.errors`
├── the errors of `app.clinic.errors`, and of its availability and treatment plans
├── the errors of `app.seed.errors`
└── IdentityError     the errors of `app.auth.errors`
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

RETRY_AFTER_SECONDS = 2
RETRY_LATER = {"Retry-After": str(RETRY_AFTER_SECONDS)}


class DomainError(Exception):
    """`detail` is the message, and `members` are further members of the problem document."""

    status: HTTPStatus
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


def without_none(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one input. `message` continues a sentence after the name of the field."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"`{self.field}` {self.message}"


class UnusableRequest(DomainError):
    """A wrong request. `errors` lists the wrong fields, for a form that shows each message."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        members = {"errors": [msgspec.to_builtins(error) for error in errors]} if errors else {}
        super().__init__(detail, **members)


class Reason(msgspec.Struct, frozen=True):
    """Why a request is refused, and what to do about it."""

    code: str
    reason: str
    remedy: str


class Refused(DomainError):
    """A request that is refused before anything is written, with all reasons.

    `code` is the code of the first reason unless another one is given.
    """

    status = HTTPStatus.FORBIDDEN

    def __init__(self, reasons: Sequence[Reason], code: str | None = None) -> None:
        listed = " ".join(f"{reason.reason} {reason.remedy}" for reason in reasons)
        detail = f"Refused. Nothing was changed. {listed}"
        super().__init__(
            detail,
            code=code or reasons[0].code,
            message=detail,
            reasons=[msgspec.to_builtins(reason) for reason in reasons],
        )
        self.reasons = reasons

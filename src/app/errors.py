"""Domain errors, each with its HTTP status.

DomainError
├── UnusableRequest   400
├── Refused           403
├── the errors of `app.web.errors`
├── the errors of `app.database.errors`
├── the errors of `app.database.undo.errors`
├── the errors of `app.clinic.errors`, and of its availability and appointments
├── the errors of `app.seed.errors`
├── the errors of `app.test_sessions.errors`
├── the error of `app.test_clinics.errors`
└── IdentityError     the errors of `app.auth.errors`
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

RETRY_AFTER_SECONDS = 2
RETRY_LATER = {"Retry-After": str(RETRY_AFTER_SECONDS)}


class DomainError(Exception):
    """`detail` says what happened and what to do; `members` are added to the problem document."""

    status: HTTPStatus
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


def without_none(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


class FieldError(msgspec.Struct, frozen=True):
    """What is wrong with one input. `message` continues the name of the field."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"`{self.field}` {self.message}"


class UnusableRequest(DomainError):
    """`errors` name the inputs that are wrong, for a form to show each message at its field."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        members = {"errors": [msgspec.to_builtins(error) for error in errors]} if errors else {}
        super().__init__(detail, **members)


class Reason(msgspec.Struct, frozen=True):
    """Why a request is refused, and what the caller can do."""

    code: str
    reason: str
    remedy: str


class Refused(DomainError):
    """Refused before anything is written; names all reasons.

    By default `code` is the code of the first reason.
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

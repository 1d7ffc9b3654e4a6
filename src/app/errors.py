"""The errors of the domain; each carries the status that it has over HTTP.

DomainError
├── UnusableRequest        400
├── SeedingNotAllowed      403
├── SeedAlreadyRunning     409
├── RowsInTheWay           409
├── UnknownRevision        409
├── AuditFailed            500
└── IdentityError              adds `code` and `message`
    ├── InvalidIdentityRequest      400
    ├── PasswordTooShort            400
    ├── PasswordTooLong             400
    ├── InvalidEmailOrPassword      401
    ├── OrganizationAlreadyExists   400
    └── UserAlreadyExists           422
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

RETRY_AFTER_SECONDS = 2
RETRY_LATER = {"Retry-After": str(RETRY_AFTER_SECONDS)}


class DomainError(Exception):
    """`detail` says what to do; `members` stand beside it in the problem document."""

    status: ClassVar[HTTPStatus]
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class UnusableRequest(DomainError):
    status = HTTPStatus.BAD_REQUEST


class SeedingNotAllowed(DomainError):
    status = HTTPStatus.FORBIDDEN


class SeedAlreadyRunning(DomainError):
    status = HTTPStatus.CONFLICT
    headers: ClassVar[Mapping[str, str]] = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "Another seed of this database is running. Nothing was changed by this call: "
            f"try again in {RETRY_AFTER_SECONDS} seconds."
        )


class RowsInTheWay(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self) -> None:
        super().__init__(
            "Rows of a table that Seedbed does not know refer to rows that would be deleted. "
            "Nothing was changed: delete them, or use reset=drop, which drops such tables too."
        )


class UnknownRevision(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at migration {revision}, which this code does not have. Nothing was "
            "changed: check out the code that made it, or use reset=drop to begin afresh."
        )


class AuditFailed(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, violations: Mapping[str, list[str]]) -> None:
        broken = "; ".join(f"{rule} ({', '.join(rows)})" for rule, rows in violations.items())
        super().__init__(
            f"The new data set breaks its own rules, so the old one was kept: {broken}. "
            "This is a defect of Seedbed: please report it with the parameters of the call.",
            violations=[{"rule": rule, "rows": rows} for rule, rows in violations.items()],
        )


class IdentityError(DomainError):
    code: ClassVar[str]

    def __init__(self, detail: str) -> None:
        super().__init__(detail, code=self.code, message=detail)


class InvalidIdentityRequest(IdentityError):
    status = HTTPStatus.BAD_REQUEST
    code = "VALIDATION_ERROR"


class PasswordTooShort(IdentityError):
    status = HTTPStatus.BAD_REQUEST
    code = "PASSWORD_TOO_SHORT"


class PasswordTooLong(IdentityError):
    status = HTTPStatus.BAD_REQUEST
    code = "PASSWORD_TOO_LONG"


class InvalidEmailOrPassword(IdentityError):
    status = HTTPStatus.UNAUTHORIZED
    code = "INVALID_EMAIL_OR_PASSWORD"

    def __init__(self) -> None:
        super().__init__("Invalid email or password")


class OrganizationAlreadyExists(IdentityError):
    status = HTTPStatus.BAD_REQUEST
    code = "ORGANIZATION_ALREADY_EXISTS"

    def __init__(self) -> None:
        super().__init__("An organization with this slug exists already: choose another slug")


class UserAlreadyExists(IdentityError):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"

    def __init__(self) -> None:
        super().__init__("User already exists. Use another email.")

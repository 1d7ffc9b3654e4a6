"""Errors of the Better Auth protocol: each has a `code` for clients and a `message` to show.

IdentityError
├── the errors of `app.auth.organization_errors`
├── InvalidIdentityRequest            400
├── InvalidEmail                      400
├── NothingToUpdate                   400
├── EmailCannotBeUpdated              400
├── PasswordTooShort                  400
├── PasswordTooLong                   400
├── InvalidPassword                   400
├── Unauthorized                      401
├── InvalidEmailOrPassword            401
├── InvalidReturnAddress              403
├── IdentityRequestTooLarge           413
├── IdentityUnsupportedMediaType      415
├── UserAlreadyExists                 422
├── TooManyRequests                   429
├── IdentityUnavailable               503
└── NotConfigured                     as Better Auth
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

from app.errors import DomainError, Reason, Refused
from app.web.errors import UnsupportedMediaType
from app.web.origins import CROSS_SITE


class IdentityError(DomainError):
    """`message` is the default; an error can be raised with another one."""

    status = HTTPStatus.BAD_REQUEST
    code: str
    message: str = ""

    def __init__(self, message: str = "") -> None:
        detail = message or self.message
        super().__init__(detail, code=self.code, message=detail)


class InvalidIdentityRequest(IdentityError):
    code = "VALIDATION_ERROR"


class InvalidEmail(IdentityError):
    code = "INVALID_EMAIL"
    message = "Invalid email: it must be an email address, such as ada@example.com"


class NothingToUpdate(IdentityError):
    code = "NO_FIELDS_TO_UPDATE"
    message = "No fields to update"


class EmailCannotBeUpdated(IdentityError):
    code = "EMAIL_CAN_NOT_BE_UPDATED"
    message = "Email can not be updated"


class PasswordTooShort(IdentityError):
    code = "PASSWORD_TOO_SHORT"


class PasswordTooLong(IdentityError):
    code = "PASSWORD_TOO_LONG"


class InvalidPassword(IdentityError):
    code = "INVALID_PASSWORD"
    message = "Invalid password"


class Unauthorized(IdentityError):
    status = HTTPStatus.UNAUTHORIZED
    code = "UNAUTHORIZED"
    message = "Unauthorized: sign in first"


class InvalidEmailOrPassword(IdentityError):
    status = HTTPStatus.UNAUTHORIZED
    code = "INVALID_EMAIL_OR_PASSWORD"
    message = "Invalid email or password"


class Forbidden(IdentityError):
    status = HTTPStatus.FORBIDDEN


class InvalidReturnAddress(Forbidden):
    """A return URL on another site."""

    codes: ClassVar[Mapping[str, str]] = {
        "callbackURL": "INVALID_CALLBACK_URL",
        "redirectTo": "INVALID_REDIRECT_URL",
        "errorCallbackURL": "INVALID_ERROR_CALLBACK_URL",
        "newUserCallbackURL": "INVALID_NEW_USER_CALLBACK_URL",
    }

    def __init__(self, field: str = "callbackURL") -> None:
        self.code = self.codes[field]
        super().__init__(
            f"Invalid {field}: it must be a path, or a page of this server or of one of the "
            "TRUSTED_ORIGINS"
        )


class IdentityRequestTooLarge(IdentityError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "PAYLOAD_TOO_LARGE"


class IdentityUnsupportedMediaType(IdentityError):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    headers = UnsupportedMediaType.headers
    code = "UNSUPPORTED_MEDIA_TYPE"


class UserAlreadyExists(IdentityError):
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"
    message = "User already exists. Use another email."


class TooManyRequests(IdentityError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "TOO_MANY_REQUESTS"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts. Try again in {seconds} seconds.")
        # Better Auth's client reads the second.
        self.headers = {"Retry-After": str(seconds), "X-Retry-After": str(seconds)}


class IdentityUnavailable(IdentityError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "SERVICE_UNAVAILABLE"


class NotConfigured(IdentityError):
    """The error of a Better Auth server without mail, a provider or a feature."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(message)


def refused_origin(reasons: Sequence[Reason], origin: str | None) -> Refused:
    """Return a refusal of the request guard with the `Origin` codes of Better Auth."""
    code = None
    if CROSS_SITE in reasons:
        is_given = origin and origin != "null"
        code = "INVALID_ORIGIN" if is_given else "MISSING_OR_NULL_ORIGIN"
    return Refused(reasons, code)

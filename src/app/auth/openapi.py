"""How the identity endpoints present themselves on the OpenAPI page."""

from collections.abc import Callable
from dataclasses import dataclass

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Link,
    SecurityRequirement,
    SecurityScheme,
    Tag,
)
from litestar.types import AnyCallable

from app.auth.authentication import SESSION_COOKIE
from app.auth.errors import (
    IdentityRequestTooLarge,
    IdentityUnavailable,
    IdentityUnsupportedMediaType,
    InvalidIdentityRequest,
    TooManyRequests,
    Unauthorized,
    refused_origin,
)
from app.errors import DomainError
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import ExampleOperation
from app.web.origins import CROSS_SITE
from app.web.problem_details import NO_TABLES, by_status, problems

SECURITY_SCHEMES = {
    "token": SecurityScheme(
        type="http", scheme="bearer", description="The `token` that signing in or up answers."
    ),
    "cookie": SecurityScheme(
        type="apiKey",
        security_scheme_in="cookie",
        name=SESSION_COOKIE,
        description="A browser keeps it from signing in or up.",
    ),
}
SIGNED_IN: list[SecurityRequirement] = [{"token": []}, {"cookie": []}]
ANYBODY: list[SecurityRequirement] = [*SIGNED_IN, {}]

INVALID = InvalidIdentityRequest(
    "Nothing was changed. Please correct `slug`: expected `str`, got `int`."
)
UNTRUSTED = (
    refused_origin([CROSS_SITE], "https://other.example"),
    refused_origin([CROSS_SITE], "null"),
)
TOO_MANY = TooManyRequests(240)
NOT_JSON = IdentityUnsupportedMediaType(UnsupportedMediaType("text/plain").detail)

TAGS = [
    Tag(
        "Identity",
        "Sign up, in and out; who is calling, and where one is signed in.\n\n"
        "Calls of Better Auth that send mail, need an identity provider or delete a user are not "
        "available: `sign-in/social`, `link-social`, `unlink-account`, `refresh-token`, "
        "`get-access-token`, `account-info`, `request-password-reset`, `reset-password`, "
        "`send-verification-email`, `verify-email`, `change-email`, `update-session` and "
        "`delete-user`. They return the `code` and the `message` of a Better Auth server on which "
        "they are not configured, such as `400 RESET_PASSWORD_DISABLED`.",
    ),
    Tag("Organizations", "Clinics. One of them is active: what names no other is about that one."),
    Tag("Members", "Who belongs to an organization, as its `owner`, an `admin` or a `member`."),
    Tag("Invitations", "How an address becomes a member: one invites it, and its user accepts."),
]


def refusals(*errors: DomainError) -> dict[int, ResponseSpec]:
    """Document these errors, and those that every identity endpoint has."""
    always = (IdentityRequestTooLarge(TOO_LARGE), IdentityUnavailable(NO_TABLES))
    return problems(by_status(*errors, *always))


def read(
    path: str, operation_id: str, summary: str, *errors: DomainError, description: str | None = None
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declare what only reads, for who is signed in."""
    return get(
        path,
        operation_id=operation_id,
        operation_class=ExampleOperation,
        summary=summary,
        description=description,
        security=SIGNED_IN,
        responses=refusals(Unauthorized(), *errors),
    )


def change(
    path: str, operation_id: str, summary: str, *errors: DomainError, description: str | None = None
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declare what changes something, for who is signed in."""
    return post(
        path,
        operation_id=operation_id,
        operation_class=ExampleOperation,
        summary=summary,
        description=description,
        status_code=200,
        security=SIGNED_IN,
        responses=refusals(Unauthorized(), *UNTRUSTED, NOT_JSON, *errors),
    )


@dataclass
class SigningInOperation(ExampleOperation):
    """Adds what the token of the answer is for."""

    def __post_init__(self) -> None:
        super().__post_init__()
        token = {"header.Authorization": "Bearer {$response.body#/token}"}
        self.link("200", "getSession", Link(operation_id="getSession", parameters=token))
        self.link("200", "signOut", Link(operation_id="signOut", parameters=token))


@dataclass
class SigningUpOperation(SigningInOperation):
    """Adds as well that one may sign in from now on."""

    def __post_init__(self) -> None:
        super().__post_init__()
        credentials = {
            "email": "$response.body#/user/email",
            "password": "$request.body#/password",
        }
        self.link("200", "signIn", Link(operation_id="signIn", request_body=credentials))

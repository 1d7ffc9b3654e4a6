"""How the identity endpoints present themselves on the OpenAPI page."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Link,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    RequestBody,
    SecurityRequirement,
    SecurityScheme,
    Tag,
)
from litestar.types import AnyCallable

from app.auth import examples
from app.auth.authentication import SESSION_COOKIE
from app.auth.errors import IdentityRequestTooLarge, InvalidIdentityRequest, Unauthorized
from app.bodies import TOO_LARGE
from app.callers import CROSS_SITE
from app.errors import DomainError, Refused
from app.openapi import DocumentedOperation
from app.problems import NO_TABLES, Refusal, problems

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
UNTRUSTED = Refused([CROSS_SITE])

TAGS = [
    Tag("Identity", "Sign up, in and out; who is calling, and where one is signed in."),
    Tag("Organizations", "Clinics. One of them is active: what names no other is about that one."),
    Tag("Members", "Who belongs to an organization, as its `owner`, an `admin` or a `member`."),
    Tag("Invitations", "How an address becomes a member: one invites it, and its user accepts."),
]


def refusals(*errors: DomainError) -> dict[int, ResponseSpec]:
    """Document these errors, and those that every identity endpoint has."""
    by_status: dict[int, list[Refusal]] = defaultdict(list)
    for error in (*errors, IdentityRequestTooLarge(TOO_LARGE)):
        by_status[error.status].append(error)
    by_status[503].append(NO_TABLES)
    return problems(by_status)


def read(
    path: str, operation_id: str, summary: str, *errors: DomainError, description: str | None = None
) -> Callable[[AnyCallable], HTTPRouteHandler]:
    """Declare what only reads, for who is signed in."""
    return get(
        path,
        operation_id=operation_id,
        operation_class=IdentityOperation,
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
        operation_class=IdentityOperation,
        summary=summary,
        description=description,
        status_code=200,
        security=SIGNED_IN,
        responses=refusals(Unauthorized(), UNTRUSTED, *errors),
    )


@dataclass
class IdentityOperation(DocumentedOperation):
    """Adds the examples of what is sent and answered."""

    def __post_init__(self) -> None:
        super().__post_init__()
        name = self.operation_id or ""
        for body in _bodies_sent(self):
            body.example = examples.as_sent(examples.REQUESTS.get(name))
        for body in _bodies_answered(self):
            body.example = examples.as_sent(examples.ANSWERS.get(name))


@dataclass
class SigningInOperation(IdentityOperation):
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


def forget_seeded_people(document: OpenAPI) -> None:
    """Take out of the document, where nobody is seeded, whom one could be."""
    for path in (document.paths or {}).values():
        for operation in filter(None, (path.get, path.post)):
            for body in (*_bodies_sent(operation), *_bodies_answered(operation)):
                if body.example and examples.names_seeded(body.example):
                    body.example = None


def _bodies_sent(operation: Operation) -> list[OpenAPIMediaType]:
    body = operation.request_body
    return list(body.content.values()) if isinstance(body, RequestBody) else []


def _bodies_answered(operation: Operation) -> list[OpenAPIMediaType]:
    answer = (operation.responses or {}).get("200")
    return list((answer.content or {}).values()) if isinstance(answer, OpenAPIResponse) else []

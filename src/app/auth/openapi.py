"""How the identity endpoints present themselves on the OpenAPI page."""

from collections import defaultdict
from dataclasses import dataclass

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    Link,
    OpenAPI,
    RequestBody,
    Schema,
    SecurityRequirement,
    SecurityScheme,
)

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
# How one who must be signed in is refused: who reads, and who changes something.
READ: tuple[DomainError, ...] = (Unauthorized(),)
CHANGE: tuple[DomainError, ...] = (Unauthorized(), UNTRUSTED)

SEEDED_SIGN_IN = Example(
    summary="A user of the default data set",
    value={"email": "edward.papadopoulos@example.com", "password": "Password123"},
)


def refusals(*errors: DomainError) -> dict[int, ResponseSpec]:
    """Document these errors, and those that every identity endpoint has."""
    by_status: dict[int, list[Refusal]] = defaultdict(list)
    for error in (*errors, IdentityRequestTooLarge(TOO_LARGE)):
        by_status[error.status].append(error)
    by_status[503].append(NO_TABLES)
    return problems(by_status)


@dataclass
class SigningInOperation(DocumentedOperation):
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
    operation = (document.paths or {})["/api/auth/sign-in/email"].post
    if operation and isinstance(operation.request_body, RequestBody):
        operation.description = None
        asked = [body.schema for body in operation.request_body.content.values()]
        for schema in (*asked, *document.components.schemas.values()):
            if isinstance(schema, Schema) and schema.examples == [SEEDED_SIGN_IN.value]:
                schema.examples = None

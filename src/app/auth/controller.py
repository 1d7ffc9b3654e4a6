"""Signing up, in and out over HTTP, as Better Auth's client speaks it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.openapi.spec import (
    Example,
    Link,
    OpenAPI,
    RequestBody,
    Schema,
    SecurityRequirement,
    SecurityScheme,
)
from litestar.params import Body, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions, users
from app.auth.attempts import Attempts
from app.auth.passwords import Passwords
from app.auth.schemas import (
    CurrentSession,
    SessionAnswer,
    SignInAnswer,
    SignInRequest,
    SignUpAnswer,
    SignUpRequest,
    Success,
    UserAnswer,
)
from app.auth.sessions import SESSION_LIFETIME, Client, SignedIn
from app.auth.users import NewUser
from app.bodies import TOO_LARGE
from app.callers import CROSS_SITE
from app.errors import IdentityRequestTooLarge, InvalidIdentityRequest, Refused
from app.openapi import DocumentedOperation
from app.problems import NO_TABLES, answer_problem, describe_invalid, problems
from app.settings import Environment, Settings

SESSION_COOKIE = "better-auth.session_token"
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
# Either of them, or none: then nobody is calling.
SESSION_TOKEN: list[SecurityRequirement] = [{"token": []}, {"cookie": []}, {}]

UNTRUSTED = Refused([CROSS_SITE])
TOO_MANY = "Too many attempts: try again in 240 seconds"
HINTS = {"email": "must be an e-mail address"}
SEEDED_SIGN_IN = Example(
    summary="A user of the default data set",
    value={"email": "edward.papadopoulos@example.com", "password": "Password123"},
)


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


def _refuse_invalid(request: Request[Any, Any, Any], error: ClientException) -> Response[Any]:
    return answer_problem(request, InvalidIdentityRequest(describe_invalid(error, HINTS)))


def _refuse_too_large(request: Request[Any, Any, Any], _error: Exception) -> Response[Any]:
    return answer_problem(request, IdentityRequestTooLarge(TOO_LARGE))


class IdentityController(Controller):
    path = "/api/auth"
    tags = ("Identity",)
    exception_handlers = {
        ClientException: _refuse_invalid,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _refuse_too_large,
    }

    @post(
        "/sign-up/email",
        operation_id="signUp",
        operation_class=SigningUpOperation,
        summary="Create a user and sign in",
        status_code=200,
        responses=problems(
            {
                400: "Password too short: it takes 8 characters",
                403: UNTRUSTED,
                413: TOO_LARGE,
                422: "User already exists. Use another email.",
                429: TOO_MANY,
                503: NO_TABLES,
            }
        ),
    )
    async def sign_up(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[SignUpRequest],
        session: NamedDependency[AsyncSession],
        attempts: NamedDependency[Attempts],
        passwords: NamedDependency[Passwords],
        settings: NamedDependency[Settings],
    ) -> Response[SignUpAnswer]:
        client = _client(request)
        await attempts.sign_up(data.email, client.ip_address)
        new_user = NewUser(
            name=data.name,
            email=data.email,
            password=data.password,
            image=data.image,
            first_name=data.first_name,
            last_name=data.last_name,
            license_number=data.license_number,
            specialization=data.specialization,
            phone_numbers=msgspec.to_builtins(data.phone_numbers),
        )
        user = await users.sign_up(session, passwords, new_user)
        signed_in = await sessions.open_session(session, user, client)
        return Response(
            SignUpAnswer(token=signed_in.token, user=_user(signed_in)),
            cookies=[_cookie(signed_in.token, settings, remember_me=data.remember_me)],
        )

    @post(
        "/sign-in/email",
        operation_id="signIn",
        operation_class=SigningInOperation,
        summary="Sign in with e-mail and password",
        description="A seeded user signs in with `Password123`.",
        status_code=200,
        responses=problems(
            {
                400: "Nothing was changed. Please correct `email`: must be an e-mail address.",
                401: "Invalid email or password",
                403: UNTRUSTED,
                413: TOO_LARGE,
                429: TOO_MANY,
                503: NO_TABLES,
            }
        ),
    )
    async def sign_in(
        self,
        request: Request[Any, Any, Any],
        data: Annotated[SignInRequest, Body(examples=[SEEDED_SIGN_IN])],
        session: NamedDependency[AsyncSession],
        attempts: NamedDependency[Attempts],
        passwords: NamedDependency[Passwords],
        settings: NamedDependency[Settings],
    ) -> Response[SignInAnswer]:
        client = _client(request)
        async with attempts.sign_in(data.email, client.ip_address):
            signed_in = await sessions.sign_in(
                session, passwords, data.email, data.password, client
            )
        return Response(
            SignInAnswer(token=signed_in.token, user=_user(signed_in)),
            cookies=[_cookie(signed_in.token, settings, remember_me=data.remember_me)],
        )

    @get(
        "/get-session",
        operation_id="getSession",
        operation_class=DocumentedOperation,
        summary="Who is calling; null for nobody",
        security=SESSION_TOKEN,
        responses=problems({413: TOO_LARGE, 503: NO_TABLES}),
    )
    async def get_session(
        self, request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]
    ) -> CurrentSession | None:
        token = _token(request)
        found = await sessions.find_session(session, token) if token else None
        return CurrentSession(session=_session(found), user=_user(found)) if found else None

    @post(
        "/sign-out",
        operation_id="signOut",
        operation_class=DocumentedOperation,
        summary="End the session",
        status_code=200,
        security=SESSION_TOKEN,
        responses=problems({403: UNTRUSTED, 413: TOO_LARGE, 503: NO_TABLES}),
    )
    async def sign_out(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
    ) -> Response[Success]:
        if token := _token(request):
            await sessions.sign_out(session, token)
        gone = _cookie("", settings, remember_me=True)
        gone.max_age = 0
        return Response(Success(), cookies=[gone])


def _token(request: Request[Any, Any, Any]) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.cookies.get(SESSION_COOKIE)


def _client(request: Request[Any, Any, Any]) -> Client:
    host = request.client.host if request.client else None
    return Client(ip_address=host, user_agent=request.headers.get("User-Agent"))


def _cookie(token: str, settings: Settings, *, remember_me: bool) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        max_age=int(SESSION_LIFETIME.total_seconds()) if remember_me else None,
        httponly=True,
        samesite="lax",
        secure=settings.environment is Environment.PRODUCTION,
    )


def _user(signed_in: SignedIn) -> UserAnswer:
    return msgspec.convert(signed_in.user, UserAnswer, from_attributes=True)


def _session(signed_in: SignedIn) -> SessionAnswer:
    row = signed_in.session
    return SessionAnswer(
        id=row.id,
        user_id=row.user_id,
        token=signed_in.token,
        expires_at=row.expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        ip_address=row.ip_address,
        user_agent=row.user_agent,
        active_organization_id=row.active_organization_id,
    )

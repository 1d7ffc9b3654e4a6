"""Signing up, in and out, and what users may change of themselves."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions, users
from app.auth.attempts import Attempts
from app.auth.authentication import (
    client_of,
    no_session_cookie,
    session_cookie,
    token_of,
)
from app.auth.errors import (
    EmailCannotBeUpdated,
    InvalidEmail,
    InvalidEmailOrPassword,
    InvalidReturnAddress,
    NothingToUpdate,
    PasswordTooLong,
    PasswordTooShort,
    UserAlreadyExists,
)
from app.auth.openapi import (
    ANYBODY,
    INVALID,
    NOT_JSON,
    TOO_MANY,
    UNTRUSTED,
    SigningInOperation,
    SigningUpOperation,
    change,
    refusals,
)
from app.auth.passwords import Passwords
from app.auth.schemas.account import (
    Done,
    Healthy,
    SignInRequest,
    SignInResponse,
    SignUpRequest,
    SignUpResponse,
    Success,
    UpdateUserRequest,
    user_response,
)
from app.auth.schemas.common import given, read_email
from app.auth.sessions import MAX_SESSIONS, SignedIn
from app.auth.users import TOO_LONG, TOO_SHORT, NewUser
from app.database.engine import new_session
from app.settings import Settings
from app.web.headers import SET_AUTH_TOKEN
from app.web.openapi import ExampleOperation, OrderedController

LISTS = {"specialization", "phone_numbers"}  # of which null says that they are empty


class AccountController(OrderedController):
    tags = ("Identity",)

    @post(
        "/sign-up/email",
        operation_id="signUp",
        operation_class=SigningUpOperation,
        summary="Create a user and sign in",
        description="A new user belongs to no organization yet.",
        status_code=200,
        responses=refusals(
            PasswordTooShort(TOO_SHORT),
            PasswordTooLong(TOO_LONG),
            INVALID,
            InvalidReturnAddress(),
            *UNTRUSTED,
            NOT_JSON,
            UserAlreadyExists(),
            TOO_MANY,
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
    ) -> Response[SignUpResponse]:
        client = client_of(request, remember_me=data.remember_me)
        await attempts.sign_up(data.email, client.ip_address)
        new_user = NewUser(
            name=data.name,
            email=data.email,
            password=data.password,
            image=data.image,
            first_name=data.first_name,
            last_name=data.last_name,
            license_number=data.license_number,
            specialization=data.specialization or [],
            phone_numbers=msgspec.to_builtins(data.phone_numbers or []),
        )
        user = await users.sign_up(session, passwords, new_user)
        signed_in = await sessions.open_session(session, user, client)
        return Response(
            SignUpResponse(token=signed_in.token, user=user_response(user)),
            headers={SET_AUTH_TOKEN: signed_in.token},
            cookies=[session_cookie(signed_in, settings)],
        )

    @post(
        "/sign-in/email",
        operation_id="signIn",
        operation_class=SigningInOperation,
        summary="Sign in with e-mail and password",
        description="A browser keeps the cookie; another program sends the `token`. "
        "The organization that one joined first is active then. "
        f"A user can have {MAX_SESSIONS} sessions; a new one ends the oldest.",
        status_code=200,
        responses=refusals(
            InvalidEmail(),
            PasswordTooLong(TOO_LONG),
            INVALID,
            InvalidEmailOrPassword(),
            InvalidReturnAddress(),
            *UNTRUSTED,
            NOT_JSON,
            TOO_MANY,
        ),
    )
    async def sign_in(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[SignInRequest],
        session: NamedDependency[AsyncSession],
        attempts: NamedDependency[Attempts],
        passwords: NamedDependency[Passwords],
        settings: NamedDependency[Settings],
    ) -> Response[SignInResponse]:
        client = client_of(request, remember_me=data.remember_me)
        email = read_email(data.email)
        async with attempts.sign_in(email, client.ip_address):
            users.check_not_too_long(data.password)
            async with new_session(request.app.state, reads_only=True) as reading:
                credential = await users.find_credential(reading, email)
            verified = await users.verify_credential(passwords, credential, data.password)
            signed_in = await sessions.sign_in(session, email, verified, client)
        return Response(
            SignInResponse(
                token=signed_in.token,
                user=user_response(signed_in.user),
                redirect=bool(data.callback_url),
                url=UNSET if data.callback_url is None else data.callback_url,
            ),
            headers={SET_AUTH_TOKEN: signed_in.token},
            cookies=[session_cookie(signed_in, settings)],
        )

    @post(
        "/sign-out",
        operation_id="signOut",
        operation_class=ExampleOperation,
        summary="End the session",
        status_code=200,
        security=ANYBODY,
        responses=refusals(*UNTRUSTED, NOT_JSON),
    )
    async def sign_out(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
    ) -> Response[Success]:
        if token := token_of(request):
            await sessions.sign_out(session, token)
        return Response(Success(), cookies=[no_session_cookie(settings)])

    @change(
        "/update-user",
        "updateUser",
        "Change what is known of oneself",
        INVALID,
        NothingToUpdate(),
        EmailCannotBeUpdated(),
    )
    async def update_user(
        self,
        data: JSONBody[UpdateUserRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> Done:
        changes = given(data)
        if "email" in changes:
            raise EmailCannotBeUpdated
        for name in LISTS & changes.keys():
            changes[name] = changes[name] or []
        await users.update_user(session, signed_in.user, changes)
        return Done()

    @get(
        "/ok",
        operation_id="checkIdentityApi",
        operation_class=ExampleOperation,
        summary="Check that the identity API answers",
        description="For health checks. It does not use the database.",
        responses=refusals(),
    )
    async def ok(self) -> Healthy:
        return Healthy()

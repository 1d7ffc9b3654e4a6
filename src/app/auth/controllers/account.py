"""Signing up, in and out, and what users may change of themselves."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions, users
from app.auth.attempts import Attempts
from app.auth.authentication import (
    client_of,
    find_signed_in,
    no_session_cookie,
    provide_signed_in,
    session_cookie,
)
from app.auth.errors import (
    EmailCannotBeUpdated,
    InvalidCallbackUrl,
    InvalidEmail,
    InvalidEmailOrPassword,
    InvalidPassword,
    NothingToUpdate,
    PasswordTooLong,
    PasswordTooShort,
    TooManyRequests,
    UserAlreadyExists,
)
from app.auth.models import User
from app.auth.openapi import (
    ANYBODY,
    INVALID,
    NOT_JSON,
    UNTRUSTED,
    SigningInOperation,
    SigningUpOperation,
    change,
    refusals,
)
from app.auth.passwords import Passwords
from app.auth.schemas.account import (
    ChangePasswordAnswer,
    ChangePasswordRequest,
    Done,
    SignInAnswer,
    SignInRequest,
    SignUpAnswer,
    SignUpRequest,
    Success,
    UpdateUserRequest,
    UserAnswer,
)
from app.auth.schemas.common import given, read_email
from app.auth.sessions import MAX_SESSIONS, SignedIn
from app.auth.users import TOO_LONG, TOO_SHORT, Credential, NewUser
from app.callers import may_lead_to
from app.database import new_session
from app.headers import SET_AUTH_TOKEN
from app.openapi import ExampleOperation, OrderedController
from app.settings import Settings

TOO_MANY = TooManyRequests(240)
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
            InvalidCallbackUrl(),
            UNTRUSTED,
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
    ) -> Response[SignUpAnswer]:
        client = client_of(request, remember_me=data.remember_me)
        if data.callback_url:
            _check_callback(request, data.callback_url, settings)
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
            SignUpAnswer(token=signed_in.token, user=_user(user)),
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
            InvalidCallbackUrl(),
            UNTRUSTED,
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
    ) -> Response[SignInAnswer]:
        client = client_of(request, remember_me=data.remember_me)
        email = read_email(data.email)
        if data.callback_url:
            _check_callback(request, data.callback_url, settings)
        async with attempts.sign_in(email, client.ip_address):
            users.check_not_too_long(data.password)
            async with new_session(request.app.state, reads_only=True) as reading:
                credential = await users.find_credential(reading, email)
            verified = await users.verify_credential(passwords, credential, data.password)
            signed_in = await sessions.sign_in(session, email, verified, client)
        return Response(
            SignInAnswer(
                token=signed_in.token,
                user=_user(signed_in.user),
                redirect=bool(data.callback_url),
                url=data.callback_url or UNSET,
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
        responses=refusals(UNTRUSTED, NOT_JSON),
    )
    async def sign_out(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        settings: NamedDependency[Settings],
    ) -> Response[Success]:
        if signed_in := await find_signed_in(request, session):
            await sessions.sign_out(session, signed_in.token)
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

    @change(
        "/change-password",
        "changePassword",
        "Change one's password",
        InvalidPassword(),
        PasswordTooShort(TOO_SHORT),
        PasswordTooLong(TOO_LONG),
        INVALID,
        TOO_MANY,
        description="With `revokeOtherSessions` one goes on with the new `token`, or its cookie.",
    )
    async def change_password(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[ChangePasswordRequest],
        session: NamedDependency[AsyncSession],
        credential: NamedDependency[Credential],
        attempts: NamedDependency[Attempts],
        passwords: NamedDependency[Passwords],
        settings: NamedDependency[Settings],
    ) -> Response[ChangePasswordAnswer]:
        async with attempts.change_password(credential.user_id):
            new_hash = await users.hash_new_password(
                passwords, credential, data.current_password, data.new_password
            )
            # The transaction of the request begins here, after all hashing.
            signed_in = await provide_signed_in(request, session)
            await users.change_password(session, credential, new_hash)
        user = signed_in.user
        client = client_of(request, remember_me=signed_in.is_remembered)
        if not data.revoke_other_sessions:
            return Response(ChangePasswordAnswer(token=None, user=_user(user)))
        renewed = await sessions.renew_session(session, signed_in, client)
        return Response(
            ChangePasswordAnswer(token=renewed.token, user=_user(user)),
            headers={SET_AUTH_TOKEN: renewed.token},
            cookies=[session_cookie(renewed, settings)],
        )


def _check_callback(request: Request[Any, Any, Any], url: str, settings: Settings) -> None:
    if not may_lead_to(url, request.headers.get("Host", ""), settings):
        raise InvalidCallbackUrl


def _user(user: User) -> UserAnswer:
    return msgspec.convert(user, UserAnswer, from_attributes=True)

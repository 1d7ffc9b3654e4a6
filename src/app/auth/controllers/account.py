"""Sign up, sign in, sign out, and update my user."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import UNSET
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import examples, sessions, users
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
    AFTER_SIGN_IN,
    AFTER_SIGN_UP,
    INVALID,
    PUBLIC,
    TOO_MANY,
    change,
    public_change,
    public_read,
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
    UserResponse,
)
from app.auth.schemas.common import read_email
from app.auth.sessions import MAX_SESSIONS, SignedIn
from app.auth.users import TOO_LONG, TOO_SHORT, NewUser
from app.database.engine import new_session
from app.settings import Settings
from app.web.headers import SET_AUTH_TOKEN
from app.web.openapi import OrderedController


class AccountController(OrderedController):
    tags = ("Identity",)

    @public_change(
        "/sign-up/email",
        "signUp",
        "Sign up with email and password",
        PasswordTooShort(TOO_SHORT),
        PasswordTooLong(TOO_LONG),
        INVALID,
        InvalidReturnAddress(),
        UserAlreadyExists(),
        TOO_MANY,
        description="A new user belongs to no organization yet.",
        request={"name": "Ada Example", "email": examples.ADA, "password": "a long passphrase"},
        response={"token": examples.TOKEN, "user": examples.NEW_USER},
        links=AFTER_SIGN_UP,
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
            SignUpResponse(token=signed_in.token, user=UserResponse.of(user)),
            headers={SET_AUTH_TOKEN: signed_in.token},
            cookies=[session_cookie(signed_in, settings)],
        )

    @public_change(
        "/sign-in/email",
        "signIn",
        "Sign in with email and password",
        InvalidEmail(),
        PasswordTooLong(TOO_LONG),
        INVALID,
        InvalidEmailOrPassword(),
        InvalidReturnAddress(),
        TOO_MANY,
        description="Browsers store the cookie; other programs send the `token`. The active "
        "organization is the first that the user joined. A user can have "
        f"{MAX_SESSIONS} sessions; a new one ends the oldest.",
        request=examples.SIGN_IN,
        response={"token": examples.TOKEN, "user": examples.USER, "redirect": False},
        links=AFTER_SIGN_IN,
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
                user=UserResponse.of(signed_in.user),
                redirect=bool(data.callback_url),
                url=UNSET if data.callback_url is None else data.callback_url,
            ),
            headers={SET_AUTH_TOKEN: signed_in.token},
            cookies=[session_cookie(signed_in, settings)],
        )

    @public_change("/sign-out", "signOut", "Sign out", response={"success": True}, security=PUBLIC)
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
        "Update my user",
        INVALID,
        NothingToUpdate(),
        EmailCannotBeUpdated(),
        request={"phoneNumbers": [{"number": "+61 3 5550 1234", "category": "mobile"}]},
        response=examples.DONE,
    )
    async def update_user(
        self,
        data: JSONBody[UpdateUserRequest],
        session: NamedDependency[AsyncSession],
        signed_in: NamedDependency[SignedIn],
    ) -> Done:
        await users.update_user(session, signed_in.user, data)
        return Done()

    @public_read(
        "/ok",
        "checkIdentityApi",
        "Check that the identity API responds",
        description="For health checks. It does not use the database.",
        response={"ok": True},
    )
    async def ok(self) -> Healthy:
        return Healthy()

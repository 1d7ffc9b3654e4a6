"""Accounts and passwords over HTTP."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import examples, sessions, users
from app.auth.attempts import Attempts
from app.auth.authentication import client_of, provide_signed_in, session_cookie
from app.auth.errors import InvalidPassword, PasswordTooLong, PasswordTooShort
from app.auth.openapi import INVALID, TOO_MANY, change, read
from app.auth.passwords import Passwords
from app.auth.schemas.account import (
    AccountResponse,
    ChangePasswordRequest,
    ChangePasswordResponse,
    Done,
    UserResponse,
    VerifyPasswordRequest,
)
from app.auth.sessions import SignedIn
from app.auth.users import TOO_LONG, TOO_SHORT, Credential
from app.settings import Settings
from app.web.headers import SET_AUTH_TOKEN
from app.web.openapi import OrderedController


class CredentialController(OrderedController):
    tags = ("Identity",)

    @read(
        "/list-accounts",
        "listAccounts",
        "List my accounts",
        description="An account is a way to sign in. Every user has one, with email and password.",
        response=[examples.ACCOUNT],
    )
    async def list_accounts(
        self, session: NamedDependency[AsyncSession], signed_in: NamedDependency[SignedIn]
    ) -> list[AccountResponse]:
        rows = await users.list_accounts(session, signed_in.user.id)
        return msgspec.convert(rows, list[AccountResponse], from_attributes=True)

    @change(
        "/verify-password",
        "verifyPassword",
        "Verify my password",
        InvalidPassword(),
        PasswordTooLong(TOO_LONG),
        INVALID,
        TOO_MANY,
        request={"password": examples.SIGN_IN["password"]},
        response=examples.DONE,
    )
    async def verify_password(
        self,
        data: JSONBody[VerifyPasswordRequest],
        credential: NamedDependency[Credential],
        attempts: NamedDependency[Attempts],
        passwords: NamedDependency[Passwords],
    ) -> Done:
        async with attempts.verify_password(credential.user_id):
            await users.verify_password(passwords, credential, data.password)
        return Done()

    @change(
        "/change-password",
        "changePassword",
        "Change my password",
        InvalidPassword(),
        PasswordTooShort(TOO_SHORT),
        PasswordTooLong(TOO_LONG),
        INVALID,
        TOO_MANY,
        description="With `revokeOtherSessions`, all sessions end, and the response has a new "
        "`token` and cookie.",
        request={
            "currentPassword": examples.SIGN_IN["password"],
            "newPassword": "a long passphrase",
            "revokeOtherSessions": True,
        },
        response={"token": examples.TOKEN, "user": examples.USER},
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
    ) -> Response[ChangePasswordResponse]:
        async with attempts.verify_password(credential.user_id):
            new_hash = await users.hash_new_password(
                passwords, credential, data.current_password, data.new_password
            )
            # The transaction of the request begins here, after all hashing.
            signed_in = await provide_signed_in(request, session)
            await users.change_password(session, credential, new_hash)
        user = signed_in.user
        client = client_of(request, remember_me=signed_in.is_remembered)
        if not data.revoke_other_sessions:
            return Response(ChangePasswordResponse(token=None, user=UserResponse.of(user)))
        renewed = await sessions.renew_session(session, signed_in, client)
        return Response(
            ChangePasswordResponse(token=renewed.token, user=UserResponse.of(user)),
            headers={SET_AUTH_TOKEN: renewed.token},
            cookies=[session_cookie(renewed, settings)],
        )

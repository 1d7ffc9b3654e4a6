"""Better Auth calls that need mail, an identity provider, or a feature that is not available.

They return the errors of a Better Auth server on which these are not configured. Such a server has
no paths for teams and custom roles, and neither has this one.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ValidationException
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import users
from app.auth.authentication import provide_signed_in
from app.auth.error_codes import IDENTITY_PATH
from app.auth.errors import IdentityError, NotConfigured, NothingToUpdate
from app.auth.return_addresses import CALLBACK, check_return_address
from app.auth.schemas.common import EMAIL_PATTERN, MAX_EMAIL
from app.auth.sessions import SignedIn
from app.web.openapi import OrderedController
from app.web.schemas import RequestBody

BAD_REQUEST, UNAUTHORIZED, NOT_FOUND = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
)
Given = Mapping[str, Any]
EmailText = Annotated[str, Meta(pattern=EMAIL_PATTERN, max_length=MAX_EMAIL)]


class ProviderName(Struct):
    provider: str


class EmailRequest(Struct):
    email: EmailText


class ChangeEmailRequest(Struct, rename="camel"):
    new_email: EmailText


class ResetPasswordRequest(Struct, rename="camel"):
    new_password: str
    token: str | UnsetType = UNSET


class TokenQuery(Struct):
    token: str


class CallbackQuery(Struct, rename={"callback_url": CALLBACK}):
    callback_url: str


class DeleteUserRequest(Struct):
    password: str | UnsetType = UNSET
    token: str | UnsetType = UNSET


class AccountQuery(Struct, rename="camel"):
    account_id: str


class AccountSelection(RequestBody):
    """Names an account by its id, or chooses the one of a cookie."""

    account_id: str | UnsetType = UNSET
    use_account_cookie: bool | UnsetType = UNSET
    user_id: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        is_named = self.account_id is not UNSET
        if self.use_account_cookie is False or is_named == (self.use_account_cookie is True):
            raise ValueError("Expected either `accountId` or `useAccountCookie`: true")


@dataclass(frozen=True, slots=True)
class Unconfigured:
    """`exception` returns another error for some of the fields and the caller's account ids."""

    error: Callable[[], IdentityError]
    fields: type[Struct]
    is_public: bool = False
    exception: Callable[[Given, Collection[str]], IdentityError | None] | None = None


def _check_new_password(given: Given, _account_ids: Collection[str]) -> None:
    if given.get("token"):
        users.check_length(given["newPassword"])


def _field_of_session(given: Given, _account_ids: Collection[str]) -> IdentityError | None:
    if not given.get("activeOrganizationId"):
        return None
    message = "activeOrganizationId is not allowed to be set"
    return NotConfigured(BAD_REQUEST, "FIELD_NOT_ALLOWED", message)


def _if_own_account(code: str, message: str) -> Callable[[Given, Collection[str]], Any]:
    def error(given: Given, account_ids: Collection[str]) -> IdentityError | None:
        is_own = given.get("accountId") in account_ids
        return NotConfigured(BAD_REQUEST, code, message) if is_own else None

    return error


def _error(
    code: str, message: str, status: HTTPStatus = BAD_REQUEST
) -> Callable[[], IdentityError]:
    return partial(NotConfigured, status, code, message)


PROVIDER_NOT_FOUND = _error("PROVIDER_NOT_FOUND", "Provider not found", NOT_FOUND)
INVALID_TOKEN = _error("INVALID_TOKEN", "Invalid token")
ACCOUNT_NOT_FOUND = _error("ACCOUNT_NOT_FOUND", "Account not found")
NO_TOKENS = _if_own_account("PROVIDER_NOT_SUPPORTED", "Provider credential is not supported.")

CHANGES: Mapping[str, Unconfigured] = {
    "/sign-in/social": Unconfigured(PROVIDER_NOT_FOUND, ProviderName, is_public=True),
    "/link-social": Unconfigured(PROVIDER_NOT_FOUND, ProviderName),
    "/unlink-account": Unconfigured(
        _error("FAILED_TO_UNLINK_LAST_ACCOUNT", "You can't unlink your last account"),
        AccountQuery,
    ),
    "/refresh-token": Unconfigured(ACCOUNT_NOT_FOUND, AccountSelection, exception=NO_TOKENS),
    "/get-access-token": Unconfigured(ACCOUNT_NOT_FOUND, AccountSelection, exception=NO_TOKENS),
    "/request-password-reset": Unconfigured(
        _error("RESET_PASSWORD_DISABLED", "Reset password isn't enabled"),
        EmailRequest,
        is_public=True,
    ),
    "/reset-password": Unconfigured(
        INVALID_TOKEN, ResetPasswordRequest, is_public=True, exception=_check_new_password
    ),
    "/send-verification-email": Unconfigured(
        _error("VERIFICATION_EMAIL_NOT_ENABLED", "Verification email isn't enabled"),
        EmailRequest,
        is_public=True,
    ),
    "/change-email": Unconfigured(
        _error("CHANGE_EMAIL_DISABLED", "Change email is disabled"),
        ChangeEmailRequest,
    ),
    "/delete-user": Unconfigured(
        _error("NOT_FOUND", "Delete user is disabled", NOT_FOUND), DeleteUserRequest
    ),
    "/update-session": Unconfigured(NothingToUpdate, Struct, exception=_field_of_session),
}
READS: Mapping[str, Unconfigured] = {
    "/account-info": Unconfigured(
        ACCOUNT_NOT_FOUND,
        AccountSelection,
        exception=_if_own_account(
            "PROVIDER_NOT_CONFIGURED",
            "Account is not associated with a configured social provider.",
        ),
    ),
    "/verify-email": Unconfigured(
        _error("INVALID_TOKEN", "Invalid token", UNAUTHORIZED),
        TokenQuery,
        is_public=True,
    ),
    "/reset-password/{token:str}": Unconfigured(INVALID_TOKEN, CallbackQuery, is_public=True),
    "/delete-user/callback": Unconfigured(
        _error("NOT_FOUND", "Not found", NOT_FOUND), TokenQuery, is_public=True
    ),
}


async def provide_caller_of(
    request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]
) -> SignedIn | None:
    """Raise `Unauthorized` if the call needs a session and has none."""
    return None if _called(request).is_public else await provide_signed_in(request, session)


class UnconfiguredController(OrderedController):
    include_in_schema = False
    dependencies = {"caller": Provide(provide_caller_of)}

    @post([*CHANGES], status_code=200)
    async def refuse_change(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[dict[str, Any]],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[SignedIn | None],
    ) -> None:
        raise await _refusal(request, {**request.query_params, **data}, session, caller)

    @get([*READS])
    async def refuse_read(
        self,
        request: Request[Any, Any, Any],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[SignedIn | None],
    ) -> None:
        query = dict(request.query_params)
        check_return_address(request, CALLBACK, query.get(CALLBACK))
        raise await _refusal(request, query, session, caller)


def _called(request: Request[Any, Any, Any]) -> Unconfigured:
    table = READS if request.method == "GET" else CHANGES
    path: str = request.scope["path_template"].removeprefix(IDENTITY_PATH)
    return table.get(path) or table[path.replace("}", ":str}")]


async def _refusal(
    request: Request[Any, Any, Any], given: Given, session: AsyncSession, caller: SignedIn | None
) -> IdentityError:
    called = _called(request)
    try:
        msgspec.convert(given, called.fields)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        message = {"key": path.strip(".`") or "data", "message": problem}
        raise ValidationException(extra=[message]) from error
    accounts = await users.list_accounts(session, caller.user.id) if caller else ()
    account_ids = {str(account.id) for account in accounts}
    return (called.exception and called.exception(given, account_ids)) or called.error()

"""Who is calling: the session token of a request, and the user whose session it is."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import Cookie, State
from litestar.di import NamedDependency
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions, users
from app.auth.errors import IdentityError, Unauthorized
from app.auth.organization_errors import NoActiveOrganization
from app.auth.sessions import SESSION_LIFETIME, Client, SignedIn
from app.auth.users import Credential
from app.database.engine import new_session
from app.ids import read_id
from app.settings import Environment, Settings
from app.web.prefix import cookie_path

SESSION_COOKIE = "better-auth.session_token"
MAX_USER_AGENT = 500


def token_of(request: Request[Any, Any, Any]) -> str | None:
    """Return the bearer token or, if it does not look like a token of this server, the cookie.

    A well-formed token always takes precedence over the cookie, which can be another user's.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and sessions.TOKEN.fullmatch(token.strip()):
        return token.strip()
    return request.cookies.get(SESSION_COOKIE)


async def provide_signed_in(
    request: Request[Any, Any, Any], session: NamedDependency[AsyncSession]
) -> SignedIn:
    """Raise `Unauthorized` without a valid session."""
    token = token_of(request)
    known = session.info  # requests that read in one transaction look once
    if token and token not in known:
        known[token] = await sessions.find_session(session, token)
    found: SignedIn | None = known.get(token)
    if found is None:
        raise Unauthorized
    return found


async def provide_credential(state: State, request: Request[Any, Any, Any]) -> Credential:
    """Read the caller's credential in a transaction that ends before the handler runs.

    Raise `Unauthorized` without a valid session.
    """
    async with new_session(state, reads_only=True) as session:
        signed_in = await provide_signed_in(request, session)
        return await users.get_credential(session, signed_in.user.id)


def active_or(
    signed_in: SignedIn,
    given: str | None,
    otherwise: type[IdentityError] = NoActiveOrganization,
) -> UUID:
    """Return the organization in the request, or the active one."""
    active = read_id(given) if given else signed_in.session.active_organization_id
    if active is None:
        raise otherwise
    return active


def client_of(request: Request[Any, Any, Any], *, remember_me: bool = True) -> Client:
    host = request.client.host if request.client else None
    agent = request.headers.get("User-Agent")
    return Client(host, agent and agent[:MAX_USER_AGENT], remember_me)


def session_cookie(signed_in: SignedIn, settings: Settings) -> Cookie:
    lifetime = int(SESSION_LIFETIME.total_seconds()) if signed_in.is_remembered else None
    return _cookie(signed_in.token, lifetime, settings)


def no_session_cookie(settings: Settings) -> Cookie:
    """Return a cookie that makes a browser delete the session cookie."""
    return _cookie("", 0, settings)


def _cookie(token: str, max_age: int | None, settings: Settings) -> Cookie:
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        max_age=max_age,
        path=cookie_path(),
        httponly=True,
        samesite="lax",
        secure=settings.environment is Environment.PRODUCTION,
    )

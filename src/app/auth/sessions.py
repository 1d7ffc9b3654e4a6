"""Signing in and out, and finding out who is calling."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth.models import Member, Session, User
from app.auth.passwords import Passwords
from app.auth.users import PASSWORD_MAX_LENGTH, find_credential
from app.errors import InvalidEmailOrPassword

SESSION_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from."""

    ip_address: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is what the client holds; the database knows only its hash."""

    user: User
    session: Session
    token: str


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: str, client: Client
) -> SignedIn:
    """Open a session whose active organization is the user's first.

    Raises `InvalidEmailOrPassword`, after the same time for an unknown address.
    """
    if len(password) > PASSWORD_MAX_LENGTH:
        raise InvalidEmailOrPassword  # nobody has it, and hashing it would cost what it weighs
    user_id, password_hash = await find_credential(session, email) or (None, None)
    if not await passwords.verify(password, password_hash):
        raise InvalidEmailOrPassword
    # Loaded only now, for loading a user takes a moment that would tell that there is one.
    user = await session.get_one(User, user_id)
    return await open_session(session, user, client)


async def open_session(session: AsyncSession, user: User, client: Client) -> SignedIn:
    token = token_urlsafe(32)
    row = Session(
        user_id=user.id,
        token=_digest(token),
        expires_at=clock.now() + SESSION_LIFETIME,
        ip_address=client.ip_address,
        user_agent=client.user_agent,
        active_organization_id=await _first_organization(session, user.id),
    )
    session.add(row)
    await session.flush()
    return SignedIn(user, row, token)


async def find_session(session: AsyncSession, token: str) -> SignedIn | None:
    found = await session.exec(
        select(Session, User)
        .join(User, col(User.id) == Session.user_id)
        .where(Session.token == _digest(token), Session.expires_at > clock.now())
    )
    row = found.one_or_none()
    return SignedIn(row[1], row[0], token) if row else None


async def sign_out(session: AsyncSession, token: str) -> None:
    await session.exec(delete(Session).where(col(Session.token) == _digest(token)))


async def _first_organization(session: AsyncSession, user_id: UUID) -> UUID | None:
    memberships = (
        select(Member.organization_id)
        .where(Member.user_id == user_id)
        .order_by(col(Member.created_at), col(Member.id))
    )
    return (await session.exec(memberships)).first()


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()

"""Sessions: signing in and out, who is calling, and where else the same user is signed in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import col, delete, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth.errors import InvalidEmailOrPassword, Unauthorized
from app.auth.locks import lock_organization, lock_sessions, lock_user
from app.auth.members import find_member
from app.auth.models import Member, Session, User
from app.auth.users import Credential, find_credential

SESSION_LIFETIME = timedelta(days=7)
UNREMEMBERED_LIFETIME = timedelta(days=1)
TOKEN_BYTES = 32
TOKEN = re.compile("[A-Za-z0-9_-]{43}")  # as many bytes in URL-safe base64
MAX_SESSIONS = 100  # of one user; a new one ends the oldest
MAX_EXPIRED_DELETED = 100  # whenever a session is opened
# Built once: every request needs it, and SQLAlchemy takes longer to build than to execute it.
CURRENT = (
    select(Session, User)
    .join(User, col(User.id) == Session.user_id)
    .where(Session.token == bindparam("digest"), Session.expires_at > bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from, and whether the user wants to be remembered there."""

    ip_address: str | None = None
    user_agent: str | None = None
    remember_me: bool = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is what the client has; the database stores only its hash."""

    user: User
    session: Session
    token: str

    @property
    def is_remembered(self) -> bool:
        return self.session.expires_at - self.session.created_at > UNREMEMBERED_LIFETIME


async def sign_in(
    session: AsyncSession, email: str, verified: Credential, client: Client
) -> SignedIn:
    """Open a session whose active organization is the user's first.

    `verified` comes from `verify_credential`.
    Raises `InvalidEmailOrPassword` if the password has changed since.
    """
    # The lock keeps the password from changing now: a change that ends all other sessions would
    # not see the one that is opened here.
    if await find_credential(session, email, lock=True) != verified:
        raise InvalidEmailOrPassword
    user = await session.get_one(User, verified.user_id)
    return await open_session(session, user, client)


async def open_session(session: AsyncSession, user: User, client: Client) -> SignedIn:
    """Open a session whose active organization is the user's first.

    It ends the user's oldest session if there are `MAX_SESSIONS`, and deletes up to
    `MAX_EXPIRED_DELETED` expired sessions of any users.
    """
    memberships = (
        select(Member.organization_id)
        .where(Member.user_id == user.id)
        .order_by(col(Member.created_at), col(Member.id))
    )
    organizations = (await session.exec(memberships)).all()
    first = await _lock_first_membership(session, user.id, organizations)
    [opened] = await _open_sessions(session, [(user, first)], client)
    return opened


async def open_sessions(
    session: AsyncSession, users: Sequence[User], client: Client
) -> list[SignedIn]:
    """Open a session of each user as `open_session` does, with few statements for all of them."""
    memberships = (
        select(Member.user_id, Member.organization_id)
        .where(col(Member.user_id).in_([user.id for user in users]))
        .order_by(col(Member.created_at).desc(), col(Member.id).desc())
    )
    # All of them are locked, and in one order, so that two such calls never wait for each other.
    found = (await session.exec(memberships)).all()
    await lock_organization(session, *{organization_id for _, organization_id in found})
    # The last one of each user counts, which is the first that the user joined.
    first = dict((await session.exec(memberships)).all())
    return await _open_sessions(session, [(user, first.get(user.id)) for user in users], client)


async def _open_sessions(
    session: AsyncSession, users: Sequence[tuple[User, UUID | None]], client: Client
) -> list[SignedIn]:
    """Open a session of each user, with their active organization."""
    user_ids = [user.id for user, _ in users]
    await lock_user(session, *user_ids)
    now = clock.now()
    await _make_room(session, user_ids, now)
    opened = [_signed_in(user, active, client, now) for user, active in users]
    session.add_all([each.session for each in opened])
    await session.flush()
    # Last: the rows stay locked until the commit, and the transaction takes no lock after this.
    await _delete_expired(session, now)
    return opened


def _signed_in(user: User, active: UUID | None, client: Client, now: datetime) -> SignedIn:
    token = token_urlsafe(TOKEN_BYTES)
    row = Session(
        user_id=user.id,
        token=_digest(token),
        created_at=now,
        expires_at=now + (SESSION_LIFETIME if client.remember_me else UNREMEMBERED_LIFETIME),
        ip_address=client.ip_address,
        user_agent=client.user_agent,
        active_organization_id=active,
    )
    return SignedIn(user, row, token)


async def _make_room(session: AsyncSession, user_ids: Sequence[UUID], now: datetime) -> None:
    """End the oldest sessions of each user, so that one more can be opened."""
    newer = func.row_number().over(
        partition_by=col(Session.user_id),
        order_by=(col(Session.created_at).desc(), col(Session.id).desc()),
    )
    alive = (
        select(col(Session.id).label("id"), newer.label("place"))
        .where(col(Session.user_id).in_(user_ids), col(Session.expires_at) > now)
        .subquery()
    )
    await _end(
        session, col(Session.id).in_(select(alive.c.id).where(alive.c.place >= MAX_SESSIONS))
    )


async def _delete_expired(session: AsyncSession, now: datetime) -> None:
    """Delete the sessions that expired first; skip rows that another transaction has locked."""
    expired = (
        select(Session.id)
        .where(Session.expires_at <= now)
        .order_by(col(Session.expires_at))
        .limit(MAX_EXPIRED_DELETED)
    )
    ids = (await session.exec(expired.with_for_update(skip_locked=True))).all()
    if ids:
        await session.exec(delete(Session).where(col(Session.id).in_(ids)))


async def find_session(session: AsyncSession, token: str) -> SignedIn | None:
    found = await session.exec(CURRENT, params={"digest": _digest(token), "now": clock.now()})
    row = found.one_or_none()
    return SignedIn(row[1], row[0], token) if row else None


async def list_sessions(session: AsyncSession, user_id: UUID) -> Sequence[Session]:
    """Return the user's newest `MAX_SESSIONS` that have not expired, the oldest of them first."""
    found = await session.exec(
        select(Session)
        .where(Session.user_id == user_id, Session.expires_at > clock.now())
        .order_by(col(Session.created_at).desc(), col(Session.id).desc())
        .limit(MAX_SESSIONS)
    )
    return found.all()[::-1]


async def sign_out(session: AsyncSession, token: str) -> None:
    await session.exec(delete(Session).where(col(Session.token) == _digest(token)))


async def revoke_session(session: AsyncSession, user_id: UUID, token: str) -> None:
    """End the session of the user that has this token or this hash of a token, if there is one.

    Lists of sessions contain the hashes, because tokens are not stored. A hash cannot sign in.
    """
    await session.exec(
        delete(Session).where(
            col(Session.user_id) == user_id, col(Session.token).in_([_digest(token), token])
        )
    )


async def revoke_sessions(session: AsyncSession, user_id: UUID) -> None:
    await lock_user(session, user_id)
    await _end(session, col(Session.user_id) == user_id)


async def revoke_other_sessions(session: AsyncSession, signed_in: SignedIn) -> None:
    await lock_user(session, signed_in.user.id)
    await _end(
        session, col(Session.user_id) == signed_in.user.id, col(Session.id) != signed_in.session.id
    )


async def renew_session(session: AsyncSession, signed_in: SignedIn, client: Client) -> SignedIn:
    """End all sessions of the user, and open one in the organization that was active.

    Raises `Unauthorized` if the session was ended in the meantime.
    """
    user, active = signed_in.user, signed_in.session.active_organization_id
    active = await _lock_first_membership(session, user.id, [active] if active else [])
    await lock_user(session, user.id)
    if signed_in.session.id not in await _end(session, col(Session.user_id) == user.id):
        raise Unauthorized
    [opened] = await _open_sessions(session, [(user, active)], client)
    return opened


async def activate(
    session: AsyncSession, signed_in: SignedIn, organization_id: UUID | None
) -> None:
    """Set the active organization. Raise `Unauthorized` if the session has ended meanwhile."""
    changed = await session.exec(
        update(Session)
        .where(col(Session.id) == signed_in.session.id)
        .values(active_organization_id=organization_id)
    )
    if changed.rowcount == 0:
        raise Unauthorized


async def _end(session: AsyncSession, *conditions: ColumnElement[bool]) -> Sequence[UUID]:
    """Delete sessions, and return their ids."""
    ids = await lock_sessions(session, *conditions)
    if ids:
        await session.exec(delete(Session).where(*conditions))
    return ids


async def _lock_first_membership(
    session: AsyncSession, user_id: UUID, organization_ids: Sequence[UUID]
) -> UUID | None:
    """Return the first of these organizations that has the user as a member, and lock it."""
    for organization_id in organization_ids:
        await lock_organization(session, organization_id)
        if await find_member(session, organization_id, user_id):
            return organization_id
    return None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()

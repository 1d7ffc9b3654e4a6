"""Open sessions of users without their passwords, by the service that signing in uses."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import sessions
from app.auth.models import Member, Organization, Role, User
from app.auth.sessions import Client, SignedIn
from app.auth.users import lock_accounts
from app.seed.errors import NeverSeeded
from app.seed.last_seed import find_last_seed
from app.test_sessions.errors import UsersNotFound
from app.test_sessions.schemas import DEFAULT_SESSIONS

ActiveClinic = tuple[Organization, Role]


async def find_users(session: AsyncSession, wanted: Sequence[str]) -> list[User]:
    """Return the users with these email addresses or ids, in this order.

    Raise `UsersNotFound` if one does not exist.
    """
    ids = [each for each in map(_id_in, wanted) if each]
    emails = [each.lower() for each in wanted]
    matching = or_(col(User.email).in_(emails), col(User.id).in_(ids))
    await lock_accounts(session, matching)
    found: dict[str | UUID, User] = {}
    for user in (await session.exec(select(User).where(matching))).all():
        found |= {user.email: user, user.id: user}
    users = [found.get(_id_in(each) or each.lower()) for each in wanted]
    if missing := [each for each, user in zip(wanted, users, strict=True) if user is None]:
        raise UsersNotFound(missing)
    return [user for user in users if user is not None]


async def first_users(session: AsyncSession) -> list[User]:
    """Return the first users of the data set that still exist. Raise `NeverSeeded`."""
    connection = await session.connection()
    last = await connection.run_sync(find_last_seed)
    if last is None:
        raise NeverSeeded
    emails = [user.email for user in last.summary.sign_in.users[:DEFAULT_SESSIONS]]
    matching = col(User.email).in_(emails)
    await lock_accounts(session, matching)
    rows = (await session.exec(select(User).where(matching))).all()
    return sorted(rows, key=lambda user: emails.index(user.email))


async def open_sessions(
    session: AsyncSession, users: Sequence[User], client: Client
) -> list[tuple[SignedIn, ActiveClinic | None]]:
    """Open one session for each user. Return them in this order, each with its active clinic."""
    unique = {user.id: user for user in users}
    opened = {
        each.user.id: each
        for each in await sessions.open_sessions(session, [*unique.values()], client)
    }
    memberships = (
        select(Member, Organization)
        .join(Organization, col(Organization.id) == Member.organization_id)
        .where(col(Member.user_id).in_(list(unique)))
    )
    clinics = {
        (member.user_id, organization.id): (organization, member.role)
        for member, organization in (await session.exec(memberships)).all()
    }
    active = {
        user_id: clinics.get((user_id, signed_in.session.active_organization_id))
        for user_id, signed_in in opened.items()
        if signed_in.session.active_organization_id
    }
    return [(opened[user.id], active.get(user.id)) for user in users]


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

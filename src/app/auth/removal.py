"""Delete an organization together with its people."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, delete, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.locks import lock_organization, lock_sessions
from app.auth.models import Account, Organization, Practitioner, Session, User


async def delete_with_people(session: AsyncSession, organization_id: UUID) -> bool:
    """Delete an organization with all its data, and users who were never members of another one.

    Return False if there is no such organization.
    """
    people = select(Practitioner.user_id).where(Practitioner.organization_id == organization_id)
    accounts = select(Account.id).where(col(Account.user_id).in_(people))
    await session.exec(accounts.order_by(col(Account.id)).with_for_update())
    await lock_organization(session, organization_id)
    # Nobody can make them members of another organization until the transaction ends.
    users = select(User.id).where(col(User.id).in_(people)).order_by(col(User.id))
    members_nowhere_else = await _of_one_organization(
        session, (await session.exec(users.with_for_update())).all()
    )
    await lock_sessions(
        session,
        or_(
            col(Session.active_organization_id) == organization_id,
            col(Session.user_id).in_(members_nowhere_else),
        ),
    )
    deleted = await session.exec(
        delete(Organization).where(col(Organization.id) == organization_id)
    )
    await session.exec(delete(User).where(col(User.id).in_(members_nowhere_else)))
    return deleted.rowcount > 0


async def _of_one_organization(session: AsyncSession, user_ids: Sequence[UUID]) -> Sequence[UUID]:
    found = await session.exec(
        select(Practitioner.user_id)
        .where(col(Practitioner.user_id).in_(user_ids))
        .group_by(col(Practitioner.user_id))
        .having(func.count() == 1)
    )
    return found.all()

"""Row locks of the identity services, each held until the transaction ends.

Take them in this order, so that no two transactions wait for each other: account of a user,
organizations, the user, sessions. SQLite has one writer at a time, and ignores them.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import Organization, Session, User


async def lock_organization(session: AsyncSession, organization_id: UUID) -> None:
    """Lock an organization before changing its members or invitations."""
    row = select(Organization.id).where(Organization.id == organization_id)
    await session.exec(row.with_for_update(key_share=True))


async def lock_user(session: AsyncSession, user_id: UUID) -> None:
    """Lock a user before creating something that is limited per user."""
    row = select(User.id).where(User.id == user_id)
    await session.exec(row.with_for_update(key_share=True))


async def lock_sessions(
    session: AsyncSession, *conditions: ColumnElement[bool] | bool
) -> Sequence[UUID]:
    """Lock sessions before several of them are changed or deleted, and return their ids.

    All transactions lock them in the order of the ids: in any other, two could wait for each other.
    """
    rows = select(Session.id).where(*conditions).order_by(col(Session.id))
    return (await session.exec(rows.with_for_update())).all()

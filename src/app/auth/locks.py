"""Locks of the identity services, each held until the transaction ends.

Take them in this order, so that no two transactions wait for each other: account of a user,
organizations, the user, sessions. SQLite has one writer at a time, and ignores them.

Organizations and users are locked by their row, on Citus by their id: it would lock the whole table
instead of the row, so that concurrent sign-ups would wait for each other.
"""

from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import Organization, Session, User
from app.database.citus import is_cluster

# The numbers of all other advisory locks are positive.
NEGATIVE = -(1 << 63)


async def lock_organization(session: AsyncSession, *organization_ids: UUID) -> None:
    """Lock organizations before changing their members or invitations."""
    await _lock(session, Organization, organization_ids)


async def lock_user(session: AsyncSession, *user_ids: UUID) -> None:
    """Lock users before creating something that is limited per user."""
    await _lock(session, User, user_ids)


async def _lock(
    session: AsyncSession, model: type[Organization | User], row_ids: Sequence[UUID]
) -> None:
    """Lock rows in the order of their ids, so that no two transactions wait for each other."""
    if is_cluster(await session.connection()):
        for row_id in sorted(row_ids):
            # A hash of all bytes: seeded ids of a kind share the second half.
            key = int.from_bytes(blake2b(row_id.bytes, digest_size=8).digest(), signed=True)
            await session.exec(select(func.pg_advisory_xact_lock(key | NEGATIVE)))
    else:
        rows = select(model.id).where(col(model.id).in_(row_ids)).order_by(col(model.id))
        await session.exec(rows.with_for_update(key_share=True))


async def lock_sessions(
    session: AsyncSession, *conditions: ColumnElement[bool] | bool
) -> Sequence[UUID]:
    """Lock sessions before several of them are changed or deleted, and return their ids.

    All transactions lock them in the order of the ids: in any other, two could wait for each other.
    """
    rows = select(Session.id).where(*conditions).order_by(col(Session.id))
    return (await session.exec(rows.with_for_update())).all()

"""What services do alike with the rows of a clinic: find and lock one, delete and restore it."""

from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from app import clock
from app.clinic.errors import NotFound

RowT = TypeVar("RowT")


class SoftDeletable(Protocol):
    deleted_at: datetime | None


async def get_row(
    session: AsyncSession, found: SelectOfScalar[RowT], name: str, *, lock: bool = False
) -> RowT:
    """Return the row that a query finds, or raise `NotFound`.

    Nobody else changes a locked row until the transaction ends.
    """
    if lock:
        found = found.with_for_update(key_share=True)
    row = (await session.exec(found)).one_or_none()
    if row is None:
        raise NotFound(name)
    return row


def is_deleted(kind: type[SoftDeletable], deleted: bool) -> ColumnElement[bool]:
    """Return the condition for rows that are deleted, or for those that are not."""
    deleted_at = col(kind.deleted_at)
    return deleted_at.is_not(None) if deleted else deleted_at.is_(None)


async def soft_delete(session: AsyncSession, row: SoftDeletable) -> None:
    """Hide a row from all lists but those of deleted rows."""
    row.deleted_at = clock.now()
    await session.flush()


async def restore(session: AsyncSession, row: SoftDeletable) -> None:
    row.deleted_at = None
    await session.flush()

"""Lists in pages, each found from where the last one ended and not by counting rows.

A page costs the same wherever it is, and rows that come and go meanwhile neither repeat nor hide
others.
"""

import operator
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, func, literal, tuple_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import UnusableRequest

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
NO_CURSOR = (
    "Please correct `cursor`: it is none that a page in this `sort` gave as `next`. Leave it out "
    "for the first page."
)

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class SortOrder:
    """Columns to sort by, the last of them unique, and what their values are."""

    columns: Sequence[Any]
    values: Any
    descending: bool = False

    @property
    def name(self) -> str:
        """What a cursor says of the order that it belongs to."""
        return f"{'-' * self.descending}{self.columns[0].key}"


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """`next` finds the page after this one; the last page has none."""

    items: Sequence[RowT]
    next: str | None


async def read_page(
    session: AsyncSession,
    found: SelectOfScalar[RowT],
    order: SortOrder,
    cursor: str | None,
    limit: int,
    *,
    find_first: bool = False,
) -> Page[RowT]:
    """Read a page of what a query finds.

    A query that finds few rows along indexes of its own is read with `find_first`: else a database
    may walk along the order instead, looking at every row on its way.
    Raises `UnusableRequest` for a cursor that no page of this order gave.
    """
    columns = [*map(unindexed, order.columns)] if find_first else order.columns
    if cursor is not None:
        found = found.where(_after(columns, _read(cursor, order), order.descending))
    sorted_columns = [c.desc() if order.descending else c for c in columns]
    rows = (await session.exec(found.order_by(*sorted_columns).limit(limit + 1))).all()
    more = len(rows) > limit
    page = rows[:limit]
    return Page(page, _write(order, page[-1]) if more else None)


async def count_rows(
    session: AsyncSession, found: SelectOfScalar[Any], *left_out: SelectOfScalar[Any]
) -> int:
    """Return the number of rows of a query, less those of other queries, in one statement."""
    counts = [
        each.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
        for each in (found, *left_out)
    ]
    total: int = (await session.exec(select(reduce(operator.sub, counts)))).one()
    return total


def unindexed(column: Any) -> Any:
    """Return the same values as an expression that no index has, so that no index is used."""
    return func.coalesce(column, column)


def _after(columns: Sequence[Any], values: Sequence[Any], descending: bool) -> ColumnElement[bool]:
    last = tuple_(*(literal(v, column.type) for v, column in zip(values, columns, strict=True)))
    return tuple_(*columns) < last if descending else tuple_(*columns) > last


def _write(order: SortOrder, row: Any) -> str:
    values = [getattr(row, column.key) for column in order.columns]
    return urlsafe_b64encode(msgspec.json.encode([order.name, values])).decode().rstrip("=")


def _read(cursor: str, order: SortOrder) -> Sequence[Any]:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        name, place = msgspec.json.decode(text, type=tuple[str, msgspec.Raw])
        values = [_in_utc(value) for value in msgspec.json.decode(place, type=order.values)]
    except (ValueError, OverflowError, msgspec.MsgspecError):
        name, values = None, []
    if name != order.name or any("\0" in value for value in values if isinstance(value, str)):
        raise UnusableRequest(NO_CURSOR)
    return values


def _in_utc(value: Any) -> Any:
    # No page gives a moment that leaves the years that there are.
    return value.astimezone(UTC) if isinstance(value, datetime) else value

"""Keyset pagination: each page starts after the last row of the page before.

Every page costs the same, and rows that are inserted or deleted meanwhile neither repeat nor hide
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
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import UnusableRequest

DEFAULT_LIMIT = 50
NO_CURSOR = (
    "Please correct `cursor`: it does not belong to this `sort`. Send the `next` of the previous "
    "page, or leave it out for the first page."
)

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class SortOrder:
    """Columns to sort by, the last of them unique, and the types of their values."""

    columns: Sequence[Any]
    values: Any
    descending: bool = False

    @property
    def name(self) -> str:
        """The name of this order in a cursor."""
        return f"{'-' * self.descending}{self.columns[0].key}"


@dataclass(frozen=True, slots=True)
class Page(Generic[RowT]):
    """`next` is the cursor of the next page; the last page has none."""

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
    """Return a page of the rows of a query.

    Use `find_first` for a query that finds few rows with an index. Otherwise a database may
    read all rows in the order of the list instead.
    Raises `UnusableRequest` for a cursor that does not belong to this order.
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
    """Return the same values as an expression without an index, so that no index is used."""
    return func.coalesce(column, column)


class unindexed_on_sqlite(FunctionElement[Any]):  # noqa: N801 - it is used like a function
    """The same for SQLite only: PostgreSQL finds the partition of a clinic by the plain column."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(unindexed_on_sqlite)
def _column(element: Any, compiler: Any, **options: Any) -> str:
    column: str = compiler.process(element.clauses, **options)
    return column


@compiles(unindexed_on_sqlite, "sqlite")
def _column_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


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
    # May raise OverflowError for years that do not exist, which no cursor has.
    return value.astimezone(UTC) if isinstance(value, datetime) else value

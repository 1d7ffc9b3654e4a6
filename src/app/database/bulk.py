"""Writes many rows as fast as the database takes them, without an object for each.

PostgreSQL takes them by COPY in its binary format, SQLite by a prepared `executemany`. What either
reads is plain text, bytes and numbers, which can also pass from one process to another.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    String,
    Table,
    Time,
    TypeDecorator,
    Uuid,
    inspect,
)
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import (
    CallableColumnDefault,
    DefaultGenerator,
    ScalarElementColumnDefault,
)
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock

Row = Mapping[str, Any]
Plain = str | bytes | int | bool | None
PlainRow = tuple[Plain, ...]
Write = Callable[[Any], Plain]

STAMPS = ("created_at", "updated_at")
SECOND = 1_000_000
MICRO = "microseconds"
TICK = datetime.timedelta(microseconds=1)
# PostgreSQL counts days and microseconds from here.
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
EPOCH_DAY = EPOCH.toordinal()
MAX_INT4 = 2**31 - 1
JSONB_VERSION = "\x01"


def _within_int4(number: int) -> int:
    # PostgreSQL would refuse it, but for the driver, which cuts it off without a word.
    if not -MAX_INT4 - 1 <= number <= MAX_INT4:
        raise DataError(None, None, OverflowError("integer out of range"))
    return number


def _microseconds(time: datetime.time) -> int:
    return (time.hour * 3600 + time.minute * 60 + time.second) * SECOND + time.microsecond


@dataclass(frozen=True, slots=True)
class Layout:
    """How each database reads a type, by the name of its dialect; None where as it is.

    `postgresql_type` is one that PostgreSQL lays out in the same bytes.
    """

    postgresql_type: str
    sqlite: Write | None = None
    postgresql: Write | None = None


LAYOUTS: Mapping[type, Layout] = {
    Boolean: Layout("bool"),
    Integer: Layout("int4", None, _within_int4),
    String: Layout("text"),  # Enum is one, too
    Uuid: Layout("bytea", lambda value: f"{value.int:032x}", lambda value: value.bytes),
    Date: Layout("int4", datetime.date.isoformat, lambda value: value.toordinal() - EPOCH_DAY),
    Time: Layout("int8", datetime.time.isoformat, _microseconds),
    DateTime: Layout(
        "int8",
        lambda value: value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(" ", MICRO),
        lambda value: (value - EPOCH) // TICK,
    ),
    JSON: Layout(
        "text",
        lambda value: msgspec.json.encode(value).decode(),
        lambda value: JSONB_VERSION + msgspec.json.encode(value).decode(),
    ),
}


def _layout(column: Column[Any]) -> Layout:
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    for each, layout in LAYOUTS.items():
        if isinstance(kind, each):
            return layout
    raise TypeError(f"a type that is not written in plain yet: {kind!r}")


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write rows of the same columns in the same order, after what the session has yet to write.

    Raises `ValueError` for a row of other columns, before any row is written.
    """
    await session.flush()
    if rows:
        connection = await session.connection()
        table: Table = inspect(model).local_table
        plain = PlainRows(table, tuple(rows[0]), connection.dialect.name)
        await insert_plain(connection, table, plain.columns, map(plain.written, rows))


async def insert_plain(
    connection: AsyncConnection, table: Table, names: Sequence[str], rows: Iterable[PlainRow]
) -> None:
    columns = (*names, *STAMPS)
    rows = stamped(rows, connection.dialect.name)
    quote = connection.dialect.identifier_preparer.quote_identifier
    into = f"{table.name} ({', '.join(map(quote, columns))})"
    if connection.dialect.name == "sqlite":
        values = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {into} VALUES ({values})"  # noqa: S608 - names of our own
        await connection.exec_driver_sql(statement, rows)
    else:
        types = [_layout(table.c[name]).postgresql_type for name in columns]
        await _copy(connection, f"COPY {into} FROM STDIN (FORMAT BINARY)", types, rows)


def stamped(rows: Iterable[PlainRow], dialect: str) -> list[PlainRow]:
    """Have each created a microsecond after the one before, so that lists keep order."""
    write: Write = getattr(LAYOUTS[DateTime], dialect)
    began = clock.now()
    return [
        (*row, (moment := write(began + number * TICK)), moment) for number, row in enumerate(rows)
    ]


async def _copy(
    connection: AsyncConnection, statement: str, types: Sequence[str], rows: Sequence[PlainRow]
) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                await copy.write_row(row)
    except psycopg.Error as error:
        if driver.broken:
            await connection.invalidate(error)
        # As SQLAlchemy raises the errors of all other statements.
        raise DBAPIError.instance(
            statement,
            None,
            error,
            psycopg.Error,
            hide_parameters=True,
            connection_invalidated=driver.broken,
            dialect=connection.dialect,
        ) from error


@dataclass(frozen=True, slots=True)
class _Written:
    """What a column's default may ask about the row that is written."""

    row: Row

    def get_current_parameters(self) -> Row:
        return self.row


class PlainRows:
    """Writes rows of one table, all of the same columns in the same order, for a kind of database.

    When they were created is told by whoever puts them in.
    """

    def __init__(self, table: Table, names: tuple[str, ...], dialect: str) -> None:
        defaults = {
            column.name: column.default
            for column in table.c
            if column.default is not None and column.name not in (*names, *STAMPS)
        }
        self.columns = (*names, *defaults)
        self._names = names
        self._defaults = [_worked_out(default) for default in defaults.values()]
        writes = (getattr(_layout(table.c[name]), dialect) for name in self.columns)
        self._writes = [(place, write) for place, write in enumerate(writes) if write is not None]

    def written(self, row: Row) -> PlainRow:
        if tuple(row) != self._names:
            raise ValueError(f"a row of {[*row]} among rows of {[*self._names]}")
        values = [*row.values()]
        if self._defaults:
            written = _Written(row)
            values += [default(written) for default in self._defaults]
        for place, write in self._writes:
            value = values[place]
            if value is not None:
                values[place] = write(value)
        return tuple(values)


def _worked_out(default: DefaultGenerator) -> Callable[[Any], Any]:
    if isinstance(default, CallableColumnDefault):
        return default.arg
    if isinstance(default, ScalarElementColumnDefault):
        return lambda _written: default.arg
    raise TypeError(f"a default that only the database knows: {default}")

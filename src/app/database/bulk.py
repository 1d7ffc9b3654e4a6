"""Insert many rows at once, without ORM objects.

PostgreSQL uses COPY in its binary format, SQLite a prepared `executemany` of several rows each.
Rows are encoded for either as text, bytes and numbers, which can be sent from one process to
another.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
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
from sqlalchemy.exc import DataError, DBAPIError, InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.schema import (
    CallableColumnDefault,
    DefaultGenerator,
    ScalarElementColumnDefault,
)
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.database.engine import is_in_transaction

Row = Mapping[str, Any]
Encoded = str | bytes | int | bool | None
EncodedRow = tuple[Encoded, ...]
Encode = Callable[[Any], Encoded]

STAMPS = ("created_at", "updated_at")
SECOND = 1_000_000
MICRO = "microseconds"
TICK = datetime.timedelta(microseconds=1)
# PostgreSQL counts days and microseconds from here.
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
EPOCH_DAY = EPOCH.toordinal()
# Each execution of a statement opens and closes all indexes of its table.
SQLITE_ROWS = 50
MAX_INT4 = 2**31 - 1
JSONB_VERSION = "\x01"


def _within_int4(number: int) -> int:
    # The driver would truncate it without an error.
    if not -MAX_INT4 - 1 <= number <= MAX_INT4:
        raise DataError(None, None, OverflowError("integer out of range"))
    return number


def _microseconds(time: datetime.time) -> int:
    return (time.hour * 3600 + time.minute * 60 + time.second) * SECOND + time.microsecond


@dataclass(frozen=True, slots=True)
class Layout:
    """How values of a type are encoded for each database; None leaves them as they are.

    `postgresql_type` is a type that has the same bytes in PostgreSQL's binary format.
    """

    postgresql_type: str
    sqlite: Encode | None = None
    postgresql: Encode | None = None


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
    raise TypeError(f"a type that cannot be encoded yet: {kind!r}")


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert rows of the same columns in the same order, after flushing the session.

    Raises `ValueError` for a row of other columns, before any row is inserted.
    """
    await session.flush()
    if rows:
        connection = await session.connection()
        table: Table = inspect(model).local_table
        encoder = RowEncoder(table, tuple(rows[0]), connection.dialect.name)
        await insert_encoded(connection, table, encoder.columns, map(encoder.encode, rows))


async def insert_encoded(
    connection: AsyncConnection, table: Table, names: Sequence[str], rows: Iterable[EncodedRow]
) -> None:
    columns = (*names, *STAMPS)
    rows = with_timestamps(rows, connection.dialect.name)
    quote = connection.dialect.identifier_preparer.quote_identifier
    into = f"{table.name} ({', '.join(map(quote, columns))})"
    if connection.dialect.name == "sqlite":
        whole = len(rows) - len(rows) % SQLITE_ROWS
        await _insert_several(connection, into, rows[:whole], SQLITE_ROWS)
        await _insert_several(connection, into, rows[whole:], len(rows) - whole)
    else:
        types = [_layout(table.c[name]).postgresql_type for name in columns]
        await _copy(connection, f"COPY {into} FROM STDIN (FORMAT BINARY)", types, rows)


async def _insert_several(
    connection: AsyncConnection, into: str, rows: Sequence[EncodedRow], count: int
) -> None:
    """Insert rows, as many in each execution of the statement as `count`."""
    if rows:
        row = f"({', '.join('?' * len(rows[0]))})"
        statement = f"INSERT INTO {into} VALUES {', '.join([row] * count)}"  # noqa: S608 - names of our tables and columns
        values = [
            tuple(chain.from_iterable(rows[begin : begin + count]))
            for begin in range(0, len(rows), count)
        ]
        await connection.exec_driver_sql(statement, values)


def with_timestamps(rows: Iterable[EncodedRow], dialect: str) -> list[EncodedRow]:
    """Add timestamps one microsecond apart, so that lists keep the order of the rows."""
    encode: Encode = getattr(LAYOUTS[DateTime], dialect)
    began = clock.now()
    return [
        (*row, (moment := encode(began + number * TICK)), moment) for number, row in enumerate(rows)
    ]


async def _copy(
    connection: AsyncConnection, statement: str, types: Sequence[str], rows: Sequence[EncodedRow]
) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    driver_error = connection.dialect.loaded_dbapi.Error
    if not is_in_transaction(driver):
        # The server would commit the rows at once. No listener of SQLAlchemy hears of a COPY.
        raise InvalidRequestError(f"{statement} is outside a transaction")
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                await copy.write_row(row)
    except driver_error as error:
        if driver.broken:
            await connection.invalidate(error)
        # As SQLAlchemy raises the errors of all other statements.
        raise DBAPIError.instance(
            statement,
            None,
            error,
            driver_error,
            hide_parameters=True,
            connection_invalidated=driver.broken,
            dialect=connection.dialect,
        ) from error


@dataclass(frozen=True, slots=True)
class _InsertContext:
    """The argument of the function of a column default."""

    row: Row

    def get_current_parameters(self) -> Row:
        return self.row


class RowEncoder:
    """Encode rows of one table for a database. All have the same columns in the same order.

    The timestamps are added when the rows are inserted.
    """

    def __init__(self, table: Table, names: tuple[str, ...], dialect: str) -> None:
        defaults = {
            column.name: column.default
            for column in table.c
            if column.default is not None and column.name not in (*names, *STAMPS)
        }
        self.columns = (*names, *defaults)
        self._names = names
        self._defaults = [_default_function(default) for default in defaults.values()]
        encoders = (getattr(_layout(table.c[name]), dialect) for name in self.columns)
        self._encoders = [
            (place, encode) for place, encode in enumerate(encoders) if encode is not None
        ]

    def encode(self, row: Row) -> EncodedRow:
        if tuple(row) != self._names:
            raise ValueError(f"a row of {[*row]} among rows of {[*self._names]}")
        values = [*row.values()]
        if self._defaults:
            context = _InsertContext(row)
            values += [default(context) for default in self._defaults]
        for place, encode in self._encoders:
            value = values[place]
            if value is not None:
                values[place] = encode(value)
        return tuple(values)


def _default_function(default: DefaultGenerator) -> Callable[[Any], Any]:
    if isinstance(default, CallableColumnDefault):
        return default.arg
    if isinstance(default, ScalarElementColumnDefault):
        return lambda _context: default.arg
    raise TypeError(f"a default that only the database can compute: {default}")

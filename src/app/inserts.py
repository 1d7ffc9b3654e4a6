"""Writes many rows as fast as the database takes them, without an object for each.

PostgreSQL takes them by COPY, SQLite by a prepared `executemany`; both read the same plain text and
numbers, which can also pass from one process to another.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import msgspec
import psycopg
from sqlalchemy import JSON, Date, Enum, Table, Time, Uuid, inspect, text
from sqlalchemy.exc import DBAPIError
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
Plain = str | int | bool | None
PlainRow = tuple[Plain, ...]

WRITTEN: Mapping[type, Callable[[Any], str]] = {
    Uuid: lambda value: f"{value.int:032x}",
    Date: datetime.date.isoformat,
    Time: datetime.time.isoformat,
    Enum: str,
    JSON: lambda value: msgspec.json.encode(value).decode(),
}
STAMPS = ("created_at", "updated_at")
TICK = datetime.timedelta(microseconds=1)
MICRO = "microseconds"


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write rows, all named by the same columns, after all that the session has yet to write."""
    await session.flush()
    if rows:
        table: Table = inspect(model).local_table
        plain = PlainRows(table, tuple(rows[0]))
        await insert_plain(await session.connection(), table, plain.columns, plain.batch(rows))


async def insert_plain(
    connection: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[PlainRow]
) -> None:
    quote = connection.dialect.identifier_preparer.quote_identifier
    into = f"{table.name} ({', '.join(map(quote, columns))})"
    if connection.dialect.name == "sqlite":
        values = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {into} VALUES ({values})"  # noqa: S608 - names of our own
        await connection.exec_driver_sql(statement, rows)
    else:
        await _copy(connection, f"COPY {into} FROM STDIN", rows)


async def _copy(connection: AsyncConnection, statement: str, rows: Sequence[PlainRow]) -> None:
    # What a row says of a moment has no zone.
    await connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
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
    """Writes rows of one table, all of which name the same columns."""

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        defaults = {
            column.name: column.default
            for column in table.c
            if column.default is not None and column.name not in (*names, *STAMPS)
        }
        self.columns = (*names, *defaults, *STAMPS)
        self._values = itemgetter(*names)
        self._defaults = [_worked_out(default) for default in defaults.values()]
        self._writers = [
            (place, write)
            for place, name in enumerate((*names, *defaults))
            for kind, write in WRITTEN.items()
            if isinstance(table.c[name].type, kind)
        ]

    def batch(self, rows: Sequence[Row]) -> list[PlainRow]:
        """Write rows, each created a microsecond after the one before, so that lists keep order."""
        began = clock.now().replace(tzinfo=None)
        moments = ((began + number * TICK).isoformat(" ", MICRO) for number in range(len(rows)))
        return [
            (*self._row(row), moment, moment) for row, moment in zip(rows, moments, strict=True)
        ]

    def _row(self, row: Row) -> list[Plain]:
        values = [*self._values(row)]
        if self._defaults:
            written = _Written(row)
            values += [default(written) for default in self._defaults]
        for place, write in self._writers:
            value = values[place]
            if value is not None:
                values[place] = write(value)
        return values


def _worked_out(default: DefaultGenerator) -> Callable[[Any], Any]:
    if isinstance(default, CallableColumnDefault):
        return default.arg
    if isinstance(default, ScalarElementColumnDefault):
        return lambda _written: default.arg
    raise TypeError(f"a default that only the database knows: {default}")

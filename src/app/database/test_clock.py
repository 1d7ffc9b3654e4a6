"""The test clock of a database: one row, which all of its processes read."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    delete,
    extract,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from app.clock import ClockSetting
from app.database.columns import UtcDateTime
from app.database.engine import is_missing, single_read
from app.database.own_tables import CLOCK_TABLE, has_table

CLOCKS = Table(
    CLOCK_TABLE,
    MetaData(),  # not one of the application's tables: production does not have it
    Column("id", Integer, primary_key=True),
    Column("instant", UtcDateTime, nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Column("is_frozen", Boolean, nullable=False),
)
INSTANTS = (CLOCKS.c.instant, CLOCKS.c.set_at)
QUERY = select(*INSTANTS, CLOCKS.c.is_frozen)
# PostgreSQL writes an instant as the role or the database wants, in forms that the driver refuses.
SECONDS = select(*(extract("epoch", each) for each in INSTANTS), CLOCKS.c.is_frozen)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def find_test_clock(engine: AsyncEngine) -> ClockSetting | None:
    """Return the clock that is set, or None. It does not wait for a seed."""
    if is_missing(engine):
        return None
    try:
        async with single_read(engine).connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            query: Any = QUERY if sqlite else SECONDS
            row = (await connection.execute(query)).one_or_none()
    except Exception:  # noqa: BLE001 - outside of what turns errors into responses
        return None  # never set, or the next query fails as well and reports it
    if row is None:
        return None
    *instants, is_frozen = row
    instant, set_at = instants if sqlite else map(_from_seconds, instants)
    return ClockSetting(instant, set_at, is_frozen)


def _from_seconds(since_epoch: Decimal) -> datetime:
    return EPOCH + timedelta(microseconds=int(since_epoch * 1_000_000))


def set_test_clock(connection: Connection, setting: ClockSetting | None) -> None:
    """Set the clock, or return to the machine's time."""
    if setting:
        CLOCKS.create(connection, checkfirst=True)
    elif not has_table(connection, CLOCK_TABLE):
        return
    connection.execute(delete(CLOCKS))
    if setting:
        connection.execute(insert(CLOCKS).values(id=1, **asdict(setting)))

"""The test clock of a database: one row, which all of its processes read."""

from dataclasses import asdict

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, Table, delete, insert, select
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
QUERY = select(CLOCKS.c.instant, CLOCKS.c.set_at, CLOCKS.c.is_frozen)


async def find_test_clock(engine: AsyncEngine) -> ClockSetting | None:
    """Return the clock that is set, or None. It does not wait for a seed."""
    if is_missing(engine):
        return None
    try:
        async with single_read(engine).connect() as connection:
            row = (await connection.execute(QUERY)).one_or_none()
    except Exception:  # noqa: BLE001 - outside of what turns errors into responses
        return None  # never set, or the next query fails as well and reports it
    return ClockSetting(*row) if row else None


def set_test_clock(connection: Connection, setting: ClockSetting | None) -> None:
    """Set the clock, or return to the machine's time."""
    if setting:
        CLOCKS.create(connection, checkfirst=True)
    elif not has_table(connection, CLOCK_TABLE):
        return
    connection.execute(delete(CLOCKS))
    if setting:
        connection.execute(insert(CLOCKS).values(id=1, **asdict(setting)))

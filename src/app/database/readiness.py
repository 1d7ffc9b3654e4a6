"""Whether the database can serve requests now, for health checks that are called every second."""

import asyncio

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database.causes import code_of, find_cause
from app.database.engine import is_missing, read_only
from app.database.known_causes import LOCK_NOT_AVAILABLE
from app.database.migrations import current_revision, newest_revision
from app.errors import DomainError

SECONDS = 2
LOCK_MILLISECONDS = 200
NO_TABLES = "The database has no tables. Run `uv run just migrate`, or `uv run just seed`."


async def find_obstacle(engine: AsyncEngine) -> str | None:
    """Return why requests would fail, or None. It neither waits for a seed nor writes.

    The text names no host, no user and no file.
    """
    if is_missing(engine):
        return NO_TABLES
    try:
        async with asyncio.timeout(SECONDS), read_only(engine).connect() as connection:
            return await connection.run_sync(_find_wrong_schema)
    except TimeoutError:
        return f"The database did not respond within {SECONDS} seconds. Check that it is running."
    except DomainError as error:
        return error.detail
    except DBAPIError as error:
        if code_of(error) == LOCK_NOT_AVAILABLE:
            return None  # a reset that drops tables, which requests wait for
        cause = find_cause(error)
        return f"The database cannot be used: {cause.text if cause else 'its error is unknown'}."


def _find_wrong_schema(connection: Connection) -> str | None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_MILLISECONDS}ms'")
    found = current_revision(connection)
    if found is None:
        return NO_TABLES
    if found != newest_revision():
        return (
            f"The database is at migration {found}, and this code needs {newest_revision()}. "
            "Run `uv run just migrate`."
        )
    return None

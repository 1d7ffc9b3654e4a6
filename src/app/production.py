"""A production server sees to the mark of its database before it serves.

Whoever migrated may have marked it for another environment, or not at all, and a database that was
restored has a new identity. The mark becomes stricter here, never more lenient.
"""

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.address import address_of
from app.database import RESET_SECONDS, is_missing, read_only
from app.database_errors import find_cause
from app.errors import DomainError
from app.logs import get_logger
from app.mark import Mark, find_mark, lock_mark, mark
from app.own_tables import find_redirections, has_own_tables, list_tables
from app.settings import Environment, Settings

log = get_logger(__name__)


class CannotProtect(Exception):
    """Why a production server does not start; the message says what to do."""


async def protect(engine: AsyncEngine, settings: Settings) -> None:
    """Mark the database as production's, with its name and identity, unless it is already.

    Raises `CannotProtect`. Of several processes that start at once, one marks and the others see
    it.
    """
    try:
        if await _is_marked(engine):
            return
        async with engine.begin() as connection:
            await connection.run_sync(_mark, settings)
    except DomainError as error:
        raise CannotProtect(error.detail) from None
    except DBAPIError as error:
        found = find_cause(error)
        cause = found.text if found else f"it refused with {type(error).__name__}"
        raise CannotProtect(f"The database cannot be marked as production's: {cause}.") from None


async def _is_marked(engine: AsyncEngine) -> bool:
    """Look without writing, so that a server whose database has its mark needs no lock."""
    if is_missing(engine):
        return False
    async with read_only(engine).connect() as connection:
        return await connection.run_sync(_has_right_mark)


def _has_right_mark(connection: Connection) -> bool:
    found, address = find_mark(connection), address_of(connection)
    return (
        found is not None
        and not find_redirections(connection)
        and found == Mark(Environment.PRODUCTION, address.name, address.identity)
    )


def _mark(connection: Connection, settings: Settings) -> None:
    if connection.dialect.name == "postgresql":
        # As long as any request waits for a reset, which may be under way.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{RESET_SECONDS}s'")
    lock_mark(connection)
    address, found, tables = address_of(connection), find_mark(connection), list_tables(connection)
    if redirections := find_redirections(connection):
        raise CannotProtect(
            f"In {address}, {'; '.join(redirections)}: Seedbed would use other tables than its "
            "own. Drop or rename what is named, or set DATABASE_URL to another database."
        )
    if found and not found.is_of_production() and not settings.says_environment:
        raise CannotProtect(
            "APP_ENV is not set to development, test or production, which means production, but "
            f"{address} is marked for {found.environment}. Set APP_ENV={found.environment}, or "
            "APP_ENV=production if this is production's database: the server then marks it so."
        )
    if tables and not has_own_tables(tables):
        raise CannotProtect(
            f"{address} has tables of another program and none of Seedbed's. Set DATABASE_URL to "
            "an empty database, or to one of Seedbed's."
        )
    new = mark(connection, Environment.PRODUCTION)
    if new != found:
        log.warning(
            "marked the database as production's",
            database=new.database,
            identity=new.identity,
            before=f"{found.environment}, as {found.database}" if found else "no mark",
        )

"""A production server checks the mark of its database before it serves.

A migration may have marked it for another environment, or not at all, and a restored database has a
new identity. This code only ever makes the mark stricter.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

from litestar.datastructures import State
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database.address import Address, address_of, is_same_database
from app.database.causes import find_cause
from app.database.engine import RESET_SECONDS, is_missing, read_only
from app.database.mark import Mark, find_mark, lock_mark, mark
from app.database.own_tables import (
    OTHER_PROGRAM,
    REDIRECTED,
    Contents,
    find_contents,
    find_redirections,
)
from app.errors import DomainError
from app.logs import get_logger
from app.settings import Environment, Settings

CHECK_SECONDS = 2
log = get_logger(__name__)


class CannotMark(Exception):
    """Why a production server does not start; the message says what to do."""


async def protect(engine: AsyncEngine, settings: Settings) -> None:
    """Mark the database as production's, with its name and identity, unless it is already.

    Raises `CannotMark`. If several processes start at once, one of them writes the mark.
    """
    is_same = False
    try:
        found, now = await _look(engine)
        if found == now:
            return
        # With another name it is still protected, even if the database cannot be written.
        is_same = found is not None and replace(found, database=now.database) == now
        async with engine.begin() as connection:
            await connection.run_sync(_mark, settings)
    except DomainError as error:
        raise CannotMark(error.detail) from None
    except DBAPIError as error:
        found_cause = find_cause(error)
        cause = found_cause.text if found_cause else f"it failed with {type(error).__name__}"
        if is_same:
            log.warning("the mark keeps the old name of the database", reason=cause)
            return
        raise CannotMark(f"The database cannot be marked as production's: {cause}.") from None


async def keep_protected(engine: AsyncEngine, state: State, stop: asyncio.Event) -> None:
    """Protect the database repeatedly, because a restore may replace it and its mark.

    While that fails, `state.is_protected` is false, and requests cannot use the database.
    """
    while not await _is_set_within(stop, CHECK_SECONDS):
        was_protected = state.is_protected
        try:
            await protect(engine, state.settings)
            state.is_protected = True
        except CannotMark as error:
            state.is_protected = False
            if was_protected:
                log.critical("the database is no longer protected", reason=str(error))
        except Exception:
            # Any other error, such as a pool without a free connection: check again, serve nothing.
            state.is_protected = False
            log.critical("the database cannot be checked", exc_info=True)


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def _look(engine: AsyncEngine) -> tuple[Mark | None, Mark]:
    """Return the current mark and the right one, without writing."""
    if is_missing(engine):
        return None, Mark(Environment.PRODUCTION, "", "")
    async with read_only(engine).connect() as connection:
        return await connection.run_sync(_compare)


def _compare(connection: Connection) -> tuple[Mark | None, Mark]:
    _limit_waiting(connection)
    address = address_of(connection)
    found = None if find_redirections(connection) else find_mark(connection)
    identity = address.identity
    if found and identity.startswith(":") and is_same_database(found.identity, identity):
        identity = found.identity  # this role cannot read the system identifier
    return found, Mark(Environment.PRODUCTION, address.name, identity)


def _limit_waiting(connection: Connection) -> None:
    """Limit the wait for a lock to the time that requests wait for a reset."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{RESET_SECONDS}s'")


def _mark(connection: Connection, settings: Settings) -> None:
    _limit_waiting(connection)
    lock_mark(connection)
    address, found = address_of(connection), find_mark(connection)
    contents = find_contents(connection)
    if redirections := find_redirections(connection):
        raise CannotMark(REDIRECTED.format(address, "; ".join(redirections)))
    if not settings.says_environment:
        _refuse_unset(address, found, contents)
    if found is None and contents is Contents.OTHERS:
        raise CannotMark(OTHER_PROGRAM.format(address))
    new = mark(connection, Environment.PRODUCTION)
    if find_mark(connection) != new:
        raise CannotMark(f"The mark of {address} cannot be written: something reverts it.")
    if new != found:
        log.warning(
            "marked the database as production's",
            database=new.database,
            identity=new.identity,
            before=f"{found.environment}, as {found.database}" if found else "no mark",
        )


def _refuse_unset(address: Address, found: Mark | None, contents: Contents) -> None:
    """Raise `CannotMark` if APP_ENV was probably forgotten on a development machine."""
    unset = "APP_ENV is not set to development, test or production, which means production, but "
    if found and not found.is_of_production():
        raise CannotMark(
            f"{unset}{address} is marked for {found.environment}. If this is production's "
            "database, set APP_ENV=production: the server then marks it so. If not, set "
            f"APP_ENV={found.environment}."
        )
    if found is None and contents is Contents.EMPTY:
        raise CannotMark(
            f"{unset}{address} is empty. If production is to use it, set APP_ENV=production. If "
            "not, set APP_ENV=development, as `just` does."
        )

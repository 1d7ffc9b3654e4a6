"""Mark a database for `just stamp`, unless that could let a seed delete production data."""

import asyncio

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

import app.tables  # noqa: F401 - registers the tables that are ours
from app.database.address import Address, address_of
from app.database.causes import find_cause
from app.database.engine import create_engine, read_only
from app.database.mark import Mark, describe_mark, find_mark, lock_mark, mark
from app.database.own_tables import REDIRECTED, Contents, find_contents, find_redirections
from app.errors import DomainError
from app.settings import Environment, Settings


class CannotStamp(Exception):
    """The message says why the database is not marked, and what to do instead."""


class WrongValue(CannotStamp):
    """The argument or a setting is wrong."""


def stamp(settings: Settings, name: str | None, copy_of: str | None) -> str:
    """Mark the database if a name is given, and return a sentence about its mark.

    Raise `CannotStamp` or `WrongValue`.
    """
    try:
        return asyncio.run(_in_transaction(settings, name, copy_of))
    except DomainError as error:
        raise CannotStamp(error.detail) from None
    except DBAPIError as error:
        found = find_cause(error)
        cause = found.text if found else type(error).__name__
        raise CannotStamp(f"The database cannot be used: {cause}.") from None


async def _in_transaction(settings: Settings, name: str | None, copy_of: str | None) -> str:
    engine = create_engine(settings.database_url)
    used = read_only(engine) if name is None else engine
    try:
        async with used.begin() as connection:
            if name is not None:
                await connection.run_sync(_mark, settings, name, copy_of)
            return await connection.run_sync(describe_mark)
    finally:
        await engine.dispose()


def _mark(connection: Connection, settings: Settings, name: str, copy_of: str | None) -> None:
    lock_mark(connection)
    address = address_of(connection)
    if not settings.says_environment:
        raise WrongValue(
            f"APP_ENV is {settings.environment_as_set}; it must be development, test or production."
        )
    if name != address.name:
        raise WrongValue(
            f'NAME is "{name}", but DATABASE_URL names the {address}. Correct one of them.'
        )
    if redirections := find_redirections(connection):
        raise CannotStamp(REDIRECTED.format(address, "; ".join(redirections)))
    found = find_mark(connection)
    if found is None and find_contents(connection) is not Contents.OURS:
        raise CannotStamp(
            f"{address} has no mark and no tables of Seedbed. In an empty database, `uv run just "
            "migrate` creates the tables and marks it."
        )
    if settings.environment is not Environment.PRODUCTION and found and found.is_of_production():
        _refuse_production(found, address, copy_of)
    mark(connection, settings.environment)


def _refuse_production(found: Mark, address: Address, copy_of: str | None) -> None:
    """A mark becomes more lenient only on a copy, if the person who made it says so."""
    if found.is_of(address):
        raise CannotStamp(
            f"The mark of {address} says that it is the production database itself. That cannot be "
            "changed. For development, set DATABASE_URL to another database, or to a copy of this "
            "one with another name."
        )
    if address.other_links:
        raise CannotStamp(
            f"{address} has {address.other_links + 1} names (hard links), and production may use "
            "another of them. Make a copy of the file and mark the copy."
        )
    if copy_of != found.database:
        # The option itself is not named: following a message must not wipe production.
        given = "" if copy_of is None else f'You named "{copy_of}". '
        raise CannotStamp(
            f"{given}{address} is marked for production as "
            f'"{found.database}". It may be a copy, or the production database itself: restored, '
            "moved or reached through a tunnel. `uv run just stamp --help` explains how to mark "
            "a copy."
        )

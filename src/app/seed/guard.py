"""Which database may be reset, and in which environment: the one guard of every way to seed."""

import shlex
from collections.abc import AsyncIterator, Iterator

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from app.address import Address, address_of
from app.database import is_missing, read_only, wait_briefly
from app.errors import Reason, Refused
from app.guard import Caller
from app.mark import Mark, find_mark
from app.migrations import VERSION_TABLE
from app.seed.lock import find_advisory_holder
from app.settings import Environment, Settings

PRODUCTION = Reason(
    "PRODUCTION",
    "Seeding deletes everything, so it is refused in production, which is also what an unset or "
    "unknown APP_ENV means.",
    "If this database is for development, start the application with APP_ENV=development, as "
    "`just` does.",
)


async def reasons_against_production(caller: Caller) -> AsyncIterator[Reason]:
    if caller.app.state.settings.environment is Environment.PRODUCTION:
        yield PRODUCTION


async def reasons_against_reset(caller: Caller) -> AsyncIterator[Reason]:
    """Look at the database without writing to it; in production it is not even opened."""
    settings: Settings = caller.app.state.settings
    engine: AsyncEngine = caller.app.state.engine
    if settings.environment is Environment.PRODUCTION:
        yield PRODUCTION
    elif not is_missing(engine):
        async with read_only(engine).connect() as connection:
            await connection.run_sync(wait_briefly)
            # The tables of a run may be locked; it has been let in, and keeps this call out.
            if await find_advisory_holder(connection) is None:
                for reason in await connection.run_sync(reasons_against_database, settings):
                    yield reason


def refuse_database(connection: Connection, settings: Settings) -> None:
    """Raise `Refused`; asked again under the lock, for time has passed since the first look."""
    if reasons := reasons_against_database(connection, settings):
        raise Refused(reasons)


def reasons_against_database(connection: Connection, settings: Settings) -> list[Reason]:
    address = address_of(connection)
    reasons = [*_reasons_of_address(address, settings)]
    if mark := find_mark(connection):
        reasons += _reasons_of_mark(mark, address, settings)
    elif set(inspect(connection).get_table_names()) - {VERSION_TABLE}:
        reasons.append(
            Reason(
                "UNMARKED_DATABASE",
                f"{address} has tables, but no mark that says whose they are.",
                "If Seedbed made them, `uv run just migrate` marks it and keeps its rows; if they "
                "are another program's, set DATABASE_URL to another database.",
            )
        )
    return reasons


def _reasons_of_address(address: Address, settings: Settings) -> Iterator[Reason]:
    if not address.is_local and address.name != settings.remote_database:
        yield Reason(
            "REMOTE_DATABASE",
            f"{address} is not on this machine.",
            "If it may be reset all the same, set "
            f"SEED_REMOTE_DATABASE={shlex.quote(address.name)}.",
        )


def _reasons_of_mark(mark: Mark, address: Address, settings: Settings) -> Iterator[Reason]:
    stamp = f"`uv run just stamp {shlex.quote(address.name)}`"
    if mark.is_of_production():
        remedy = "Set DATABASE_URL to a database of your own."
        if not mark.is_of(address):
            remedy = f"If it is a copy for development, mark it as that: {stamp}."
        yield Reason(
            "PRODUCTION_DATABASE",
            f"The database is marked as production's, {mark.database}, and as such is never reset.",
            remedy,
        )
    elif mark.environment is not settings.environment:
        yield Reason(
            "OTHER_ENVIRONMENT",
            f"The database is marked for {mark.environment}, and this application runs for "
            f"{settings.environment}.",
            f"Start it with APP_ENV={mark.environment}, or set DATABASE_URL to another database.",
        )
    if mark.database != address.name:
        is_copy = mark.identity != address.identity
        what = "a copy of that" if is_copy else "that itself, moved or reached another way"
        remedy = f"If it may be reset, mark it as a database of its own: {stamp}."
        if not is_copy and mark.is_of_production():
            remedy = "Set DATABASE_URL to a database of your own."
        yield Reason(
            "ANOTHER_DATABASE",
            f"{address} is marked as {mark.database}: it is {what}.",
            remedy,
        )

"""Decide whether a database can be reset."""

import shlex
from collections.abc import AsyncIterator, Iterator

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database.address import Address, address_of
from app.database.engine import is_missing, limit_lock_wait, read_only, run_statements
from app.database.mark import Mark, find_mark
from app.database.own_tables import Contents, find_contents, find_redirections
from app.errors import Reason, Refused
from app.seed.lock import find_advisory_holder, find_holder
from app.settings import Environment, Settings
from app.web.request_guard import AnyConnection


def production_reason(environment: str) -> Reason:
    """Return the reason with the value of APP_ENV, in quotes or "not set"."""
    return Reason(
        "PRODUCTION",
        f"APP_ENV is {environment}; only development and test databases can be seeded.",
        "If this database is for development, start the application with APP_ENV=development, as "
        "`just` does.",
    )


async def reasons_against_production(caller: AnyConnection) -> AsyncIterator[Reason]:
    settings: Settings = caller.app.state.settings
    if settings.environment is Environment.PRODUCTION:
        yield production_reason(settings.environment_as_set)


async def reasons_against_reset(caller: AnyConnection) -> AsyncIterator[Reason]:
    """Check the database without writing to it. In production it is not opened."""
    settings: Settings = caller.app.state.settings
    engine: AsyncEngine = caller.app.state.engine
    if settings.environment is Environment.PRODUCTION:
        yield production_reason(settings.environment_as_set)
    elif not is_missing(engine):
        async with read_only(engine).connect() as connection:
            await connection.run_sync(limit_lock_wait)
            # A running seed may have locked the tables. It has passed this guard, and its lock
            # keeps this call out.
            if await find_advisory_holder(connection) is None:
                for reason in await run_statements(connection, reasons_against_database, settings):
                    yield reason


async def reasons_against_change(caller: AnyConnection) -> AsyncIterator[Reason]:
    """Check the database at once if a seed keeps the call waiting, during which no table is locked.

    Otherwise `lock_and_check` finds the same reasons, without another transaction.
    """
    settings: Settings = caller.app.state.settings
    engine: AsyncEngine = caller.app.state.engine
    if settings.environment is Environment.PRODUCTION or (
        engine.dialect.name == "sqlite" and await find_holder(engine)
    ):
        async for reason in reasons_against_reset(caller):
            yield reason


def refuse_database(connection: Connection, settings: Settings) -> None:
    """Raise `Refused` if the database cannot be reset.

    This is checked again under the lock, because the database may have changed since the request.
    """
    if reasons := reasons_against_database(connection, settings):
        raise Refused(reasons)


def reasons_against_database(connection: Connection, settings: Settings) -> list[Reason]:
    return reasons_against(address_of(connection), find_mark(connection), connection, settings)


def reasons_against(
    address: Address, mark: Mark | None, connection: Connection, settings: Settings
) -> list[Reason]:
    """Return the reasons against a reset of the database, of which address and mark are known."""
    reasons = [*_reasons_of_address(address, settings)]
    if redirections := find_redirections(connection):
        reasons.append(
            Reason(
                "REDIRECTED_TABLES",
                f"In {address}, {'; '.join(redirections)}. A reset would delete rows that are not "
                "in Seedbed's own tables.",
                "Drop the view, the rule or the trigger, or detach the table (ALTER TABLE … NO "
                "INHERIT). Do not drop a table for this. Or set DATABASE_URL to another database.",
            )
        )
    if mark:
        reasons += _reasons_of_mark(mark, address, settings)
    elif (contents := find_contents(connection)) is not Contents.EMPTY:
        reasons.append(_unmarked(address, is_ours=contents is Contents.OURS))
    return reasons


def _reasons_of_address(address: Address, settings: Settings) -> Iterator[Reason]:
    if not address.is_local and address.name != settings.remote_database:
        where = f"{address} is not on this machine."
        if address.forwarded_to:
            where = (
                f"Seedbed cannot tell whether {address} is on this machine: a container, a tunnel "
                f"or a pooler forwards the connection to a server whose own address is "
                f"{address.forwarded_to}."
            )
        yield Reason(
            "REMOTE_DATABASE",
            where,
            "If its data can be deleted, set this variable for the server and for `just seed`: "
            f"SEED_REMOTE_DATABASE={shlex.quote(address.name)}.",
        )
    if address.other_links:
        yield Reason(
            "LINKED_FILE",
            f"{address} has {address.other_links + 1} names (hard links). A reset would also empty "
            "the database under the other names.",
            "Make a copy of the file and set DATABASE_URL to the copy.",
        )


def _unmarked(address: Address, *, is_ours: bool) -> Reason:
    if not is_ours:
        return Reason(
            "UNMARKED_DATABASE",
            f"{address} has tables of another program and none of Seedbed's.",
            "Set DATABASE_URL to an empty database, or to a database of Seedbed.",
        )
    return Reason(
        "UNMARKED_DATABASE",
        f"{address} has tables of Seedbed, but no mark, so it may be a production database.",
        "If it is for production, start its server, which marks and protects the database. If it "
        "is for development, mark it first. `uv run just stamp --help` explains how.",
    )


def _reasons_of_mark(mark: Mark, address: Address, settings: Settings) -> Iterator[Reason]:
    if mark.is_of_production():
        yield Reason(
            "PRODUCTION_DATABASE",
            f'{address} is marked for production as "{mark.database}". A production database is '
            "never reset.",
            "Set DATABASE_URL to another database.",
        )
    elif mark.environment is not settings.environment:
        yield Reason(
            "OTHER_ENVIRONMENT",
            f"{address} is marked for {mark.environment}, but APP_ENV is "
            f"{settings.environment_as_set}.",
            f"Set APP_ENV={mark.environment}, or set DATABASE_URL to another database.",
        )
    if mark.database != address.name:
        yield _another_database(mark, address)


def _another_database(mark: Mark, address: Address) -> Reason:
    """Suggest no command for a database that may be production, so that advice cannot wipe it."""
    is_same = mark.is_of(address)
    what = "It may be a copy, or that database itself, restored, moved or under another address."
    if is_same:
        what = "It is that database itself, moved or under another address."
    remedy = (
        f"If its data can be deleted, mark it: `uv run just stamp {shlex.quote(address.name)}`."
    )
    if mark.is_of_production():
        remedy = "Set DATABASE_URL to another database."
        if not is_same:
            remedy += (
                " To use a copy of production for development, see `uv run just stamp --help`."
            )
    return Reason("ANOTHER_DATABASE", f'{address} is marked as "{mark.database}". {what}', remedy)

"""Runs migrations in one transaction: on the connection handed over, else on the settings' own.

Asks the mark first, and marks a database that has none.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.database.causes import code_of, describe_for_log, find_cause
from app.database.citus import distribute_tables
from app.database.engine import create_engine, is_missing, read_only
from app.database.known_causes import NO_TABLES, OTHER_SCHEMA
from app.database.mark import describe_mark, find_mark, mark
from app.database.migrations import is_behind, refuse_migration
from app.database.own_tables import VERSION_TABLE, is_bookkeeping
from app.database.undo.recording import stop as stop_recording
from app.errors import DomainError
from app.settings import Environment, Settings
from app.tables import METADATA
from app.variables import InvalidSettings

LOOKS = frozenset({"branches", "check", "current", "heads", "history", "revision", "show"})


def migrate(connection: Connection, settings: Settings) -> None:
    """Refuse a database that is not ours to change; else run the command, and mark."""
    refuse_database(connection, settings)
    with context.begin_transaction(), _beside_views(connection):
        if not _only_looks() and (_is_downgrade() or is_behind(connection)):
            stop_recording(connection)
        context.run_migrations()
        if not _only_looks() and not is_behind(connection):
            distribute_tables(connection)
        if not _only_looks() and _needs_mark(connection, settings):
            mark(connection, settings.environment)


@contextmanager
def _beside_views(connection: Connection) -> Iterator[None]:
    """Let SQLite rename a table although a view names one that is not there at the moment."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")


def refuse_database(connection: Connection, settings: Settings) -> None:
    """Raise `MigrationRefused` if the command changes anything and may not."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=lambda name, _kind, _parents: (
            name == VERSION_TABLE or not is_bookkeeping(str(name))
        ),
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    if not _only_looks():
        refuse_migration(connection, settings)


def _only_looks() -> bool:
    """Tell the commands of Alembic's that read: what it may learn to do later changes something."""
    given = context.config.cmd_opts
    return given is not None and given.cmd[0].__name__ in LOOKS


def _is_downgrade() -> bool:
    given = context.config.cmd_opts
    return given is not None and given.cmd[0].__name__ == "downgrade"


def _needs_mark(connection: Connection, settings: Settings) -> bool:
    """A mark can become stricter by itself, never more lenient."""
    is_production = settings.environment is Environment.PRODUCTION and settings.says_environment
    return is_production or find_mark(connection) is None


async def migrate_on_own_connection() -> None:
    try:
        settings = Settings.from_environment()
    except InvalidSettings as error:
        raise SystemExit(str(error)) from None
    engine = create_engine(settings.database_url)
    try:
        # The transaction that migrates writes to SQLite's file as it begins.
        if not is_missing(engine):
            async with read_only(engine).connect() as connection:
                await connection.run_sync(refuse_database, settings)
        elif _only_looks():
            raise SystemExit(f"There is no database yet at {engine.url.database}.")
        using = read_only(engine) if _only_looks() else engine
        async with using.begin() as connection:
            await connection.run_sync(migrate, settings)
            print(await connection.run_sync(describe_mark))  # noqa: T201 - what Alembic does not say
    except DomainError as error:
        raise SystemExit(error.detail) from None
    except DBAPIError as error:
        raise SystemExit(f"Nothing was migrated: {_reason(error)}.") from None
    finally:
        await engine.dispose()


def _reason(error: DBAPIError) -> str:
    """Name the statement where the schema is to blame: migrating again would not help."""
    cause = find_cause(error)
    if cause and cause not in {NO_TABLES, OTHER_SCHEMA}:
        return cause.text
    return (
        "a table, column or constraint is not as Seedbed's migrations left it, so this statement "
        f"failed ({code_of(error)}): {describe_for_log(error)['statement']}"
    )


if context.is_offline_mode():
    raise SystemExit("Nothing was changed. --sql is not possible: migrations ask the database.")
if connection := context.config.attributes.get("connection"):
    migrate(connection, context.config.attributes["settings"])
else:
    asyncio.run(migrate_on_own_connection())

"""Runs migrations in one transaction: on the connection handed over, else on the settings' own.

Whatever migrates the database also sees to its mark.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from app.database import create_engine
from app.database_errors import code_of, find_cause
from app.mark import MARK_TABLE, describe_mark, find_mark, has_mark_table, mark
from app.migrations import VERSION_TABLE
from app.settings import Environment, InvalidSettings, Settings
from app.tables import LAST_SEED_TABLE, METADATA

SQL_ERROR = "SQLITE_ERROR"  # of a statement, not of the file


def migrate(connection: Connection, settings: Settings) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=lambda name, _kind, _parents: name not in {MARK_TABLE, LAST_SEED_TABLE},
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    tables = set(inspect(connection).get_table_names())
    with context.begin_transaction():
        context.run_migrations()
        # Commands that only look, such as `current` and `check`, have no destination.
        if "destination_rev" in context.get_context().opts and has_mark_table(connection):
            mark_after(connection, settings, tables)


def mark_after(connection: Connection, settings: Settings, tables: set[str]) -> None:
    """Mark what was empty or older than the mark; a mark that stands gives way to production's.

    Tables that no migration of ours made are somebody's, and whatever `APP_ENV` does not say
    takes no mark away.
    """
    is_ours = not tables or (VERSION_TABLE in tables and MARK_TABLE not in tables)
    is_production = settings.environment is Environment.PRODUCTION
    if (is_ours and find_mark(connection) is None) or (is_production and settings.says_environment):
        mark(connection, settings.environment)


async def migrate_on_own_connection() -> None:
    try:
        settings = Settings.from_environment()
    except InvalidSettings as error:
        raise SystemExit(str(error)) from None
    engine = create_engine(settings.database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate, settings)
            if await connection.run_sync(has_mark_table):
                # It would not say this itself.
                print(await connection.run_sync(describe_mark))  # noqa: T201
    except DBAPIError as error:
        cause = find_cause(error)
        if cause is None or code_of(error) == SQL_ERROR:
            raise
        raise SystemExit(f"Nothing was migrated: {cause}.") from None
    finally:
        await engine.dispose()


if connection := context.config.attributes.get("connection"):
    migrate(connection, context.config.attributes["settings"])
else:
    asyncio.run(migrate_on_own_connection())

"""Runs migrations in one transaction: on the connection handed over, else on the settings' own.

Whatever migrates the database also sees to its mark.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.database import create_engine
from app.mark import MARK_TABLE, has_mark_table, stamp
from app.settings import Environment, InvalidSettings, Settings
from app.tables import METADATA


def migrate(connection: Connection, environment: Environment) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=lambda name, _kind, _parents: name != MARK_TABLE,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        # Commands that only look, such as `current` and `check`, have no destination.
        if "destination_rev" in context.get_context().opts and has_mark_table(connection):
            stamp(connection, environment)


async def migrate_on_own_connection() -> None:
    try:
        settings = Settings.from_environment()
    except InvalidSettings as error:
        raise SystemExit(str(error)) from None
    engine = create_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(migrate, settings.environment)
    await engine.dispose()


if connection := context.config.attributes.get("connection"):
    migrate(connection, context.config.attributes["environment"])
else:
    asyncio.run(migrate_on_own_connection())

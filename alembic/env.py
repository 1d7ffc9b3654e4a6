"""Runs migrations in one transaction: on the connection handed over, else on the settings' own."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from app.database import create_engine
from app.settings import InvalidSettings, Settings
from app.tables import METADATA


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_on_own_connection() -> None:
    try:
        engine = create_engine(Settings.from_environment().database_url)
    except InvalidSettings as error:
        raise SystemExit(str(error)) from None
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if connection := context.config.attributes.get("connection"):
    migrate(connection)
else:
    asyncio.run(migrate_on_own_connection())

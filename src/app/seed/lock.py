"""The one transaction of a seed, held by one process at a time."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

from filelock import FileLock, Timeout
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncTransaction

from app.errors import SeedAlreadyRunning

POSTGRESQL_LOCK = 0x5EED_BED0
POSTGRESQL_LOCK_TIMEOUT = "15s"


@asynccontextmanager
async def exclusive_transaction(
    engine: AsyncEngine,
) -> AsyncIterator[tuple[AsyncConnection, AsyncTransaction]]:
    """Begin the transaction that everything happens in; it is rolled back unless committed.

    The lock ends with the transaction or the process, whichever is first. Raises
    `SeedAlreadyRunning` at once if another process, or another call in this one, has it.
    """
    with _file_lock(engine):
        async with engine.connect() as connection:
            transaction = await connection.begin()
            try:
                await _advisory_lock(connection)
                yield connection, transaction
            finally:
                if transaction.is_active:
                    await transaction.rollback()


def _file_lock(engine: AsyncEngine) -> AbstractContextManager[object]:
    """SQLite's own lock would make a second seed wait for any writer; this one says which it is."""
    if engine.dialect.name != "sqlite":
        return nullcontext()
    try:
        return FileLock(f"{engine.url.database}.seed.lock", blocking=False).acquire()
    except Timeout:
        raise SeedAlreadyRunning from None


async def _advisory_lock(connection: AsyncConnection) -> None:
    if connection.dialect.name != "postgresql":
        return
    if not await connection.scalar(select(func.pg_try_advisory_xact_lock(POSTGRESQL_LOCK))):
        raise SeedAlreadyRunning
    await connection.execute(text(f"SET LOCAL lock_timeout = '{POSTGRESQL_LOCK_TIMEOUT}'"))

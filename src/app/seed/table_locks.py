"""Lock PostgreSQL's tables during a reset, after a limited wait."""

from time import monotonic

import anyio
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import migrations
from app.database.causes import code_of
from app.database.known_causes import LOCK_NOT_AVAILABLE
from app.database.own_tables import (
    CLOCK_TABLE,
    LOCKED,
    MARK_TABLE,
    PRESENT,
    list_droppable,
    own_names,
    quoted,
)
from app.database.sqlite_files import WAIT_SECONDS
from app.seed.errors import TransactionInTheWay
from app.seed.request import ResetMode

AGAINST_READERS = "ACCESS EXCLUSIVE"
AGAINST_WRITERS = "SHARE ROW EXCLUSIVE"
RETRY_SECONDS = 0.05
BEFORE_LOCK = "before_lock"  # a savepoint
# PostgreSQL ends an automatic VACUUM or ANALYZE when another session has waited for its lock for
# `deadlock_timeout`. It does not if the other one only tries again and again.
# Only superusers may change that time, which is a second by default.
WAIT_LESS = text("""
    SELECT set_config('deadlock_timeout', '20ms', true)
      FROM pg_roles WHERE rolname = current_user AND rolsuper
""")
VACUUMED = text("""
    SELECT DISTINCT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
     WHERE granted AND mode = 'ShareUpdateExclusiveLock' AND pid <> pg_backend_pid()
       AND relnamespace = current_schema()::regnamespace
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
# A prepared transaction has no process; its locks share a virtual transaction id.
HOLDERS = text("""
    WITH blocking AS (
        SELECT pid, virtualtransaction FROM pg_locks JOIN pg_class ON pg_class.oid = relation
         WHERE granted AND relnamespace = current_schema()::regnamespace
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (:readers OR mode NOT IN ('AccessShareLock', 'RowShareLock')))
    SELECT 'process ' || pid || ' (' || coalesce(nullif(application_name, ''), 'unnamed')
           || coalesce(', ' || state, '') || ')'
           -- Only superusers see this for the session of another role.
           || coalesce(' since '
               || to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
      FROM blocking JOIN pg_stat_activity USING (pid) WHERE pid <> pg_backend_pid()
    UNION
    SELECT 'the prepared transaction ' || quote_literal(gid) || ' (end it with ROLLBACK PREPARED'
           || ' or COMMIT PREPARED and that name)'
      FROM pg_prepared_xacts
      JOIN pg_locks own ON own.transactionid = transaction AND own.granted AND own.pid IS NULL
      JOIN blocking ON blocking.pid IS NULL
                   AND blocking.virtualtransaction = own.virtualtransaction
""")


async def lock_tables(connection: AsyncConnection, mode: ResetMode | None) -> None:
    """Lock the tables that a reset or, without a mode, a restore changes.

    The locks last until the transaction ends.

    SQLite has already locked the file at the start of the transaction.

    With `delete` or without a mode, writers wait and readers do not: no other row can be added
    without an audit. If tables are dropped or altered, readers wait too. Raise
    `TransactionInTheWay`.
    """
    if connection.dialect.name != "postgresql":
        return
    names = set(await connection.scalars(PRESENT, {"names": sorted(own_names())}))
    if MARK_TABLE not in names:
        return  # an empty database, or one that the guard refuses
    if mode is ResetMode.DROP:
        names |= set(await connection.run_sync(list_droppable))
    readers = mode is ResetMode.DROP or (
        mode is ResetMode.DELETE and await connection.run_sync(migrations.is_behind)
    )
    lock = AGAINST_READERS if readers else AGAINST_WRITERS
    if readers:
        names -= {CLOCK_TABLE}  # requests read it before they wait for a reset
    if not await _try_to_lock(connection, names, f"{lock} MODE NOWAIT"):
        await _wait_and_lock(connection, names, lock)
    if mode is None:
        connection.info[LOCKED] = names


async def _wait_and_lock(connection: AsyncConnection, names: set[str], lock: str) -> None:
    # Every request locks the mark's table first. Waiting only for that lock, and holding no other
    # one, cannot cause a deadlock.
    until = monotonic() + WAIT_SECONDS
    waiting = await _try_to_lock(connection, {MARK_TABLE}, f"{lock} MODE")
    while waiting:
        if await _try_to_lock(connection, names, f"{lock} MODE NOWAIT"):
            return
        waiting = monotonic() < until
        if vacuumed := names.intersection((await connection.scalars(VACUUMED)).all()):
            await connection.execute(WAIT_LESS)
            await _try_to_lock(connection, vacuumed, f"{lock} MODE")
        else:
            await anyio.sleep(RETRY_SECONDS)
    holders = await connection.scalars(HOLDERS, {"readers": lock == AGAINST_READERS})
    raise TransactionInTheWay(WAIT_SECONDS, holders.all())


async def _try_to_lock(connection: AsyncConnection, names: set[str], lock: str) -> bool:
    """Lock all tables or none, and return whether that succeeded."""
    tables = ", ".join(quoted(connection, name) for name in sorted(names))
    savepoint = f"SAVEPOINT {BEFORE_LOCK}; LOCK TABLE {tables} IN {lock}; RELEASE {BEFORE_LOCK}"
    try:
        await connection.exec_driver_sql(savepoint)
    except OperationalError as error:
        if code_of(error) == LOCK_NOT_AVAILABLE:
            await connection.exec_driver_sql(f"ROLLBACK TO {BEFORE_LOCK}")
            return False
        raise
    return True

"""Take, restore and delete snapshots: each in one transaction, and alone.

Requests that read see the state before or after it. Requests that write wait.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import perf_counter

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.database.engine import limit_lock_wait, run_statements
from app.database.sqlite_files import without_foreign_keys
from app.database.undo.changes import ChangeCounts
from app.database.undo.fingerprint import fingerprint_rows
from app.database.undo.recording import UndoLog, use_log
from app.database.undo.restore import deletes_rows, has_orphans, undo
from app.database.undo.snapshots import (
    Snapshot,
    delete_snapshot,
    find,
    return_to,
    save_fingerprint,
    take,
)
from app.seed.errors import RowsInTheWay
from app.seed.other_objects import list_references
from app.seed.run import lock_and_check
from app.seed.unit_of_work import exclusive_transaction
from app.settings import Settings
from app.snapshots.schemas import FingerprintCheck, RestoredSnapshot, UndoneChanges

RESTORING = "restore"


async def take_snapshot(
    engine: AsyncEngine, settings: Settings, name: str
) -> tuple[Snapshot, bool]:
    """Name the current state, and return whether the name is new.

    Raise `SnapshotsUnusable`, `TransactionInTheWay` or `Refused`.
    """
    async with _while_nobody_writes(engine, settings) as connection:
        return await run_statements(connection, take, name)


async def remove_snapshot(engine: AsyncEngine, settings: Settings, name: str) -> None:
    """Raise `SnapshotNotFound`, `SnapshotsUnusable`, `TransactionInTheWay` or `Refused`."""
    async with _while_nobody_writes(engine, settings) as connection:
        await run_statements(connection, delete_snapshot, name)


async def restore(
    engine: AsyncEngine, settings: Settings, name: str, *, verify: bool
) -> RestoredSnapshot:
    """Undo all changes since a snapshot, and delete the snapshots taken later.

    Raise `SnapshotNotFound`, `SnapshotsUnusable`, `CannotRestore`, `RowsInTheWay`,
    `SeedAlreadyRunning`, `TransactionInTheWay` or `Refused`: then nothing was changed. Raise
    `OutcomeUnknown` if the connection breaks during the commit.
    """
    started = perf_counter()
    async with exclusive_transaction(without_foreign_keys(engine), RESTORING) as work:
        await lock_and_check(work.connection, settings, None)
        undone, verification = await run_statements(work.connection, _restore, name, verify)
        await work.checkpoint()
        await work.commit()
    return RestoredSnapshot(
        name=name,
        undone={table: UndoneChanges.of(counts) for table, counts in undone.items()},
        duration_ms=round((perf_counter() - started) * 1000, 1),
        verification=verification,
    )


def _restore(
    connection: Connection, name: str, verify: bool
) -> tuple[dict[str, ChangeCounts], FingerprintCheck | None]:
    log = use_log(connection)
    snapshot = find(connection, name)
    undone = undo(log, snapshot.positions)
    if deletes_rows(undone):
        _refuse_other_rows(connection)
    return_to(log, snapshot)
    return undone, _verify(log, snapshot) if verify else None


def _refuse_other_rows(connection: Connection) -> None:
    """Raise `RowsInTheWay` if rows of another program may have been deleted or changed as well.

    SQLite restores without foreign keys: there, also if such a row refers to nothing now.
    """
    tables = list_references(connection, cascading=True)
    if not tables and connection.dialect.name == "sqlite":
        others = list_references(connection, cascading=False)
        tables = [name for name in others if has_orphans(connection, name)]
    if tables:
        raise RowsInTheWay(tables)


def _verify(log: UndoLog, snapshot: Snapshot) -> FingerprintCheck:
    restored = fingerprint_rows(log)
    if snapshot.fingerprint is None:
        save_fingerprint(log.connection, snapshot, restored)
        return FingerprintCheck(snapshot=None, restored=restored, matches=None)
    return FingerprintCheck(
        snapshot=snapshot.fingerprint,
        restored=restored,
        matches=restored == snapshot.fingerprint,
    )


@asynccontextmanager
async def _while_nobody_writes(
    engine: AsyncEngine, settings: Settings
) -> AsyncGenerator[AsyncConnection]:
    async with engine.begin() as connection:
        await connection.run_sync(limit_lock_wait)
        await lock_and_check(connection, settings, None)
        yield connection

"""Take, find, list and delete snapshots."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    delete,
    func,
    insert,
    select,
    update,
)

from app import clock
from app.database.batch import run_all
from app.database.own_tables import BOOKKEEPING, SNAPSHOT_TABLE, UNCOUNTED, quoted
from app.database.undo.changes import ChangeCounts, count_changes
from app.database.undo.errors import SnapshotNotFound, SnapshotsUnusable
from app.database.undo.fingerprint import fingerprint_rows
from app.database.undo.history import forget, note_snapshot, notes_of_restore
from app.database.undo.recorded import recorded_keys
from app.database.undo.recording import SNAPSHOTS, UndoLog, start, use_log

# Up to this many rows a snapshot has a fingerprint from the beginning: it takes a few milliseconds.
FINGERPRINTED_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`positions` are the last entries of the log that the snapshot includes, by table."""

    id: int
    name: str
    created_at: datetime
    positions: Mapping[str, int]
    rows: Mapping[str, int]
    fingerprint: str | None


def begin_with_snapshot(connection: Connection, name: str) -> None:
    """Begin to record, with a snapshot of the current state, where that is possible.

    For the end of a seed: the history begins again as well.
    """
    with suppress(SnapshotsUnusable):
        log = start(connection)
        forget(connection)
        _save(log, name, None)


def take(connection: Connection, name: str) -> tuple[Snapshot, bool]:
    """Name the current state, and return whether the name is new.

    Begin to record if changes were not recorded, or not completely; that deletes all snapshots.
    Nobody else may write at the same time.
    """
    try:
        log = use_log(connection)
    except SnapshotsUnusable:
        return _save(start(connection), name, None), True
    newest = select(SNAPSHOTS).order_by(SNAPSHOTS.c.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    deleted = connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.name == name))
    return _save(log, name, _read(row) if row else None), not deleted.rowcount


def _save(log: UndoLog, name: str, last: Snapshot | None) -> Snapshot:
    rows = _count_rows(log, last)
    taken = Snapshot(
        id=note_snapshot(log.connection),
        name=name,
        created_at=clock.now(),
        positions=log.positions(),
        rows=rows,
        fingerprint=fingerprint_rows(log) if sum(rows.values()) <= FINGERPRINTED_ROWS else None,
    )
    encoded = {"positions": json.dumps(taken.positions), "rows": json.dumps(rows)}
    log.connection.execute(insert(SNAPSHOTS).values(asdict(taken) | encoded))
    return taken


def find(connection: Connection, name: str) -> Snapshot:
    """Raise `SnapshotNotFound` if there is none of this name."""
    row = connection.execute(select(SNAPSHOTS).where(SNAPSHOTS.c.name == name)).one_or_none()
    if row is None:
        raise SnapshotNotFound(name)
    return _read(row)


def list_all(log: UndoLog) -> list[tuple[Snapshot, dict[str, ChangeCounts]]]:
    """Return all snapshots with what has changed since, the oldest first."""
    found = log.connection.execute(select(SNAPSHOTS).order_by(SNAPSHOTS.c.id)).all()
    return [(each, count_changes(log, each.positions)) for each in map(_read, found)]


def delete_snapshot(connection: Connection, name: str) -> None:
    """Delete a snapshot, and the log with the last one. Raise `SnapshotNotFound`."""
    log = use_log(connection)
    find(connection, name)
    connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.name == name))
    if connection.scalar(select(func.count()).select_from(SNAPSHOTS)) == 0:
        log.clear()


def return_to(log: UndoLog, snapshot: Snapshot) -> None:
    """Note a restore, and delete the entries and the snapshots of later."""
    entries = log.forget_after(snapshot.positions)
    snapshots = f"DELETE FROM {SNAPSHOT_TABLE} WHERE id > {snapshot.id}"
    run_all(log.connection, [*entries, snapshots, *notes_of_restore(snapshot.id)])


def save_fingerprint(connection: Connection, snapshot: Snapshot, fingerprint: str) -> None:
    of_snapshot = update(SNAPSHOTS).where(SNAPSHOTS.c.id == snapshot.id)
    connection.execute(of_snapshot.values(fingerprint=fingerprint))


def _read(row: Row[Any]) -> Snapshot:
    return Snapshot(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        positions=json.loads(row.positions),
        rows=json.loads(row.rows),
        fingerprint=row.fingerprint,
    )


def _count_rows(log: UndoLog, last: Snapshot | None) -> dict[str, int]:
    """Count all rows once, and then only what has changed since the last snapshot."""
    if last is None:
        names = (name for name in recorded_keys() if name not in UNCOUNTED | BOOKKEEPING)
        each = (f"SELECT '{name}', count(*) FROM {quoted(log.connection, name)}" for name in names)
        return dict(log.connection.exec_driver_sql(" UNION ALL ".join(each)).all())
    changes = count_changes(log, last.positions)
    return {
        name: count + (changes[name].inserted - changes[name].deleted if name in changes else 0)
        for name, count in last.rows.items()
    }

"""In which order snapshots were taken and restored since the last seed.

Each server process follows it, to return what it keeps in memory to a snapshot as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from app.database.own_tables import HISTORY_TABLE
from app.database.undo.recording import HISTORY


@dataclass(frozen=True, slots=True)
class SnapshotEvent:
    """A snapshot was taken, which has the id of the event, or the snapshot `restored` was."""

    id: int
    restored: int | None = None


@dataclass(frozen=True, slots=True)
class SnapshotHistory:
    """The events that a process does not know, of one seed, and the ids of all snapshots."""

    seed_id: str | None
    events: Sequence[SnapshotEvent] = ()
    snapshots: frozenset[int] = frozenset()


def note_snapshot(connection: Connection) -> int:
    """Return the id of a new snapshot. Nobody else may write at the same time."""
    following = select(func.coalesce(func.max(HISTORY.c.id), 0) + 1)
    values = insert(HISTORY).from_select(["id"], following)
    return int(connection.execute(values.returning(HISTORY.c.id)).scalar_one())


def notes_of_restore(snapshot: int) -> list[str]:
    """Return statements that note a restore.

    They delete what happened between the snapshot and the restore: it leads to the same state.
    """
    last = f"(SELECT max(id) FROM {HISTORY_TABLE})"
    return [
        f"INSERT INTO {HISTORY_TABLE} (id, restored) VALUES ({last} + 1, {snapshot})",
        f"DELETE FROM {HISTORY_TABLE} WHERE id > {snapshot} AND id < {last}",
    ]


def forget(connection: Connection) -> None:
    """Begin again, for a new seed."""
    connection.execute(delete(HISTORY))

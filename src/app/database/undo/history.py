"""In which order snapshots were taken and restored since the last seed.

Each server process follows it, to return what it keeps in memory to a snapshot as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, literal, select

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
    return _note(connection, None)


def note_restore(connection: Connection, snapshot: int) -> None:
    """Delete what happened between the snapshot and this restore: it leads to the same state."""
    event = _note(connection, snapshot)
    connection.execute(delete(HISTORY).where(HISTORY.c.id > snapshot, HISTORY.c.id < event))


def forget(connection: Connection) -> None:
    """Begin again, for a new seed."""
    connection.execute(delete(HISTORY))


def _note(connection: Connection, restored: int | None) -> int:
    following = select(
        func.coalesce(func.max(HISTORY.c.id), 0) + 1, literal(restored, HISTORY.c.restored.type)
    )
    values = insert(HISTORY).from_select(["id", "restored"], following)
    return int(connection.execute(values.returning(HISTORY.c.id)).scalar_one())

"""The responses of the snapshot routes."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from app.database.undo.changes import ChangeCounts, RowChange
from app.database.undo.snapshots import Snapshot
from app.web.schemas import Next, ResponseBody

RowCounts = Annotated[dict[str, int], Meta(description="Rows of each table.")]


class SnapshotResponse(ResponseBody):
    name: str
    created_at: datetime
    rows: RowCounts


class ListedSnapshot(ResponseBody):
    name: str
    created_at: datetime
    rows: RowCounts
    changes: Annotated[
        dict[str, int],
        Meta(description="Rows that were inserted, updated or deleted since, by table."),
    ]

    @classmethod
    def with_changes(cls, snapshot: Snapshot, changes: dict[str, ChangeCounts]) -> "ListedSnapshot":
        return cls(
            name=snapshot.name,
            created_at=snapshot.created_at,
            rows=dict(snapshot.rows),
            changes={table: counts.total for table, counts in changes.items()},
        )


class UndoneChanges(ResponseBody):
    """How many changes of each kind were undone in a table."""

    inserted: int
    updated: int
    deleted: int


class FingerprintCheck(ResponseBody):
    """Digests of all rows. A large snapshot has none until its first restore with `verify`."""

    snapshot: str | None
    restored: str
    matches: Annotated[
        bool | None, Meta(description="Null if the snapshot had no digest to compare with.")
    ]


class RestoredSnapshot(ResponseBody):
    name: str
    undone: Annotated[dict[str, UndoneChanges], Meta(description="By table.")]
    duration_ms: float
    verification: Annotated[
        FingerprintCheck | None, Meta(description="Null without the parameter `verify`.")
    ] = None


class ChangedRow(ResponseBody):
    """A row as it was at the snapshot, and as it is now. Columns with secrets are left out."""

    table: str
    key: Annotated[dict[str, Any], Meta(description="The primary key.")]
    kind: Literal["inserted", "updated", "deleted"]
    before: Annotated[dict[str, Any] | None, Meta(description="Null for an inserted row.")]
    after: Annotated[dict[str, Any] | None, Meta(description="Null for a deleted row.")]


class ChangePage(ResponseBody):
    items: list[ChangedRow]
    next: Next

    @classmethod
    def with_cursor(cls, changes: list[RowChange], cursor: str | None) -> "ChangePage":
        return cls(items=[ChangedRow.of(change) for change in changes], next=cursor)

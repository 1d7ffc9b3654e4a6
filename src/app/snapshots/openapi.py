"""The texts, examples and errors of the snapshot routes in the OpenAPI document."""

from functools import partial

from litestar import delete, get, post, put
from litestar.exceptions import ValidationException
from litestar.openapi.spec import Example, Tag

from app.database.undo.errors import CannotRestore, SnapshotNotFound, SnapshotsUnusable
from app.database.undo.recording import MIGRATED
from app.errors import Refused, UnusableRequest
from app.names import MAX_LIMIT, SEEDED
from app.seed.database_guard import (
    production_reason,
    reasons_against_change,
    reasons_against_reset,
)
from app.seed.errors import SeedAlreadyRunning
from app.seed.openapi import BUSY, documented
from app.snapshots.cursors import NOT_A_CURSOR
from app.snapshots.schemas import (
    ChangePage,
    ListedSnapshot,
    RestoredSnapshot,
    SnapshotResponse,
)
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import EXAMPLE, route
from app.web.problem_details import invalid_request
from app.web.request_guard import REASONS

TAG = Tag("Snapshots", "Name the state of the database, and return to it in milliseconds.")
HINTS = {"name": "must have 1 to 64 of `a-z`, `0-9` and `-`", "verify": "must be `true` or `false`"}
TAKE = """\
Every change is recorded, whichever program makes it. A snapshot is a place in that record, so it \
costs no more for a large data set. If the name exists, it means the current state from now on.

Each seed deletes all snapshots, and takes one that is named `seeded`.
"""
RESTORE = """\
Restores all tables of Seedbed: users, sessions and clinics, and the record of the last seed. A \
session that existed at the snapshot is valid again. Counts of attempts are what they were, \
in every process. Snapshots that were taken later are deleted.

It is one transaction, which costs as much as the changes that it undoes. Readers see the state \
before or after it.
"""
CHANGES = """\
The difference between the snapshot and the current state: a row that was changed back is not \
listed. Passwords, tokens and hashes are left out.
"""

NO_SNAPSHOT = SnapshotNotFound("two-plans")
UNUSABLE = SnapshotsUnusable(MIGRATED)


def _invalid(key: str, message: str = "") -> UnusableRequest:
    return invalid_request(ValidationException(extra=[{"key": key, "message": message}]), HINTS)


INVALID_NAME = _invalid("name")
RESTORE_ERRORS = (NO_SNAPSHOT, SeedAlreadyRunning(), CannotRestore(["users"]))
LIST_ERRORS = (
    NO_SNAPSHOT,
    INVALID_NAME,
    _invalid("limit", f"Expected `int` <= {MAX_LIMIT}"),
    UnusableRequest(NOT_A_CURSOR),
)
EVERY_CALL = (UNUSABLE, Refused([production_reason('"production"')]), TOO_LARGE, BUSY)
_EXAMPLE = {EXAMPLE: {"id": "two-plans"}}
_READS = {REASONS: reasons_against_reset, **_EXAMPLE}
_CHANGES = {REASONS: reasons_against_change, **_EXAMPLE}


read = partial(route, get, EVERY_CALL, opt=_READS)
EVERY_CHANGE = (INVALID_NAME, UnsupportedMediaType("text/plain"), *EVERY_CALL)
take = partial(route, put, EVERY_CHANGE, opt=_CHANGES)
restore = partial(route, post, EVERY_CHANGE, opt=_CHANGES)
remove = partial(route, delete, EVERY_CHANGE, opt=_CHANGES)

_ROWS = {"users": 10, "organizations": 3, "patients": 20, "treatment_plans": 60}
_SNAPSHOT = {"name": "two-plans", "createdAt": "2026-11-23T09:30:00.000Z", "rows": _ROWS}
TAKEN = documented(
    SnapshotResponse, Example(summary="A new snapshot", value=_SNAPSHOT), description="Created."
)
TAKEN_AGAIN = documented(
    SnapshotResponse,
    Example(summary="A name that existed", value=_SNAPSHOT),
    description="The name means the current state from now on.",
)
SNAPSHOTS = documented(
    list[ListedSnapshot],
    Example(
        summary="The snapshot of the seed",
        value=[{**_SNAPSHOT, "name": SEEDED, "changes": {"patients": 1, "patient_words": 4}}],
    ),
    description="The oldest first.",
)
RESTORED = documented(
    RestoredSnapshot,
    Example(
        summary="A patient was created since",
        value={
            "name": "two-plans",
            "undone": {
                "patients": {"inserted": 1, "updated": 0, "deleted": 0},
                "patient_words": {"inserted": 4, "updated": 0, "deleted": 0},
            },
            "durationMs": 8.4,
            "verification": None,
        },
    ),
)
CHANGE_PAGE = documented(
    ChangePage,
    Example(
        summary="A room was renamed, in part",
        value={
            "items": [
                {
                    "table": "rooms",
                    "key": {
                        "organization_id": "1f0f6a52-5d1f-4c58-9f0b-0f6f3f1f7c11",
                        "id": "6d2f1f0a-9c3e-4a53-8d0c-2f5b7e9a1c44",
                    },
                    "kind": "updated",
                    "before": {"name": "Room 1"},
                    "after": {"name": "Gym"},
                }
            ],
            "next": None,
        },
    ),
)

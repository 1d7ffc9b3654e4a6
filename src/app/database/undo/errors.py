"""The errors of snapshots; see `app.errors`.

DomainError
├── SnapshotNotFound    404
├── SnapshotsUnusable   409
└── CannotRestore       409
"""

from collections.abc import Sequence
from http import HTTPStatus

from app.errors import DomainError


class SnapshotNotFound(DomainError):
    status = HTTPStatus.NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(
            f'There is no snapshot "{name}". Nothing was changed. GET /api/db/snapshots lists the '
            "snapshots."
        )


class SnapshotsUnusable(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, reason: str) -> None:
        super().__init__(f"Snapshots cannot be used. Nothing was changed. {reason}")


class CannotRestore(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, tables: Sequence[str]) -> None:
        where = f" in {', '.join(tables)}" if tables else ""
        super().__init__(
            f"The rows of the snapshot cannot be restored{where}. Nothing was changed. A "
            "constraint, a trigger or a rule of another program prevents it. Disable it during the "
            "restore, or seed again."
        )

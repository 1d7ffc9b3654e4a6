"""The errors of a seed; see `app.errors`.

DomainError
├── NeverSeeded              404
├── SeedAlreadyRunning       409
├── TransactionInTheWay      409
├── RowsInTheWay             409
├── RowRefused               409
├── RowsElsewhereInTheWay    409
├── AuditFailed              500
├── CommitInsideSeed         500
├── WorkerDied               500
├── DatabaseFolderGone       503
├── LockFileUnusable         503
└── OutcomeUnknown           503
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.errors import RETRY_AFTER_SECONDS, RETRY_LATER, DomainError, without_none


class SeedErrorDetails(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    since: Annotated[datetime | None, Meta(description="When the running seed started.")] = None
    step: Annotated[str | None, Meta(description="The current step of that seed.")] = None
    waited_for: Annotated[
        list[str] | None, Meta(description="The transactions that block the seed.")
    ] = None
    violations: Annotated[
        list[dict[str, Any]] | None, Meta(description="The broken rules of the audit.")
    ] = None


class NeverSeeded(DomainError):
    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            "This database has no data set. `uv run just seed` or POST /api/db/seed creates one."
        )


class SeedAlreadyRunning(DomainError):
    status = HTTPStatus.CONFLICT
    headers = RETRY_LATER

    def __init__(self, since: datetime | None = None, step: str | None = None) -> None:
        begun = f" since {since:%Y-%m-%dT%H:%M:%SZ}" if since else ""
        place = f", now in step {step}" if step else ""
        super().__init__(
            f"Another seed or restore of this database has been running{begun}{place}. This "
            f"request changed nothing. Try again in {RETRY_AFTER_SECONDS} seconds.",
            **without_none(since=since and f"{since:%Y-%m-%dT%H:%M:%SZ}", step=step),
        )


class TransactionInTheWay(DomainError):
    status = HTTPStatus.CONFLICT
    headers = RETRY_LATER

    def __init__(self, waited_seconds: int, holders: Sequence[str]) -> None:
        super().__init__(
            f"After {waited_seconds} seconds the tables are still locked by "
            f"{'; '.join(holders) or 'a transaction that has ended since'}. Nothing was changed. "
            "End that transaction, then try again.",
            waitedFor=list(holders),
        )


class RowsInTheWay(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, tables: Sequence[str]) -> None:
        if tables:
            message = (
                f"Rows of {', '.join(tables)} refer to rows that would be deleted, and might be "
                "deleted or changed with them. Nothing was changed. Check which program they "
                "belong to. If you do not need them, delete them or drop their foreign keys, then "
                "try again."
            )
        else:
            message = (
                "A trigger that is not Seedbed's prevents rows from being deleted. Nothing was "
                "changed. Correct the trigger, or disable it during the seed."
            )
        super().__init__(message)


class RowRefused(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, triggers: Sequence[str]) -> None:
        cause = (
            "A column or a constraint is not as Seedbed's migrations created it. `uv run alembic "
            "check` shows the difference. Change it back."
        )
        if triggers:
            cause = (
                f"Triggers that are not Seedbed's may have changed it: {', '.join(triggers)}. "
                "Correct them, or disable them during the seed."
            )
        super().__init__(f"The database rejected a generated row. Nothing was changed. {cause}")


class RowsElsewhereInTheWay(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, objects: Sequence[str]) -> None:
        super().__init__(
            "Dropping the tables of this schema would also drop rows in other tables: "
            f"{', '.join(objects)}. Nothing was changed. Detach them first, or reset with delete."
        )


class AuditFailed(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, violations: Mapping[str, list[str]]) -> None:
        broken = "; ".join(f"{rule} ({', '.join(rows)})" for rule, rows in violations.items())
        super().__init__(
            f"The new data set breaks its own rules: {broken}. Nothing was changed. "
            "This is a bug in Seedbed. Please report it with the parameters of the request.",
            violations=[{"rule": rule, "rows": rows} for rule, rows in violations.items()],
        )
        self.violations = violations


class CommitInsideSeed(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self) -> None:
        super().__init__(
            "A service ended the transaction of the seed, which would have stored only a part of "
            "the data set. Nothing was changed. This is a bug in Seedbed: services flush, and only "
            "the seed commits."
        )


class WorkerDied(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self) -> None:
        super().__init__(
            "A process that generates rows stopped or did not respond, perhaps because memory ran "
            "out. Nothing was changed. Try again, or seed fewer rows."
        )


class DatabaseFolderGone(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"The folder {folder} of the database does not exist any more. Nothing was changed. "
            "Restore or create it, or set DATABASE_URL to another database."
        )


class LockFileUnusable(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"The lock file beside the database, {name}, cannot be used ({problem}). Nothing was "
            "changed. Check that it is a regular file that this user can write to, in a folder "
            "that is writable and not full, then try again."
        )


class OutcomeUnknown(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The connection to the database broke during the commit. The database has the old "
            "data or the new data, never a mix of both. GET /api/db counts the rows. To be sure, "
            "seed again."
        )

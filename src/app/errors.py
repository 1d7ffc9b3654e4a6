"""The errors of the domain; each carries the status that it has over HTTP.

DomainError
├── UnusableRequest        400
├── Refused                403
├── NotYours               403
├── NothingHere            404
├── NeverSeeded            404
├── SlotConflict           409
├── MoveNotAllowed         409
├── StaleVersion           412
├── UnsupportedMediaType   415
├── SeedAlreadyRunning     409
├── TransactionInTheWay    409
├── RowsInTheWay           409
├── RowRefused             409
├── RowsElsewhereInTheWay  409
├── UnknownRevision        409
├── SeveralRevisions       409
├── MigrationRefused       409
├── AuditFailed            500
├── CommitInsideSeed       500
├── MakerDied              500
├── DatabaseFileGone       503
├── DatabaseFolderGone     503
├── LockFileUnusable       503
├── SchemaChanged          503
├── TablesElsewhere        503
├── DatabaseUnprotected    503
├── OutcomeUnknown         503
└── IdentityError          those of `app.auth.errors`
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec

RETRY_AFTER_SECONDS = 2
RETRY_LATER = {"Retry-After": str(RETRY_AFTER_SECONDS)}


class DomainError(Exception):
    """`detail` says what to do; `members` stand beside it in the problem document."""

    status: HTTPStatus
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


def _given(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


class UnusableRequest(DomainError):
    status = HTTPStatus.BAD_REQUEST


class Reason(msgspec.Struct, frozen=True):
    """Why a call is refused, and what the caller may do about it."""

    code: str
    reason: str
    remedy: str


class Refused(DomainError):
    """Names every reason at once; decided before anything is written.

    `code` is that of the first reason unless another one is given.
    """

    status = HTTPStatus.FORBIDDEN

    def __init__(self, reasons: Sequence[Reason], code: str | None = None) -> None:
        told = " ".join(f"{reason.reason} {reason.remedy}" for reason in reasons)
        detail = f"Nothing was changed. {told}"
        super().__init__(
            detail,
            code=code or reasons[0].code,
            message=detail,
            reasons=[msgspec.to_builtins(reason) for reason in reasons],
        )
        self.reasons = reasons


class NotYours(DomainError):
    status = HTTPStatus.FORBIDDEN

    def __init__(self, rule: str) -> None:
        super().__init__(f"Nothing was changed. {rule}")


class NothingHere(DomainError):
    """The same for a row that is not there, that was deleted, and that another clinic has."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, what: str) -> None:
        super().__init__(
            f"There is no such {what} in your active organization: check the id, or make "
            "the organization that has it active."
        )


class NeverSeeded(DomainError):
    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            "No data set stands in this database: `uv run just seed`, or POST /api/db/seed, makes "
            "one."
        )


class SlotConflict(DomainError):
    """`clash` is left out where the slot belongs to another organization.

    For a `whole_day` every other exception of the date is in the way.
    """

    status = HTTPStatus.CONFLICT

    def __init__(
        self,
        gap_minutes: int,
        clash: Mapping[str, str] | None,
        free: Mapping[str, str] | None,
        *,
        whole_day: bool = False,
    ) -> None:
        times = f" from {clash['startTime']} to {clash['endTime']}" if clash else ""
        whose = "another slot" if clash else "a slot in another organization"
        until = "nothing later that day is free"
        if free:
            until = f"free from {free['startTime']} to {free['endTime']}"
        rule = f"slots must be at least {gap_minutes} minutes apart; {until}"
        if whole_day:
            rule = "an exception for the whole day cannot be on a date that has other exceptions"
        super().__init__(
            f"Nothing was changed. The practitioner has {whose}{times}, and {rule}.",
            **_given(clashesWith=clash and dict(clash)),
            gapMinutes=gap_minutes,
            nextFree=free and dict(free),
        )


class MoveNotAllowed(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, present: str, wanted: str, possible: Sequence[str]) -> None:
        moves = f"may become {' or '.join(possible)}" if possible else "stays as it is"
        super().__init__(
            f"Nothing was changed. A plan that is {present} cannot become {wanted}; it {moves}.",
            possible=list(possible),
        )


class StaleVersion(DomainError):
    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, present: str) -> None:
        super().__init__(
            "Somebody changed this since you read it. Nothing was changed by this call: read it "
            "again, look at what is new, then send your change with the new ETag in If-Match."
        )
        self.headers = {"ETag": present}


class UnsupportedMediaType(DomainError):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    headers = {"Accept": "application/json"}

    def __init__(self, content_type: str) -> None:
        found = "The request has a body but no Content-Type."
        if content_type:
            found = f'The Content-Type is "{content_type}".'
        super().__init__(
            f"Nothing was changed. {found} Send the body as JSON, with the header "
            '"Content-Type: application/json".'
        )


class SeedAlreadyRunning(DomainError):
    status = HTTPStatus.CONFLICT
    headers = RETRY_LATER

    def __init__(self, since: datetime | None = None, step: str | None = None) -> None:
        begun = f" since {since:%Y-%m-%dT%H:%M:%SZ}" if since else ""
        place = f", now in step {step}" if step else ""
        super().__init__(
            f"Another seed of this database has been running{begun}{place}. Nothing was changed by "
            f"this call: try again in {RETRY_AFTER_SECONDS} seconds.",
            **_given(since=since and f"{since:%Y-%m-%dT%H:%M:%SZ}", step=step),
        )


class TransactionInTheWay(DomainError):
    status = HTTPStatus.CONFLICT
    headers = RETRY_LATER

    def __init__(self, waited_seconds: int, holders: Sequence[str]) -> None:
        super().__init__(
            f"After {waited_seconds} seconds the tables are still held by "
            f"{'; '.join(holders) or 'a transaction that has ended since'}. Nothing was changed: "
            "end it, then try again.",
            waitedFor=list(holders),
        )


class RowsInTheWay(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, tables: Sequence[str]) -> None:
        if tables:
            message = (
                f"Rows of {', '.join(tables)} refer to rows that would be deleted, and might be "
                "deleted or changed with them. Nothing was changed. See whose rows those are. If "
                "they can go, delete them or drop their foreign keys, then try again."
            )
        else:
            message = (
                "A trigger that is not Seedbed's keeps rows from being deleted. Nothing was "
                "changed. Correct it, or disable it while Seedbed seeds."
            )
        super().__init__(message)


class RowsElsewhereInTheWay(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, objects: Sequence[str]) -> None:
        super().__init__(
            "Dropping the tables of this schema would also drop rows that are not in them: "
            f"{', '.join(objects)}. Nothing was changed. Detach them first, or reset with delete."
        )


class DatabaseUnprotected(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The database is not marked as production's any more, and the server cannot mark it. "
            "Nothing was changed: the log of the server says why."
        )


class RowRefused(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, triggers: Sequence[str]) -> None:
        cause = (
            "A column or a constraint is not as Seedbed's migrations made it: `uv run alembic "
            "check` shows the difference. Change it back."
        )
        if triggers:
            cause = (
                f"Triggers that are not Seedbed's may have changed it: {', '.join(triggers)}. "
                "Correct them, or disable them while Seedbed seeds."
            )
        super().__init__(
            f"The database refused a row that Seedbed made. Nothing was changed. {cause}"
        )


class UnknownRevision(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at migration {revision}, which this code does not have. Nothing was "
            "changed: check out the code that made it, or use reset=drop to begin afresh."
        )


class SeveralRevisions(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, revisions: Sequence[str]) -> None:
        super().__init__(
            f"The table alembic_version has several rows ({', '.join(revisions)}), so nobody can "
            "tell which migrations have run. Nothing was changed. Delete the rows that are wrong; "
            "the right one is the newest migration whose tables are there."
        )


class MigrationRefused(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, reason: str) -> None:
        super().__init__(f"Refused. Nothing was changed. {reason}")


class AuditFailed(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, violations: Mapping[str, list[str]]) -> None:
        broken = "; ".join(f"{rule} ({', '.join(rows)})" for rule, rows in violations.items())
        super().__init__(
            f"The new data set breaks its own rules, so the old one was kept: {broken}. "
            "This is a defect of Seedbed: please report it with the parameters of the call.",
            violations=[{"rule": rule, "rows": rows} for rule, rows in violations.items()],
        )
        self.violations = violations


class CommitInsideSeed(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self) -> None:
        super().__init__(
            "A service ended the transaction of the seed on its own, which would have left a part "
            "of a data set. Nothing was changed. This is a defect: services flush, and whoever "
            "opened the unit of work commits it."
        )


class MakerDied(DomainError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self) -> None:
        super().__init__(
            "A process that makes rows was ended before its time, perhaps for want of memory, or "
            "hung. Nothing was changed. Try again."
        )


class DatabaseFileGone(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The database's file was deleted, moved or replaced while the server ran. Nothing was "
            "changed: put it back, or go on with what stands there now; an empty database is "
            "filled by `uv run just seed`."
        )


class DatabaseFolderGone(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"The folder {folder} of the database is gone. Nothing was changed: put it back, make "
            "it anew, or have DATABASE_URL name another."
        )


class LockFileUnusable(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(
            f"The lock file beside the database, {name}, cannot be used ({problem}). Nothing was "
            "changed: see that it is a plain file which this user may write, in a folder that can "
            "be written and has room, then try again."
        )


class SchemaChanged(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, decided: str | None, found: str | None) -> None:
        if decided is None or found is None:
            what = "PostgreSQL's search_path names no schema that exists and that the role may use"
        else:
            what = (
                f"PostgreSQL's search_path led to the schema {decided} when the server started, "
                f"and leads to {found} now"
            )
        super().__init__(
            f"{what}. Nothing was changed. Name the schema that has Seedbed's tables in "
            "DATABASE_URL, as in ?options=-csearch_path%3Dpublic, and restart."
        )


class TablesElsewhere(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, schema: str, tables: Sequence[str]) -> None:
        super().__init__(
            f"PostgreSQL's search_path leads to more than one schema: tables are made in {schema}, "
            f"but it also finds {', '.join(tables)}. Nothing was changed. Decide which schema is "
            f"meant, and name it alone: add ?options=-csearch_path%3D{schema} to DATABASE_URL."
        )


class OutcomeUnknown(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The connection to the database broke off during the commit, so either the old set "
            "stands or the new one, whole: GET /api/db counts the rows. To be sure, seed again."
        )

"""The errors of a database that cannot be used as it is; see `app.errors`.

DomainError
├── UnknownRevision      409
├── SeveralRevisions     409
├── MigrationRefused     409
├── DatabaseFileGone     503
├── WritersBusy          503
├── SchemaChanged        503
├── TablesElsewhere      503
├── DatabaseUnprotected  503
└── DatabaseUnusable     as its cause
"""

from collections.abc import Sequence
from http import HTTPStatus

from app.database.known_causes import Cause
from app.errors import RETRY_LATER, DomainError


class UnknownRevision(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at migration {revision}, which this code does not have. Nothing was "
            "changed. Check out the code that has this migration, or seed with reset=drop."
        )


class SeveralRevisions(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, revisions: Sequence[str]) -> None:
        super().__init__(
            f"The table alembic_version has several rows ({', '.join(revisions)}), so it is "
            "unknown which migrations have run. Nothing was changed. Delete the wrong rows: keep "
            "the newest migration whose tables exist."
        )


class MigrationRefused(DomainError):
    status = HTTPStatus.CONFLICT

    def __init__(self, reason: str) -> None:
        super().__init__(f"Refused. Nothing was changed. {reason}")


class DatabaseFileGone(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The database file was deleted, moved or replaced while the server was running. "
            "Nothing was changed. Restore the file, or try again to use the one that is there now. "
            "If that is empty, run `uv run just seed`."
        )


class WritersBusy(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "SQLite writes one transaction after the other, and earlier ones, such as a large "
            f"seed, have taken more than {seconds} seconds. Nothing was changed. Try again."
        )


class SchemaChanged(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, decided: str | None, found: str | None) -> None:
        if decided is None or found is None:
            what = "PostgreSQL's search_path names no existing schema that the role may use"
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
            f"PostgreSQL's search_path has more than one schema: tables are created in {schema}, "
            f"but it also finds {', '.join(tables)}. Nothing was changed. Name only the right "
            f"schema: add ?options=-csearch_path%3D{schema} to DATABASE_URL."
        )


class DatabaseUnprotected(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The database is no longer marked as production's, and the server cannot mark it. "
            "Nothing was changed. The server's log has the reason."
        )


class DatabaseUnusable(DomainError):
    """The database or its driver failed, and the cause is known."""

    def __init__(self, cause: Cause) -> None:
        self.status = cause.status
        if cause.status is HTTPStatus.SERVICE_UNAVAILABLE:
            self.headers = RETRY_LATER
        problem, _, remedy = cause.text.partition(": ")
        advice = f"{remedy[0].upper()}{remedy[1:]}. Then try again." if remedy else "Try again."
        super().__init__(f"The database cannot be used: {problem}. Nothing was changed. {advice}")

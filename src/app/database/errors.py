"""The errors of a database that is not as this code needs it; see `app.errors`.

DomainError
├── UnknownRevision      409
├── SeveralRevisions     409
├── MigrationRefused     409
├── DatabaseFileGone     503
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


class DatabaseFileGone(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The database's file was deleted, moved or replaced while the server ran. Nothing was "
            "changed: put it back, or continue with the file that is there now. If that is empty, "
            "run `uv run just seed`."
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


class DatabaseUnprotected(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self) -> None:
        super().__init__(
            "The database is not marked as production's any more, and the server cannot mark it. "
            "Nothing was changed: the log of the server says why."
        )


class DatabaseUnusable(DomainError):
    """The database or its driver refused, for a cause that is known."""

    def __init__(self, cause: Cause) -> None:
        self.status = cause.status
        if cause.status is HTTPStatus.SERVICE_UNAVAILABLE:
            self.headers = RETRY_LATER
        super().__init__(
            f"The database cannot be used: {cause.text}. Nothing was changed; then try again."
        )

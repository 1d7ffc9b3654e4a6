"""Find the cause of a database error, for both drivers.

The drivers' texts are never shown, because they name hosts and quote rows. Names of tables, columns
and constraints are shown.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from textwrap import shorten

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlmodel import SQLModel

from app.database.citus import without_shard
from app.database.known_causes import (
    CITUS_CODES,
    CITUS_WORDS,
    CONFLICT,
    FOREIGN_CODE,
    NO_CONNECTION,
    NOT_ON_CITUS,
    POSTGRESQL_CAUSES,
    POSTGRESQL_REFUSALS,
    SQLITE_CAUSES,
    SQLITE_WORDS,
    Cause,
)
from app.database.own_tables import RECORDER, own_names

DUPLICATES = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
STATEMENT_LENGTH = 200
NO_STATEMENT = "none of Seedbed's: connecting, COMMIT or COPY"
UNFINISHED_TABLE = "unfinished_seed"  # temporary, and ours
POSTGRESQL_VIOLATIONS = {
    "23502": "NOT NULL",
    "23503": "FOREIGN KEY",
    "23505": "UNIQUE",
    "23514": "CHECK",
    "23P01": "EXCLUDE",
}
SQLITE_VIOLATION = re.compile(r"(NOT NULL|CHECK|UNIQUE) constraint failed: (?P<what>.+)")


def code_of(error: DBAPIError) -> str:
    """Return SQLite's name of the error or PostgreSQL's SQLSTATE, or an empty text."""
    orig = error.orig
    if name := getattr(orig, "sqlite_errorname", None) or getattr(orig, "sqlstate", None):
        # SQLite enforces foreign keys with triggers; only its message says so.
        is_key = name == "SQLITE_CONSTRAINT_TRIGGER" and "FOREIGN KEY" in str(orig)
        return "SQLITE_CONSTRAINT_FOREIGNKEY" if is_key else str(name)
    said = str(orig).rpartition(" failed: ")[2]
    refusals = POSTGRESQL_REFUSALS.items()
    return next((code for pattern, code in refusals if re.search(pattern, said)), "")


def find_cause(error: DBAPIError) -> Cause | None:
    """Return the cause, or None for wrong values in a request or a defect of Seedbed."""
    code = code_of(error)
    if _is_of_function(error):
        return FOREIGN_CODE
    if not code:
        return NO_CONNECTION if _is_of_connection(error) else None
    if code in CITUS_CODES and CITUS_WORDS.search(str(error.orig)):
        return NOT_ON_CITUS
    if code == "SQLITE_ERROR":
        return _cause_by_words(str(error.orig))
    causes = SQLITE_CAUSES if code.startswith("SQLITE") else POSTGRESQL_CAUSES
    for length in range(len(code), 1, -1):
        if cause := causes.get(code[:length]):
            return cause
    return _foreign_violation(error, code)


def _cause_by_words(said: str) -> Cause | None:
    for words, cause in SQLITE_WORDS:
        if found := words.search(said):
            table = found.groupdict().get("table")
            is_own = table is None or table.lower() in own_names()
            return cause if is_own else FOREIGN_CODE
    return None


def describe_for_log(error: DBAPIError) -> dict[str, str]:
    """Return the code of an error, and the statement without its values."""
    statement = shorten(error.statement or NO_STATEMENT, STATEMENT_LENGTH, placeholder=" …")
    return {"code": code_of(error), "statement": statement}


@contextmanager
def raise_on_duplicate(error: type[Exception] | Exception) -> Iterator[None]:
    """Raise this error instead of a violation of one of our unique constraints."""
    try:
        yield
    except IntegrityError as violation:
        if code_of(violation) in DUPLICATES and find_cause(violation) is None:
            raise error from None
        raise


def _is_of_function(error: DBAPIError) -> bool:
    """Return whether it happened in a database function that is not ours."""
    diagnosis = getattr(error.orig, "diag", None)
    if getattr(diagnosis, "severity_nonlocalized", None) == "FATAL":
        return False  # the server ended the connection
    context = getattr(diagnosis, "context", None) or ""
    return "PL/" in context and f"PL/pgSQL function {RECORDER}()" not in context


def _is_of_connection(error: DBAPIError) -> bool:
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _foreign_violation(error: DBAPIError, code: str) -> Cause | None:
    """Return the cause of a violated constraint that is not ours, or None if it is ours."""
    if code.startswith("SQLITE_CONSTRAINT"):
        kind, what = _sqlite_violation(str(error.orig))
    elif kind := POSTGRESQL_VIOLATIONS.get(code, ""):
        what = _postgresql_violation(error)
    if not kind or not what:
        return None
    if kind == "NOT NULL":
        return Cause(
            f"the column {what} is not Seedbed's and must have a value: give it a default (ALTER "
            "TABLE … ALTER COLUMN … SET DEFAULT), allow NULL, or drop it",
            CONFLICT,
        )
    return Cause(
        f"the {kind} constraint {what} is not Seedbed's and does not allow a row: drop it, or "
        "delete the rows of other tables that it concerns",
        CONFLICT,
    )


def _sqlite_violation(said: str) -> tuple[str, str]:
    """Return kind and name of a constraint that is not ours; SQLite does not name foreign keys."""
    found = SQLITE_VIOLATION.search(said)
    if found is None:
        return "", ""
    kind, what = found[1], found["what"]
    if kind == "CHECK":
        return kind, "" if what in _own_constraints() else what
    table, _, column = what.split(",")[0].strip().rpartition(".")
    return kind, "" if _is_own_column(table, column) else what


def _postgresql_violation(error: DBAPIError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    table = getattr(diagnosis, "table_name", None) or ""
    column = getattr(diagnosis, "column_name", None)
    if column:
        return "" if _is_own_column(without_shard(table), column) else f"{table}.{column}"
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    if (
        table == UNFINISHED_TABLE
        or not constraint
        or without_shard(constraint) in _own_constraints()
    ):
        return ""
    return f"{constraint} of {table}"


def _is_own_column(table: str, column: str) -> bool:
    known = SQLModel.metadata.tables.get(table)
    return known is not None and column in known.c


@cache
def _own_constraints() -> frozenset[str]:
    """Return the names of our constraints and unique indexes, the same on both databases."""
    names: set[str] = set()
    for table in SQLModel.metadata.tables.values():
        names |= {str(each.name) for each in table.constraints}
        names |= {str(index.name) for index in table.indexes if index.unique}
    return frozenset(names)

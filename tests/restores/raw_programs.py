"""Programs that open a database and change rows, which a number chooses."""

from typing import Any

from restores.raw_changes import (
    EVERY_CHANGE,
    REFUSED,
    TEXT_COLUMNS,
    Change,
    is_sqlite,
    new_id,
    update_all,
)
from restores.raw_rows import raw_connection

NUMBERS = 1 << 20


def make_change(raw: Any, change: Change, number: int) -> bool:
    """Return whether the database accepted it."""
    if is_sqlite(raw):
        raw.execute("PRAGMA foreign_keys = ON")
    try:
        change(raw, number)
    except REFUSED:
        if not is_sqlite(raw):
            raw.rollback()
        return False
    return True


def written(raw: Any) -> Any:
    """Return a value that differs after each change of rows."""
    if is_sqlite(raw):
        return raw.total_changes
    return raw.execute("SELECT pg_current_wal_insert_lsn()").fetchone()


def change_something(database_url: str, number: int) -> None:
    """Make the change of a number, which the database may refuse."""
    with raw_connection(database_url) as raw:
        change = EVERY_CHANGE[number % len(EVERY_CHANGE)]
        make_change(raw, change, number // len(EVERY_CHANGE))


def insert_something(database_url: str, number: int) -> None:
    """Insert a row that refers to no other one."""
    with raw_connection(database_url) as raw:
        now = "'2026-01-01 00:00:00'"
        raw.execute(
            "INSERT INTO verifications (id, created_at, updated_at, identifier, value, expires_at)"
            f" VALUES ({new_id(raw, NUMBERS + number)}, {now}, {now}, 'a', 'b', {now})"
        )


def change_all(database_url: str) -> None:
    """Change most rows, and delete all appointments."""
    with raw_connection(database_url) as raw:
        for number in range(len(TEXT_COLUMNS)):
            update_all(raw, number)
        raw.execute("DELETE FROM appointments")

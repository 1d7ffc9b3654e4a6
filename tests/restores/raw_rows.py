"""The rows of a database, read and changed with plain drivers: no code of the application."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import make_url

NOT_RESTORED = ("alembic_version", "database_mark")
POSTGRESQL_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
)
SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
POSTGRESQL_KEYS = (
    "SELECT indrelid::regclass::text, array_agg(attname::text ORDER BY attname) FROM pg_index"
    " JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)"
    " WHERE indisprimary GROUP BY 1"
)
# By table, by primary key.
Dump = dict[str, dict[tuple[str, ...], str]]


@contextmanager
def raw_connection(database_url: str) -> Iterator[Any]:
    """Open a connection in autocommit mode."""
    if database_url.startswith("sqlite"):
        path = str(make_url(database_url).database)
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as file:
            # A text may be no UTF-8.
            file.text_factory = lambda value: value.decode(errors="surrogateescape")
            yield file
    else:
        with psycopg.connect(database_url, autocommit=True) as server:
            yield server


def list_tables(raw: Any) -> list[str]:
    query = SQLITE_TABLES if isinstance(raw, sqlite3.Connection) else POSTGRESQL_TABLES
    names = [name for (name,) in raw.execute(query).fetchall()]
    return [name for name in names if name not in NOT_RESTORED and not is_of_snapshots(name)]


def is_of_snapshots(name: str) -> bool:
    return name.startswith(("seedbed_", "sqlite_"))


def keys_of(raw: Any, tables: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns of each primary key."""
    if isinstance(raw, sqlite3.Connection):
        columns = {each: raw.execute(f"PRAGMA table_info({each})").fetchall() for each in tables}
        return {
            table: sorted(name for _, name, _, _, _, is_key in found if is_key)
            for table, found in columns.items()
        }
    keys = dict(raw.execute(POSTGRESQL_KEYS).fetchall())
    return {table: keys.get(table, []) for table in tables}


def dump(database_url: str) -> Dump:
    """Read all rows, in one transaction, as values that are equal only if the stored values are."""
    with raw_connection(database_url) as raw:
        is_file = isinstance(raw, sqlite3.Connection)
        raw.execute("BEGIN" if is_file else "BEGIN ISOLATION LEVEL REPEATABLE READ")
        keys = keys_of(raw, list_tables(raw))
        return {table: dict(_rows(raw, table, ", ".join(key))) for table, key in keys.items()}


def _rows(raw: Any, table: str, key: str) -> Iterator[tuple[tuple[str, ...], str]]:
    if not key:  # a table of another program
        key = "rowid" if isinstance(raw, sqlite3.Connection) else "ctid::text"
    if isinstance(raw, sqlite3.Connection):
        columns = [column[1] for column in raw.execute(f"PRAGMA table_info({table})")]
        # `quote` ends a text at the first NUL.
        values = ", ".join(
            f"typeof({each}), quote({each}), hex(CAST({each} AS BLOB))" for each in columns
        )
    else:
        values = f"{table}::text, to_jsonb({table})::text"
    size = len(key.split(", "))
    for row in raw.execute(f"SELECT {key}, {values} FROM {table}").fetchall():
        yield tuple(map(str, row[:size])), repr(row[size:])


def difference(before: Dump, after: Dump) -> dict[str, int]:
    """Count the rows that differ, by table."""
    counts = {}
    for table, old in before.items():
        new = after[table]
        counts[table] = sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())
    return {table: count for table, count in counts.items() if count}

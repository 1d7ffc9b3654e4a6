"""Everything in a database: its schema, its rows and its migration version."""

import sqlite3
from contextlib import closing
from typing import Any

import psycopg
from psycopg import IsolationLevel
from sqlalchemy import make_url

POSTGRESQL_SCHEMA = """
SELECT 'column', table_name, column_name, data_type, is_nullable
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name !~ '^citus_'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
   AND conname <> 'seedbed_undo_recording_check' -- it has a number that is chosen at random
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2, 3, 4
"""
SQLITE_SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
# By table, by id.
Rows = dict[str, dict[str, dict[str, Any]]]
VOLATILE = frozenset({"password", "created_at", "updated_at", "identity", "document", "seed_id"})


def snapshot(database_url: str) -> Any:
    """Read it all with our drivers, as values that compare equal if nothing changed."""
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(str(make_url(database_url).database))
        try:
            return sorted(connection.iterdump())
        finally:
            connection.close()
    with psycopg.connect(database_url) as server:
        schema = server.execute(POSTGRESQL_SCHEMA).fetchall()
        tables = sorted({str(row[1]) for row in schema if row[0] == "column"})
        rows = {
            table: sorted(map(repr, server.execute(f'SELECT * FROM "{table}"'.encode()).fetchall()))
            for table in tables
        }
        return schema, rows


def schema(database_url: str) -> list[Any]:
    """Read the schema alone."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(database_url).database))) as file:
            return file.execute(SQLITE_SCHEMA).fetchall()
    with psycopg.connect(database_url) as server:
        return server.execute(POSTGRESQL_SCHEMA).fetchall()


def integrity(database_url: str) -> Any:
    """Read the schema, and what SQLite finds wrong with the file."""
    if not database_url.startswith("sqlite"):
        return schema(database_url)
    with closing(sqlite3.connect(str(make_url(database_url).database))) as file:
        damage = file.execute("PRAGMA integrity_check").fetchall()
        return damage, file.execute(SQLITE_SCHEMA).fetchall()


def content(database_url: str) -> tuple[Any, dict[str, list[str]]]:
    """Read the schema, and the rows of each table but for values that differ from run to run."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(database_url).database))) as file:
            file.execute("BEGIN")
            damage = file.execute("PRAGMA integrity_check").fetchall()
            schema = file.execute(SQLITE_SCHEMA).fetchall()
            tables = [name for kind, name, _ in schema if kind == "table" and _is_compared(name)]
            return (damage, schema), {name: _stable_rows(file, name) for name in tables}
    with psycopg.connect(database_url) as server:
        server.isolation_level = IsolationLevel.REPEATABLE_READ
        schema = server.execute(POSTGRESQL_SCHEMA).fetchall()
        tables = sorted({str(row[1]) for row in schema if row[0] == "column"})
        tables = list(filter(_is_compared, tables))
        return schema, {name: _stable_rows(server, name) for name in tables}


def read_rows(database_url: str) -> Rows:
    """Read the rows of a SQLite file, but for the records of its snapshots."""
    with closing(sqlite3.connect(str(make_url(database_url).database))) as file:
        file.row_factory = sqlite3.Row
        tables = [
            name
            for kind, name, _ in file.execute(SQLITE_SCHEMA)
            if kind == "table" and _is_compared(name)
        ]
        found = {name: map(dict, file.execute(f'SELECT * FROM "{name}"')) for name in tables}
        return {
            name: {str(row.get("id", row)): row for row in rows} for name, rows in found.items()
        }


def _is_compared(table: str) -> bool:
    """Leave out the records of snapshots, which differ from run to run."""
    return not table.startswith("seedbed_")


def _stable_rows(connection: Any, table: str) -> list[str]:
    found = connection.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in found.description]
    return sorted(
        repr([value for name, value in zip(names, row, strict=True) if name not in VOLATILE])
        for row in found
    )

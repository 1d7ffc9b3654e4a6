"""Everything that stands in a database: its schema, its rows and its migration version."""

import sqlite3
from typing import Any

import psycopg
from sqlalchemy import make_url

POSTGRESQL_SCHEMA = """
SELECT 'column', table_name, column_name, data_type, is_nullable
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '' FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1, 2, 3, 4
"""


def snapshot(database_url: str) -> Any:
    """Read it all, by drivers of our own, as values that compare equal if nothing changed."""
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

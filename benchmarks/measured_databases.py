"""Size, copies and processes of the databases that a benchmark measures."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from processor import parent_of

MIB = 1024**2
SIZES = """
    SELECT pg_database_size(current_database()),
           sum(pg_table_size(oid))::bigint, sum(pg_indexes_size(oid))::bigint
      FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def describe_size(url: str) -> str:
    if is_sqlite(url):
        return f"{Path(str(make_url(url).database)).stat().st_size / MIB:.1f} MiB"
    with connect(url) as connection:
        row: Sequence[Any] = connection.execute(SIZES).fetchone() or ()
    whole, tables, indexes = (size / MIB for size in row)
    return f"{whole:.1f} MiB, of which tables {tables:.1f} MiB, indexes {indexes:.1f} MiB"


def maintenance_url(url: str) -> str:
    """Return the URL of the database in which others are created and dropped."""
    return make_url(url).set(database="postgres").render_as_string(hide_password=False)


def copy_database(url: str, name: str) -> str:
    """Copy a database that nobody uses, and return the URL of the copy."""
    place = make_url(url)
    if is_sqlite(url):
        file = Path(str(place.database))
        copy = shutil.copy(file, file.with_name(f"{name}.db"))
        return place.set(database=str(copy)).render_as_string()
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with connect(maintenance_url(url)) as connection:
        connection.execute(
            statement.format(sql.Identifier(name), sql.Identifier(str(place.database)))
        )
    return place.set(database=name).render_as_string(hide_password=False)


def settle(url: str) -> None:
    """Do what PostgreSQL would otherwise do by itself while it is measured."""
    if not is_sqlite(url):
        with connect(url) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")


def server_processes(url: str) -> set[int]:
    """Return the process that all of a PostgreSQL server descend from; SQLite has none."""
    if is_sqlite(url):
        return set()
    with connect(url) as connection:
        return {parent_of(connection.info.backend_pid)}


def drop_database(url: str) -> None:
    """Drop a database that nobody uses."""
    place = make_url(url)
    if is_sqlite(url):
        Path(str(place.database)).unlink()
        return
    with connect(maintenance_url(url)) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(str(place.database))))

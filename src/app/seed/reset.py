"""Empty the database: delete all rows, or drop all tables and run all migrations."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import IntegrityError

from app.database import migrations
from app.database.batch import run_all
from app.database.causes import code_of
from app.database.citus import distribute_tables
from app.database.foreign_keys import can_stop_checking, stop_checking
from app.database.indexes import drop_indexes
from app.database.own_tables import (
    UNCOUNTED,
    is_bookkeeping,
    list_droppable,
    list_readable,
    quoted,
)
from app.seed.errors import RowsInTheWay
from app.seed.other_objects import (
    list_dropped,
    list_references,
    list_triggers,
    refuse_losing_other_rows,
)
from app.seed.request import ResetMode
from app.settings import Settings
from app.tables import COUNTS, METADATA

COUNTED_AT_ONCE = 100  # SQLite takes 500 parts of a UNION
FOREIGN_KEY_VIOLATIONS = frozenset({"23503", "23001", "SQLITE_CONSTRAINT_FOREIGNKEY"})
SQLITE_VIEWS = text("SELECT name FROM sqlite_master WHERE type = 'view'")
SQLITE_REFERENCES = text(
    'SELECT lower(child.name), lower(reference."table") FROM sqlite_master AS child'
    " JOIN pragma_foreign_key_list(child.name) AS reference WHERE child.type = 'table'"
)
SQLITE_DEFERRING = text(
    "SELECT lower(name) FROM sqlite_master WHERE type = 'table' AND sql LIKE '%DEFERRED%'"
)


class Removed(NamedTuple):
    """The removed rows by table, and what was dropped besides Seedbed's own tables."""

    rows: dict[str, int]
    dropped: list[str]


def reset(
    connection: Connection,
    mode: ResetMode,
    settings: Settings,
    without_indexes: Sequence[Table],
    *,
    is_large: bool = False,
) -> Removed:
    """Empty the database and migrate it to the newest revision.

    The tables in `without_indexes` are left without indexes and foreign keys. If the new data set
    `is_large`, `delete` may leave all tables without checks of foreign keys; `finish_tables` checks
    them.
    """
    if mode is ResetMode.DROP:
        removed = reset_by_drop(connection, settings)
        drop_indexes(connection, without_indexes)
        return removed
    if migrations.is_behind(connection):
        migrations.upgrade(connection, settings)
    else:
        distribute_tables(connection)
    # First, because deleting a row means deleting it from each index as well.
    drop_indexes(connection, without_indexes)
    return Removed(delete_rows(connection, is_large=is_large), [])


def delete_rows(connection: Connection, *, is_large: bool = False) -> dict[str, int]:
    """Delete all rows. Raise `RowsInTheWay` if this would affect rows of another program."""
    # Listed now, because PostgreSQL runs no query after an error.
    references = list_references(connection, cascading=False)
    if references and (tables := list_references(connection, cascading=True)):
        raise RowsInTheWay(tables)
    if is_large and can_stop_checking(connection) and not list_triggers(connection):
        stop_checking(connection)
    deleted = dict(connection.execute(COUNTS).mappings().one())
    names = [quoted(connection, each.name) for each in reversed(METADATA.sorted_tables)]
    try:
        run_all(connection, [f"DELETE FROM {name}" for name in names])  # noqa: S608
    except IntegrityError as error:
        if code_of(error) not in FOREIGN_KEY_VIOLATIONS:
            raise
        raise RowsInTheWay(references) from error
    return deleted


def reset_by_drop(connection: Connection, settings: Settings) -> Removed:
    """Drop all tables except the mark, and run all migrations."""
    rows, tables = count_rows(connection), list_droppable(connection)
    dropped = list_dropped(connection, tables)
    refuse_losing_other_rows(connection, tables)
    drop = _drop_on_sqlite if connection.dialect.name == "sqlite" else _drop_on_postgresql
    drop(connection, tables)
    migrations.upgrade(connection, settings)
    counted = {name: rows[name] for name in rows if name in tables and name not in UNCOUNTED}
    return Removed(counted, dropped)


def _drop_on_sqlite(connection: Connection, names: list[str]) -> None:
    """Drop tables after those that refer to them.

    SQLite first deletes the rows of a table to which others refer, one by one. With deferred
    foreign keys it does so for every table, so they are deferred only for tables that refer to each
    other or to themselves, and for those that defer their own: SQLite counts what these break, and
    forgets the number when foreign keys are not deferred any more.
    """
    for view in connection.scalars(SQLITE_VIEWS).all():
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quoted(connection, view)}")
    referring = connection.execute(SQLITE_REFERENCES).all()
    deferring = set(connection.scalars(SQLITE_DEFERRING))
    visited: set[str] = set()
    dropped: set[str] = set()

    def drop(name: str) -> None:
        if name in visited:
            return
        visited.add(name)
        children = {child for child, parent in referring if parent == name}
        for child in children:
            drop(child)
        defer = "OFF" if children <= dropped and name not in deferring else "ON"
        connection.exec_driver_sql(f"PRAGMA defer_foreign_keys = {defer}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(connection, name)}")
        dropped.add(name)

    for name in names:
        drop(_lower(name))
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = OFF")


def _lower(name: str) -> str:
    """Return a name of SQLite in lower case. Only ASCII letters have two cases to SQLite."""
    return name.encode().lower().decode()


def _drop_on_postgresql(connection: Connection, names: list[str]) -> None:
    tables = ", ".join(quoted(connection, name) for name in names)
    if tables:
        connection.exec_driver_sql(f"DROP TABLE {tables} CASCADE")


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of all readable tables of the schema, including other programs' tables.

    The bookkeeping is left out.
    """
    counts: dict[str, int] = {}
    names = [name for name in list_readable(connection) if not is_bookkeeping(name)]
    for begin in range(0, len(names), COUNTED_AT_ONCE):
        some = names[begin : begin + COUNTED_AT_ONCE]
        # SQLAlchemy takes longer to build this than a database to count a small data set.
        each = (
            f"SELECT {place}, count(*) FROM {quoted(connection, name)}"  # noqa: S608
            for place, name in enumerate(some)
        )
        found = connection.exec_driver_sql(" UNION ALL ".join(each))
        counts |= {some[place]: count for place, count in found}
    return {name: counts[name] for name in names}

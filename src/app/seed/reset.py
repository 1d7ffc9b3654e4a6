"""Two ways to empty the database: delete every row, or drop every table and migrate afresh."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, func, literal, select, table, text, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import delete

from app import migrations
from app.errors import RowsInTheWay
from app.own_tables import BOOKKEEPING, DERIVED, MARK_TABLE, list_tables
from app.seed.finishing import take_off
from app.seed.request import ResetMode
from app.settings import Settings
from app.tables import METADATA

SQLITE_REFERENCES = text(
    'SELECT child.name, reference."table" FROM sqlite_master AS child'
    " JOIN pragma_foreign_key_list(child.name) AS reference WHERE child.type = 'table'"
)


def reset(
    connection: Connection, mode: ResetMode, settings: Settings, bare: Sequence[Table]
) -> dict[str, int]:
    """Empty the database and bring it to the newest migration; return the rows that went.

    The tables that are to be `bare` are left without indexes and foreign keys.
    """
    if mode is ResetMode.DROP:
        deleted = reset_by_drop(connection, settings)
        take_off(connection, bare)
        return deleted
    migrations.upgrade(connection, settings)
    # Before the rows go: each index would have to let go of each row.
    take_off(connection, bare)
    return delete_rows(connection)


def delete_rows(connection: Connection) -> dict[str, int]:
    """Raise `RowsInTheWay` if a table that no model knows holds on to a row."""
    try:
        deleted = {
            table.name: connection.execute(delete(table)).rowcount
            for table in reversed(METADATA.sorted_tables)
        }
    except IntegrityError as error:
        raise RowsInTheWay from error
    return {name: count for name, count in deleted.items() if name not in DERIVED}


def reset_by_drop(connection: Connection, settings: Settings) -> dict[str, int]:
    """Drop every table but the mark: a database that may be reset stays marked throughout."""
    rows = count_rows(connection)
    drop = _drop_on_sqlite if connection.dialect.name == "sqlite" else _drop_on_postgresql
    drop(connection, [name for name in rows if name != MARK_TABLE])
    migrations.upgrade(connection, settings)
    return {name: count for name, count in rows.items() if name not in BOOKKEEPING | DERIVED}


def _drop_on_sqlite(connection: Connection, names: list[str]) -> None:
    """Dropping deletes rows first: the tables that refer to a table must be gone before it."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    referring = connection.execute(SQLITE_REFERENCES).all()
    dropped: set[str] = set()

    def drop(name: str) -> None:
        if name in dropped:
            return
        dropped.add(name)
        for child, parent in referring:
            if parent == name:
                drop(child)
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(connection, name)}")

    for name in names:
        drop(name)


def _drop_on_postgresql(connection: Connection, names: list[str]) -> None:
    tables = ", ".join(quoted(connection, name) for name in names)
    if tables:
        connection.exec_driver_sql(f"DROP TABLE {tables} CASCADE")


def quoted(connection: Connection | AsyncConnection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of every table that stands in the database, known to a model or not."""
    names = list_tables(connection)
    if not names:
        return {}
    counts = union_all(
        *(select(literal(name), func.count()).select_from(table(name)) for name in names)
    )
    found: dict[str, int] = dict(connection.execute(counts).all())
    return {name: found[name] for name in names}

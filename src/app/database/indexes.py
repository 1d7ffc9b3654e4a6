"""Drop indexes and foreign keys before a bulk load, and create them again after it."""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    ForeignKeyConstraint,
)

from app.database.citus import is_cluster, is_of_clinic


def drop_indexes(connection: Connection, tables: Iterable[Table]) -> None:
    """Drop secondary indexes and, on PostgreSQL, foreign keys."""
    for table in tables:
        for key in _foreign_keys(connection, table):
            connection.execute(DropConstraint(key))
        for index in table.indexes:
            connection.execute(DropIndex(index, if_exists=True))


def create_indexes(connection: Connection, tables: Iterable[Table]) -> None:
    """Create what `drop_indexes` dropped."""
    for table in tables:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index))
        for key in _foreign_keys(connection, table):
            connection.execute(AddConstraint(key))


def refresh_statistics(connection: Connection, tables: Iterable[Table]) -> None:
    """Update the statistics of the query planner."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA analysis_limit = 1000"))
    if is_cluster(connection):
        # It cannot analyze the others in a transaction that has written to them; autovacuum does.
        tables = filter(is_of_clinic, tables)
    for table in tables:
        connection.execute(text(f"ANALYZE {table.name}"))


def _foreign_keys(connection: Connection, table: Table) -> list[ForeignKeyConstraint]:
    # SQLite cannot drop a constraint, and checks the keys of each row as it is inserted.
    return [] if connection.dialect.name == "sqlite" else list(table.foreign_key_constraints)

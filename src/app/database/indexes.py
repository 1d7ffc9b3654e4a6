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

# PostgreSQL samples 300 rows for each unit. Its default, 100, takes a tenth of a large seed.
STATISTICS_TARGET = 10


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


def count_rows(connection: Connection, table: Table) -> None:
    """Let the query planner of PostgreSQL know how many rows a table has."""
    if not is_cluster(connection) or is_of_clinic(table):
        keys = ", ".join(column.name for column in table.primary_key.columns)
        connection.execute(text(f"ANALYZE {table.name} ({keys})"))


def refresh_statistics(connection: Connection, tables: Iterable[Table]) -> None:
    """Update the statistics of the query planner, from a sample of each table."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA analysis_limit = 1000"))
    else:
        connection.execute(text(f"SET LOCAL default_statistics_target = {STATISTICS_TARGET}"))
    if is_cluster(connection):
        # It cannot analyze the others in a transaction that has written to them; autovacuum does.
        tables = filter(is_of_clinic, tables)
    for table in tables:
        connection.execute(text(f"ANALYZE {table.name}"))


def _foreign_keys(connection: Connection, table: Table) -> list[ForeignKeyConstraint]:
    # SQLite cannot drop a constraint, and checks the keys of each row as it is inserted.
    return [] if connection.dialect.name == "sqlite" else list(table.foreign_key_constraints)

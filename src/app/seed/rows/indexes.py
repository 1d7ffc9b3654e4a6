"""Leaves for later what makes loading slow, and the planner's statistics, which need the rows."""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, text
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    DropConstraint,
    DropIndex,
    ForeignKeyConstraint,
)

from app.tables import METADATA


def take_off(connection: Connection, tables: Iterable[Table]) -> None:
    """Drop secondary indexes and, where it can be done, foreign keys."""
    for table in tables:
        for key in _foreign_keys(connection, table):
            connection.execute(DropConstraint(key))
        for index in table.indexes:
            connection.execute(DropIndex(index, if_exists=True))


def put_back(connection: Connection, tables: Iterable[Table]) -> None:
    for table in tables:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index))
        for key in _foreign_keys(connection, table):
            connection.execute(AddConstraint(key))


def refresh_statistics(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA analysis_limit = 1000"))
    for name in METADATA.tables:
        connection.execute(text(f"ANALYZE {name}"))


def _foreign_keys(connection: Connection, table: Table) -> list[ForeignKeyConstraint]:
    # SQLite can drop no constraint, and looks a row's keys up as it comes.
    return [] if connection.dialect.name == "sqlite" else list(table.foreign_key_constraints)

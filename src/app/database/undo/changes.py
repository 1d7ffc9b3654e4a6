"""What has changed since a snapshot: rows that were inserted, updated or deleted in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from app.database.own_tables import quoted
from app.database.undo.recorded import RecordedTable, equal, listed
from app.database.undo.recording import UndoLog

Positions = Mapping[str, int]
# Passwords, tokens and hashes. `identifier` of a verification contains the token of a link.
SECRETS = {
    "accounts": {"password"},
    "sessions": {"token"},
    "verifications": {"identifier", "value"},
}
NOT_A_VALUE = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """How many rows of a table were inserted, updated and deleted."""

    inserted: int
    updated: int
    deleted: int

    @property
    def total(self) -> int:
        return self.inserted + self.updated + self.deleted


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as it was at the snapshot and as it is now; None if there is no such row.

    `place` is the key as text, by which the changes of a table are sorted.
    """

    table: str
    place: Sequence[str]
    key: dict[str, Any]
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def count_changes(log: UndoLog, positions: Positions) -> dict[str, ChangeCounts]:
    """Return the numbers of changed rows by table; tables without changes are left out."""
    tables = log.touched(positions)
    if not tables:
        return {}
    each = (_count_of(log, table, positions[table.name]) for table in tables)
    found = log.connection.exec_driver_sql(" UNION ALL ".join(each))
    counts = {name: ChangeCounts(*numbers) for name, *numbers in found}
    return {table.name: counts[table.name] for table in tables if counts[table.name].total}


def _count_of(log: UndoLog, table: RecordedTable, position: int) -> str:
    there = f"now.{quoted(log.connection, table.key[0])} IS NOT NULL"
    return (
        f"SELECT '{table.name}', count(CASE WHEN NOT undo_existed AND {there} THEN 1 END),"
        f" count(CASE WHEN undo_existed AND {there} AND {log.differs(table)} THEN 1 END),"
        f" count(CASE WHEN undo_existed AND NOT {there} THEN 1 END)"
        f" FROM {_joined(log, table, log.first_keys(table, position))}"
    )


def _joined(log: UndoLog, table: RecordedTable, first: str) -> str:
    """Return first entries as `old`, with the current rows as `now`."""
    on = equal(log.connection, table.key, "old.", "now.")
    return f"({first}) AS old LEFT JOIN {quoted(log.connection, table.name)} AS now ON {on}"


def read_changes(
    log: UndoLog, positions: Positions, after: tuple[str, Sequence[str]] | None, limit: int
) -> list[RowChange]:
    """Return the changes after a table and a place in it, in the order of tables and keys."""
    found: list[RowChange] = []
    tables = log.touched(positions)
    if after is not None:
        order = [table.name for table in log.tables]
        begin = order.index(after[0]) if after[0] in order else len(order)
        tables = [table for table in tables if order.index(table.name) >= begin]
    for table in tables:
        place = after[1] if after and after[0] == table.name else None
        if len(found) < limit:
            wanted = limit - len(found)
            found += _changes_of(log, table, positions[table.name], place, wanted)
    return found


def _changes_of(
    log: UndoLog, table: RecordedTable, position: int, place: Sequence[str] | None, limit: int
) -> list[RowChange]:
    connection = log.connection
    key = [f"CAST(old.{quoted(connection, name)} AS text)" for name in table.key]
    if connection.dialect.name == "postgresql":
        key = [f'{each} COLLATE "C"' for each in key]
    there = f"now.{quoted(connection, table.key[0])} IS NOT NULL"
    changed = (
        f"((NOT undo_existed AND {there}) OR (undo_existed AND NOT {there})"
        f" OR (undo_existed AND {there} AND {log.differs(table)}))"
    )
    values: dict[str, Any] = {"limit": limit}
    if place is not None:
        values |= {f"k{index}": value for index, value in enumerate(place)}
        parameters = ", ".join(f"CAST(:k{index} AS text)" for index in range(len(key)))
        changed += f" AND ({', '.join(key)}) > ({parameters})"
    first = log.first_entries(table, position)
    query = (
        f"SELECT {', '.join(key)}, undo_existed, {there},"
        f" {listed(connection, table.columns, 'old.')},"
        f" {listed(connection, table.columns, 'now.')} FROM {_joined(log, table, first)}"
        f" WHERE {changed} ORDER BY {', '.join(key)} LIMIT :limit"
    )
    return [_change(log, table, row) for row in connection.execute(text(query), values)]


def _change(log: UndoLog, table: RecordedTable, row: Any) -> RowChange:
    values = list(row)
    place, (existed, there), rows = (
        values[: len(table.key)],
        values[len(table.key) : len(table.key) + 2],
        values[len(table.key) + 2 :],
    )
    old = _readable(log, table, rows[: len(table.columns)])
    now = _readable(log, table, rows[len(table.columns) :])
    return RowChange(
        table=table.name,
        place=place,
        key={name: old[name] for name in table.key},
        kind="inserted" if not existed else "updated" if there else "deleted",
        before=_without_secrets(table, old) if existed else None,
        after=_without_secrets(table, now) if there else None,
    )


def _without_secrets(table: RecordedTable, row: dict[str, Any]) -> dict[str, Any]:
    secrets = SECRETS.get(table.name, set())
    return {name: value for name, value in row.items() if name not in secrets}


def _readable(log: UndoLog, table: RecordedTable, values: Sequence[Any]) -> dict[str, Any]:
    """Return values as the application reads them, or as they are stored if it cannot."""
    known = SQLModel.metadata.tables.get(table.name)
    dialect = log.connection.dialect
    row: dict[str, Any] = {}
    for name, value in zip(table.columns, values, strict=True):
        row[name] = value
        if known is not None and name in known.c and isinstance(value, str | int | float):
            process = known.c[name].type.dialect_impl(dialect).result_processor(dialect, None)
            try:
                row[name] = process(value) if process else value
            except NOT_A_VALUE:
                row[name] = value
    return row

"""The tables that are recorded, and their columns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from app.database.own_tables import RECORDED_BOOKKEEPING, quoted

# Generated columns cannot be inserted.
SQLITE_COLUMNS = text(
    "SELECT lower(made.name) AS relation, info.name AS name"
    " FROM sqlite_master AS made JOIN pragma_table_xinfo(made.name) AS info"
    " WHERE made.type = 'table' AND lower(made.name) IN (SELECT value FROM json_each(:names))"
    " AND info.hidden = 0 ORDER BY made.name, info.cid"
)
POSTGRESQL_COLUMNS = text(
    "SELECT relname AS relation, attname AS name FROM pg_attribute"
    " JOIN pg_class ON pg_class.oid = attrelid"
    " WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)"
    " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY relname, attnum"
)


@dataclass(frozen=True, slots=True)
class RecordedTable:
    """`columns` are those that can be inserted, also of other programs."""

    name: str
    key: Sequence[str]
    columns: Sequence[str]


@cache
def recorded_keys() -> dict[str, Sequence[str]]:
    """Return the primary keys of all recorded tables; parents come before their children."""
    keys = {
        # A plain `str`, because SQLAlchemy's cannot be encoded as JSON.
        str(table.name): tuple(str(column.name) for column in table.primary_key.columns)
        for table in SQLModel.metadata.sorted_tables
    }
    return {**keys, **RECORDED_BOOKKEEPING}


def read_tables(connection: Connection) -> list[RecordedTable]:
    """Return the recorded tables that exist, with the columns that they have now."""
    columns: dict[str, list[str]] = {}
    if connection.dialect.name == "sqlite":
        found = connection.execute(SQLITE_COLUMNS, {"names": json.dumps(list(recorded_keys()))})
    else:
        found = connection.execute(POSTGRESQL_COLUMNS, {"names": list(recorded_keys())})
    for row in found:
        columns.setdefault(row.relation, []).append(row.name)
    return tables_with(columns)


def tables_with(columns: Mapping[str, Sequence[str]]) -> list[RecordedTable]:
    """Return the recorded tables with these columns."""
    return [
        RecordedTable(name, key, columns[name])
        for name, key in recorded_keys().items()
        if name in columns
    ]


def listed(connection: Connection, names: Iterable[str], prefix: str = "") -> str:
    """Return a list of columns in SQL."""
    return ", ".join(prefix + quoted(connection, name) for name in names)


def equal(connection: Connection, names: Iterable[str], left: str, right: str) -> str:
    """Return the condition that the rows under two names have equal values in these columns."""
    columns = [quoted(connection, name) for name in names]
    return " AND ".join(f"{left}{column} = {right}{column}" for column in columns)

"""The undo log of SQLite: one table for each table of ours, whose columns have no type.

A column without a type stores each value unchanged. Triggers are short, because each request opens
the file and parses all of them: a view has the columns, which all triggers of a table use.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import Connection, text

from app.database.own_tables import RECORDER, UNDO_TABLE, quoted, undo_table
from app.database.undo.recorded import RecordedTable, equal, listed, recorded_keys

RECORDERS = text(
    "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    f" AND name LIKE '{RECORDER}%'"
)
UNDO_TABLES = text(
    f"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '{UNDO_TABLE}%'"
)
UNIQUE_INDEXES = text(
    'SELECT lower(made.name) AS relation, idx.name AS name, info.name AS "column"'
    " FROM sqlite_master AS made JOIN pragma_index_list(made.name) AS idx"
    " JOIN pragma_index_info(idx.name) AS info"
    " WHERE made.type = 'table' AND lower(made.name) IN (SELECT value FROM json_each(:names))"
    " AND idx.\"unique\" AND idx.origin <> 'pk' ORDER BY 1, 2, info.seqno"
)
SCHEMA = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND lower(name) IN"
    " (SELECT value FROM json_each(:names))"
    " OR type = 'index' AND sql LIKE 'CREATE UNIQUE%' AND lower(tbl_name) IN"
    " (SELECT value FROM json_each(:names))"
    f" OR type IN ('trigger', 'view') AND name LIKE '{RECORDER}%' ORDER BY name"
)

MANY_ENTRIES = 20_000


class SqliteLog:
    """Values are restored as they are, so two rows are equal if all of their values are."""

    def __init__(self, connection: Connection, tables: Sequence[RecordedTable]) -> None:
        self.connection = connection
        self.tables = tables

    def create(self) -> None:
        """Begin to record."""
        unique = self._unique_indexes()
        for table in self.tables:
            columns = listed(self.connection, table.columns)
            self._run(
                f"CREATE TABLE {undo_table(table.name)}"
                f" (undo_seq INTEGER PRIMARY KEY, undo_existed, {columns})"
            )
            for statement in self._recorders(table, unique.get(table.name, [])):
                self._run(statement)

    def drop(self) -> None:
        """Stop recording, and delete the log."""
        self.pause(is_large=True)
        for name in self.connection.scalars(UNDO_TABLES).all():
            self._run(f"DROP TABLE {quoted(self.connection, name)}")

    def pause(self, *, is_large: bool) -> None:
        """Stop recording until `create` is called, but go on for few rows."""
        if not is_large:
            return
        for kind, name in self.connection.execute(RECORDERS).all():
            self._run(f"DROP {kind} {quoted(self.connection, name)}")

    def clear(self) -> None:
        """Delete the entries if there are many: no snapshot refers to them."""
        if sum(self.positions().values()) > MANY_ENTRIES:
            for table in self.tables:
                self._run(f"DELETE FROM {undo_table(table.name)}")

    def write_exactly(self) -> None:
        """Nothing has to be set up."""

    def prepare(self) -> None:
        """Nothing has to be set up."""

    def fingerprint(self) -> str:
        """Return a digest of all that restoring relies on: tables, unique indexes, triggers."""
        names = json.dumps([*recorded_keys(), *map(undo_table, recorded_keys())])
        found = self.connection.execute(SCHEMA, {"names": names})
        return sha256(repr([tuple(row) for row in found]).encode()).hexdigest()

    def is_in_order(self) -> bool:
        """Return whether the next entry will be the last one, which SQLite sees to."""
        return True

    def positions(self) -> dict[str, int]:
        """Return the last entry of each table, or 0."""
        last = " UNION ALL ".join(
            f"SELECT '{table.name}', coalesce(max(undo_seq), 0) FROM {undo_table(table.name)}"
            for table in self.tables
        )
        return dict(self.connection.execute(text(last)).all())

    def first_entries(self, table: RecordedTable, position: int) -> str:
        """Return a query of the first entry of each key after a position."""
        name, key = undo_table(table.name), listed(self.connection, table.key)
        return (
            f"SELECT undo_existed, {listed(self.connection, table.columns)} FROM {name}"
            f" WHERE undo_seq IN (SELECT min(undo_seq) FROM {name}"
            f" WHERE undo_seq > {position} GROUP BY {key})"
        )

    def touched(self, positions: Mapping[str, int]) -> list[RecordedTable]:
        """Return the tables that have entries after these positions."""
        last = self.positions()
        return [table for table in self.tables if last[table.name] > positions[table.name]]

    def differs(self, table: RecordedTable) -> str:
        """Return the condition that a row `now` is not as its first entry `old`."""
        now = listed(self.connection, table.columns, "now.")
        old = listed(self.connection, table.columns, "old.")
        # A row of one value is not a row to SQLite.
        return f"({now}, 0) IS NOT ({old}, 0)"

    def forget_after(self, positions: Mapping[str, int]) -> None:
        for name, position in positions.items():
            self._run(f"DELETE FROM {undo_table(name)} WHERE undo_seq > {position}")

    def _run(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement)

    def _unique_indexes(self) -> dict[str, list[list[str]]]:
        indexes: dict[tuple[str, str], list[str]] = {}
        names = json.dumps([table.name for table in self.tables])
        for row in self.connection.execute(UNIQUE_INDEXES, {"names": names}):
            indexes.setdefault((row.relation, row.name), []).append(row.column)
        found: dict[str, list[list[str]]] = {}
        for (relation, _), columns in indexes.items():
            if None not in columns:  # an expression
                found.setdefault(relation, []).append(columns)
        return found

    def _recorders(self, table: RecordedTable, unique: Sequence[Sequence[str]]) -> Iterator[str]:
        """Return the statements that create the view and the triggers of a table.

        `INSERT OR REPLACE` and `UPDATE OR REPLACE` delete rows of equal unique values without
        calling triggers. So the row that is about to replace them records them.
        """
        name, log, view = table.name, undo_table(table.name), f"{RECORDER}_{table.name}"
        record = f"INSERT INTO {log} SELECT NULL, 1, * FROM {view} WHERE"
        record_old = f"{record} {equal(self.connection, table.key, '', 'OLD.')};"
        replaced = " OR ".join(
            equal(self.connection, columns, "", "NEW.") for columns in (table.key, *unique)
        )
        record_new = (
            f"{record} {replaced};"
            f" INSERT INTO {log} (undo_existed, {listed(self.connection, table.key)})"
            f" VALUES (0, {listed(self.connection, table.key, 'NEW.')});"
        )
        identifying = sorted({*table.key, *(column for each in unique for column in each)})
        yield (f"CREATE VIEW {view} AS SELECT {listed(self.connection, table.columns)} FROM {name}")
        for suffix, event, statements in (
            ("insert", "INSERT", record_new),
            ("delete", "DELETE", record_old),
            ("update", "UPDATE", record_old),
            ("key", f"UPDATE OF {listed(self.connection, identifying)}", record_new),
        ):
            trigger = f"{view}_{suffix}"
            yield f"CREATE TRIGGER {trigger} BEFORE {event} ON {name} BEGIN {statements} END"

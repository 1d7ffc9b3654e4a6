"""The undo log of SQLite: one table for each table of ours, whose columns have no type.

A column without a type stores each value unchanged. Triggers are short, because each connection
parses all of them: a view has the columns, which all triggers of a table use.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import Connection, text

from app.database.own_tables import RECORDER, SNAPSHOT_TABLE, UNDO_TABLE, quoted, undo_table
from app.database.undo.recorded import RecordedTable, equal, listed, recorded_keys

RECORDERS = text(
    "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    f" AND name LIKE '{RECORDER}%'"
)
UNDO_TABLES = text(
    f"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '{UNDO_TABLE}%'"
)
OF_NAMES = (
    " FROM sqlite_master AS made JOIN {} WHERE made.type = 'table'"
    " AND lower(made.name) IN (SELECT value FROM json_each(:names))"
)
# The column of an expression has no name.
UNIQUE_INDEXES = text(
    'SELECT lower(made.name) AS relation, idx.name AS name, info.name AS "column",'
    " info.coll AS collation"
    + OF_NAMES.format(
        "pragma_index_list(made.name) AS idx JOIN pragma_index_xinfo(idx.name) AS info"
    )
    + " AND idx.\"unique\" AND idx.origin <> 'pk' AND info.key ORDER BY 1, 2, info.seqno"
)
# Such a key is the `rowid`, which a new row may get only when it is inserted.
INTEGER_KEYS = text(
    "SELECT lower(made.name)"
    + OF_NAMES.format("pragma_table_info(made.name) AS info")
    + " AND info.pk AND upper(info.type) = 'INTEGER'"
)
WITHOUT_ROWID = text(
    "SELECT lower(name) FROM sqlite_master AS made WHERE type = 'table'"
    " AND sql LIKE '%WITHOUT ROWID%'"
)
SCHEMA = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND lower(name) IN"
    " (SELECT value FROM json_each(:names))"
    " OR type = 'index' AND sql LIKE 'CREATE UNIQUE%' AND lower(tbl_name) IN"
    " (SELECT value FROM json_each(:names))"
    f" OR type IN ('trigger', 'view') AND name LIKE '{RECORDER}%' ORDER BY name"
)

MANY_ENTRIES = 20_000
# Without a snapshot there is nothing to restore. A seed deletes all of them first.
IF_NEEDED = f"WHEN EXISTS (SELECT 1 FROM {SNAPSHOT_TABLE}) BEGIN"
BINARY = "BINARY"  # the collation of most columns


class SqliteLog:
    """Values are restored as they are, so two rows are equal if all of their values are."""

    def __init__(self, connection: Connection, tables: Sequence[RecordedTable]) -> None:
        self.connection = connection
        self.tables = tables

    def create(self) -> None:
        """Begin to record."""
        unique = self._unique_indexes()
        numbered = set(self.connection.scalars(INTEGER_KEYS, {"names": self._names()}))
        without_rowid = set(self.connection.scalars(WITHOUT_ROWID))
        for table in self.tables:
            columns = listed(self.connection, table.columns)
            self._run(
                f"CREATE TABLE {undo_table(table.name)}"
                f" (undo_seq INTEGER PRIMARY KEY, undo_existed, undo_rowid, {columns})"
            )
            rowid = None if table.name in without_rowid else "rowid"
            is_numbered = table.name in numbered
            indexes = unique.get(table.name, [])
            for statement in self._recorders(table, indexes, rowid, is_numbered=is_numbered):
                self._run(statement)

    def find_obstacles(self) -> tuple[bool, Sequence[str]]:
        """Return True, and describe what can change rows without a record."""
        found = self._unique_indexes()
        return True, [
            f"{table} has a unique index of an expression"
            for table, indexes in found.items()
            if any(name is None for index in indexes for name, _ in index)
        ]

    def drop(self) -> None:
        """Stop recording, and delete the log."""
        self.pause(is_large=True)
        for name in self.connection.scalars(UNDO_TABLES).all():
            self._run(f"DROP TABLE {quoted(self.connection, name)}")

    def pause(self, *, is_large: bool) -> None:
        """Drop the triggers if there are many rows: each would ask whether there is a snapshot."""
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

    def is_unaltered(self, fingerprint: str) -> bool:
        return fingerprint == self.fingerprint()

    def positions(self) -> dict[str, int]:
        """Return the last entry of each table, or 0."""
        last = " UNION ALL ".join(
            f"SELECT '{table.name}', coalesce(max(undo_seq), 0) FROM {undo_table(table.name)}"
            for table in self.tables
        )
        return dict(self.connection.exec_driver_sql(last).all())

    def first_entries(self, table: RecordedTable, position: int) -> str:
        """Return a query of the first entry of each key after a position."""
        name, key = undo_table(table.name), listed(self.connection, table.key)
        return (
            f"SELECT undo_existed, {listed(self.connection, table.columns)} FROM {name}"
            f" WHERE undo_seq IN (SELECT min(undo_seq) FROM {name}"
            f" WHERE undo_seq > {position} GROUP BY {key})"
        )

    def first_keys(self, table: RecordedTable, position: int) -> str:
        """Return the same query, because `differs` reads all columns."""
        return self.first_entries(table, position)

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

    def forget_after(self, positions: Mapping[str, int]) -> list[str]:
        """Return statements that delete the entries after these positions."""
        return [
            f"DELETE FROM {undo_table(table.name)} WHERE undo_seq > {positions[table.name]}"
            for table in self.touched(positions)
        ]

    def _run(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement)

    def _names(self) -> str:
        return json.dumps(list(recorded_keys()))

    def _unique_indexes(self) -> dict[str, list[list[tuple[str, str]]]]:
        """Return the columns of all unique indexes, with their collations, by table."""
        indexes: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for row in self.connection.execute(UNIQUE_INDEXES, {"names": self._names()}):
            indexes.setdefault((row.relation, row.name), []).append((row.column, row.collation))
        found: dict[str, list[list[tuple[str, str]]]] = {}
        for (relation, _), columns in indexes.items():
            found.setdefault(relation, []).append(columns)
        return found

    def _recorders(
        self,
        table: RecordedTable,
        unique: Sequence[Sequence[tuple[str, str]]],
        rowid: str | None,
        *,
        is_numbered: bool,
    ) -> Iterator[str]:
        """Return the statements that create the view and the triggers of a table.

        `INSERT OR REPLACE` and `UPDATE OR REPLACE` delete rows of equal unique values, or of an
        equal `rowid`, without calling triggers. So the row that is about to replace them records
        them.
        """
        name, log, view = table.name, undo_table(table.name), f"{RECORDER}_{table.name}"
        columns, key = (listed(self.connection, names) for names in (table.columns, table.key))
        record = f"INSERT INTO {log} SELECT NULL, 1, * FROM {view} WHERE"
        if rowid:
            old, moved, replaced = (
                f"undo_rowid {which}"
                for which in ("= OLD.rowid", "IN (OLD.rowid, NEW.rowid)", "= NEW.rowid OR ")
            )
        else:
            old = moved = equal(self.connection, table.key, "", "OLD.")
            replaced = ""
        replaced += " OR ".join(
            map(self._equal_to_new, ([(column, BINARY) for column in table.key], *unique))
        )
        new = (
            f"INSERT INTO {log} (undo_existed, {key})"
            f" VALUES (0, {listed(self.connection, table.key, 'NEW.')});"
        )
        identifying = sorted({*table.key, *(column for each in unique for column, _ in each)})
        of = "" if is_numbered else f" OF {listed(self.connection, identifying)}"
        yield f"CREATE VIEW {view} AS SELECT {rowid or 'NULL'} AS undo_rowid, {columns} FROM {name}"
        for suffix, event, statements in (
            ("insert", "BEFORE INSERT", f"{record} {replaced}; {new}"),
            ("delete", "BEFORE DELETE", f"{record} {old};"),
            ("update", "BEFORE UPDATE", f"{record} {moved};"),
            ("key", f"BEFORE UPDATE{of}", f"{record} {replaced}; {new}"),
            *([("number", "AFTER INSERT", new)] if is_numbered else ()),
        ):
            yield f"CREATE TRIGGER {view}_{suffix} {event} ON {name} {IF_NEEDED} {statements} END"

    def _equal_to_new(self, columns: Sequence[tuple[str, str]]) -> str:
        return " AND ".join(
            f"{quoted(self.connection, name)} = NEW.{quoted(self.connection, name)}"
            + ("" if collation == BINARY else f" COLLATE {quoted(self.connection, collation)}")
            for name, collation in columns
        )

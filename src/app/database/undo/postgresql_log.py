"""The undo log of PostgreSQL: one table, with each row in the text form of its type.

It is the form that `pg_dump` writes, with the settings that make it exact. A trigger that named the
columns would make all writes fail after one of them is dropped by hand.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from secrets import randbits
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text

from app.database.own_tables import RECORDER, SNAPSHOT_TABLE, UNDO_TABLE, own_names, quoted
from app.database.undo.postgresql_structure import LEAVES, OBSTACLES, STRUCTURE, VERSIONS
from app.database.undo.recorded import RecordedTable, recorded_keys

# Each of these changes how a value is written as text, or which digits of it.
EXACT = {
    "bytea_output": "hex",
    "DateStyle": "ISO",
    "extra_float_digits": "1",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
}
# With `effects`, only what statements cause elsewhere is recorded: by foreign keys and by triggers
# of other programs.
IS_ON = (
    "CASE current_setting('seedbed.recording', true) WHEN 'off' THEN false"
    " WHEN 'effects' THEN pg_trigger_depth() > 0 ELSE true END"
)
# A row is recorded before it changes, because what other triggers and foreign keys do to it in the
# same statement would be recorded first otherwise. A new row has its final key only afterwards. If
# it changes again before it is recorded, its version has the id of a transaction in progress: ours.
FUNCTION = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path TO {schema}, pg_temp {exact} AS $$
DECLARE
    current xid8;
    is_recorded boolean := false;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('INSERT INTO {log} (relation, existed, record) SELECT %%L, true, t::text'
                       ' FROM ONLY %%s AS t', TG_ARGV[0], TG_RELID::regclass);
        RETURN NULL;
    ELSIF TG_WHEN = 'AFTER' THEN
        INSERT INTO {log} (relation, existed, record) VALUES (TG_ARGV[0], false, NEW::text);
        RETURN NULL;
    END IF;
    IF age(OLD.xmin) <= 0 THEN
        current := pg_current_xact_id();
        IF pg_xact_status((current::text::bigint - age(OLD.xmin) + age(current::xid))::text::xid8)
           = 'in progress' THEN
            is_recorded := true;
        END IF;
    END IF;
    IF NOT is_recorded THEN
        INSERT INTO {log} (relation, existed, record) VALUES (TG_ARGV[0], true, OLD::text);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
# The constraint refuses the entries of another log, such as from a dump that has data only.
TABLE = """
CREATE TABLE {log} (seq bigint GENERATED ALWAYS AS IDENTITY, relation text NOT NULL,
    existed boolean NOT NULL, record text NOT NULL, PRIMARY KEY (relation, seq),
    recording integer NOT NULL DEFAULT {recording} CHECK (recording = {recording}))
"""
LAST = f"coalesce(pg_sequence_last_value(pg_get_serial_sequence('{UNDO_TABLE}', 'seq')), 0)"
LAST_ENTRY = text(f"SELECT {LAST}")
LAST_ENTRIES = text(f"""
    SELECT {LAST} AS last, json_object_agg(name, seq)::text AS entries,
           (SELECT max(value::bigint) FROM {SNAPSHOT_TABLE}, json_each_text(positions::json))
               AS position
      FROM (SELECT name, (SELECT max(seq) FROM {UNDO_TABLE} WHERE relation = name) AS seq
              FROM unnest(CAST(:names AS text[])) AS name) AS each
""")


class PostgresqlLog:
    def __init__(self, connection: Connection, tables: Sequence[RecordedTable]) -> None:
        self.connection = connection
        self.tables = tables
        self._last = 0
        self._entries: dict[str, int | None] = {}

    def create(self) -> None:
        """Begin to record."""
        schema = quoted(self.connection, str(self.connection.dialect.default_schema_name))
        exact = " ".join(f"SET {name} TO '{value}'" for name, value in EXACT.items())
        statements = [
            TABLE.format(log=UNDO_TABLE, recording=randbits(31)),
            FUNCTION.format(function=RECORDER, log=UNDO_TABLE, schema=schema, exact=exact),
            *(each for table in self.tables for each in self._triggers(table)),
        ]
        self._run(";\n".join(statements))

    def find_obstacles(self) -> tuple[bool, Sequence[str]]:
        """Return whether this role owns all tables, and describe rows that cannot be recorded."""
        names = {"own": sorted(own_names()), "names": list(recorded_keys())}
        found = self.connection.execute(OBSTACLES, names).one()
        return found.owns_tables, found.unrecorded

    def drop(self) -> None:
        """Stop recording, and delete the log."""
        self._run(f"DROP FUNCTION IF EXISTS {RECORDER}() CASCADE")
        self._run(f"DROP TABLE IF EXISTS {UNDO_TABLE}")

    def pause(self, *, is_large: bool) -> None:  # noqa: ARG002 - it costs nothing for few rows
        """Record nothing until the transaction ends."""
        self._run("SET LOCAL seedbed.recording TO 'off'")

    def clear(self) -> None:
        self._run(f"DELETE FROM {UNDO_TABLE}")

    def write_exactly(self) -> None:
        """Let the transaction write values as text in the form of the log."""
        self._set(EXACT)

    def prepare(self) -> None:
        """Set up the transaction to read the log, and to undo what is in it.

        The planner does not know that a log is short, and would rather read all rows of a table.
        """
        plans = ("enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "enable_seqscan")
        self._set(EXACT | dict.fromkeys((*plans, "jit"), "off") | {"seedbed.recording": "effects"})

    def fingerprint(self) -> str:
        """Return digests of everything that restoring relies on: columns, triggers, function."""
        now = self._find(VERSIONS)
        return f"{self._structure()} {now.versions} {now.tables}"

    def is_unaltered(self, fingerprint: str) -> bool:
        """Compare with an earlier fingerprint.

        A dump that was restored has the same columns in other tables.
        """
        now, (structure, versions, tables) = self._find(VERSIONS), fingerprint.split()
        if (versions, tables) != (now.versions, now.tables):
            are_others = set(tables.split(",")).isdisjoint((now.tables or "").split(","))
            if not are_others or structure != self._structure():
                return False
        return self._read_entries()

    def _read_entries(self) -> bool:
        """Read the last entry of each table, and return whether the next one will be the last.

        It will not after a dump was loaded that has data only.
        """
        found = self._find(LAST_ENTRIES)
        self._last, self._entries = found.last, json.loads(found.entries)
        return all(self._last >= (seq or 0) for seq in (found.position, *self._entries.values()))

    def _structure(self) -> str:
        return str(self._find(STRUCTURE)[0])

    def _find(self, query: TextClause) -> Row[Any]:
        values = {"names": [*recorded_keys(), UNDO_TABLE], "recorder": RECORDER}
        return self.connection.execute(query, values).one()

    def positions(self) -> dict[str, int]:
        """Return the last entry. No other transaction may be writing."""
        last = self.connection.scalar(LAST_ENTRY) or 0
        return {table.name: last for table in self.tables}

    def first_entries(self, table: RecordedTable, position: int) -> str:
        """Return a query of the first entry of each key after a position."""
        return self._first(table, position, table.columns)

    def first_keys(self, table: RecordedTable, position: int) -> str:
        """Return the same query with only the columns of the key, and what `differs` reads."""
        return self._first(table, position, table.key)

    def _first(self, table: RecordedTable, position: int, names: Sequence[str]) -> str:
        name = quoted(self.connection, table.name)
        key, columns = (
            ", ".join(f"(each.record).{quoted(self.connection, column)}" for column in columns)
            for columns in (table.key, names)
        )
        # Without OFFSET, the text would be read again for each column.
        return (
            f"SELECT DISTINCT ON ({key}) existed AS undo_existed, {columns}, written"
            f" FROM (SELECT seq, existed, record AS written, record::{name} AS record"
            f" FROM {UNDO_TABLE} WHERE relation = '{table.name}' AND seq > {position} OFFSET 0)"
            f" AS each ORDER BY {key}, seq"
        )

    def read_new_entries(self) -> bool:
        """Return whether there are new entries since they were last read, and read them."""
        if self.connection.scalar(LAST_ENTRY) == self._last:
            return False
        self._read_entries()
        return True

    def touched(self, positions: Mapping[str, int]) -> list[RecordedTable]:
        """Return the tables that have entries after these positions."""
        last = {name: seq or 0 for name, seq in self._entries.items()}
        return [table for table in self.tables if last[table.name] > positions[table.name]]

    def differs(self, _table: RecordedTable) -> str:
        """Return the condition that a row `now` is not as its first entry `old`."""
        return "now::text IS DISTINCT FROM old.written"

    def forget_after(self, positions: Mapping[str, int]) -> list[str]:
        """Return statements that delete the entries after these positions."""
        names = ", ".join(f"'{table.name}'" for table in self.touched(positions))
        last = min(positions.values(), default=0)
        entries = f"relation IN ({names}) AND seq > {last}"
        return [f"DELETE FROM {UNDO_TABLE} WHERE {entries}"] if names else []

    def _set(self, settings: Mapping[str, str]) -> None:
        self._run("; ".join(f"SET LOCAL {name} TO '{value}'" for name, value in settings.items()))

    def _run(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement)

    def _triggers(self, table: RecordedTable) -> Iterator[str]:
        """Return the statements that create the triggers.

        ALWAYS, because replication and `session_replication_role` skip other triggers.
        """
        name, key = quoted(self.connection, table.name), table.key
        moved = " OR ".join(
            f"OLD.{column} IS DISTINCT FROM NEW.{column}"
            for column in (quoted(self.connection, each) for each in key)
        )
        for suffix, event, condition in (
            ("", "BEFORE UPDATE OR DELETE", IS_ON),
            ("_insert", "AFTER INSERT", IS_ON),
            ("_key", "AFTER UPDATE", f"{IS_ON} AND ({moved})"),
        ):
            yield (
                f"CREATE TRIGGER {RECORDER}{suffix} {event} ON {name} FOR EACH ROW"
                f" WHEN ({condition}) EXECUTE FUNCTION {RECORDER}('{table.name}')"
            )
            yield f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {RECORDER}{suffix}"
        for leaf in self.connection.scalars(LEAVES, {"name": table.name}):
            yield (
                f"CREATE TRIGGER {RECORDER}_truncate BEFORE TRUNCATE ON {leaf}"
                f" EXECUTE FUNCTION {RECORDER}('{table.name}')"
            )
            yield f"ALTER TABLE {leaf} ENABLE ALWAYS TRIGGER {RECORDER}_truncate"

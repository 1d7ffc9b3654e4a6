"""More changes by raw SQL: statements of one kind of database, and values that are hard to keep."""

from typing import Any

import psycopg

from restores.raw_changes import (
    REFUSED,
    Change,
    columns_of,
    copy_row,
    is_sqlite,
    new_id,
    some_key,
    some_table,
    truncate,
    update_all,
)

SQLITE_VALUES = (
    "x'00ff00'",
    "'a' || char(0) || 'b'",
    "'a' || char(0) || 'c'",
    "CAST(x'eda080' AS TEXT)",
    "-0.0",
    "9223372036854775807",
    "9223372036854775808.5",
    "1e400",
    "''",
    "x''",
    "'1.0'",
    "' 1 '",
)
POSTGRESQL_VALUES = ("''", "'\\x00'", "E'\\u00e9'", "E'e\\u0301'", "'NULL'", "'(\"\",)'", "' '")
JSONS = ('\'{"b":1,  "a":[null]}\'', "'null'", "'1.10'", "'12345678901234567890.5'", "'\"\"'")
NOT_REFERRED_TO = ("appointments", "sessions", "patient_words", "availability_exceptions")
INSTANTS = ("infinity", "-infinity", "0044-03-15 12:00:00.000001+00 BC", "2026-10-04 02:30+10:30")


def update_to_hard_value(raw: Any, number: int) -> None:
    values = SQLITE_VALUES if is_sqlite(raw) else POSTGRESQL_VALUES
    table = ("patients", "rooms", "treatment_plans", "availability_exceptions")[number % 4]
    if where := some_key(raw, table, number // 7):
        raw.execute(f"UPDATE {table} SET notes = {values[number % len(values)]} WHERE {where}")


def update_json_and_instant(raw: Any, number: int) -> None:
    """SQLite's JSON column makes a number of a text that looks like one."""
    if where := some_key(raw, "patients", number):
        value = JSONS[number % len(JSONS)]
        raw.execute(f"UPDATE patients SET allergies = {value}, surgeries = '[]' WHERE {where}")
        instant = INSTANTS[number % len(INSTANTS)]
        raw.execute(f"UPDATE patients SET deleted_at = '{instant}' WHERE {where}")


def metadata_null_or_json_null(raw: Any, number: int) -> None:
    value = ("NULL", "'null'", "'{}'")[number % 3]
    raw.execute(f"UPDATE organizations SET metadata = {value}")


def update_from(raw: Any, number: int) -> None:
    raw.execute(
        f"UPDATE treatment_plans SET notes = patients.last_name || '{number}' FROM patients"
        " WHERE patients.id = treatment_plans.patient_id"
    )


def update_to_the_same(raw: Any, number: int) -> None:
    table = some_table(raw, number)
    column = columns_of(raw, table)[0]
    raw.execute(f"UPDATE {table} SET {column} = {column}")


def merge(raw: Any, number: int) -> None:
    if is_sqlite(raw):
        columns = ", ".join(columns_of(raw, "rooms"))
        raw.execute(f"REPLACE INTO rooms ({columns}) SELECT {columns} FROM rooms WHERE true")
        return
    raw.execute(
        "MERGE INTO rooms USING (SELECT * FROM rooms ORDER BY id LIMIT 3) AS found"
        f" ON rooms.id = found.id AND rooms.capacity > {number % 3}"
        f" WHEN MATCHED AND rooms.name < 'R' THEN DELETE"
        f" WHEN MATCHED THEN UPDATE SET notes = 'merged {number}'"
        f" WHEN NOT MATCHED THEN INSERT VALUES (found.organization_id, {new_id(raw, number)},"
        " now(), now(), found.name || 'x', 2, true, '[]', NULL, NULL)"
    )


def move_with_returning(raw: Any, number: int) -> None:
    if is_sqlite(raw):
        raw.execute("DELETE FROM rooms WHERE id IN (SELECT id FROM rooms LIMIT 1) RETURNING id")
        return
    columns = ", ".join(columns_of(raw, "appointments"))
    other = columns.replace(", id,", f", {new_id(raw, number)},")
    raw.execute(
        "WITH gone AS (DELETE FROM appointments WHERE id = (SELECT min(id::text)::uuid FROM"
        f" appointments) RETURNING *) INSERT INTO appointments ({columns}) SELECT {other} FROM gone"
    )


def two_tables_in_one_statement(raw: Any, number: int) -> None:
    if not is_sqlite(raw):
        raw.execute(
            f"WITH changed AS (UPDATE sessions SET user_agent = '{number}' RETURNING id)"
            " DELETE FROM organizations WHERE id = (SELECT min(id::text)::uuid FROM organizations)"
            " AND EXISTS (SELECT FROM changed)"
        )


def copy_in(raw: Any, number: int) -> None:
    """Load rows in bulk: COPY, or many rows of one prepared statement."""
    rows = raw.execute(
        "SELECT organization_id, word, patient_id FROM patient_words ORDER BY 1, 2, 3 LIMIT 20"
    ).fetchall()
    rows = [(one, f"{word}{number}", other) for one, word, other in rows]
    if is_sqlite(raw):
        raw.executemany("INSERT OR REPLACE INTO patient_words VALUES (?, ?, ?)", rows)
        return
    with raw.cursor().copy("COPY patient_words FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def rolled_back_to_savepoint(raw: Any, number: int) -> None:
    raw.execute("BEGIN")
    try:
        update_all(raw, number)
        raw.execute("SAVEPOINT here")
        raw.execute(f"DELETE FROM {some_table(raw, number)}")
        raw.execute("ROLLBACK TO here")
        update_all(raw, number + 1)
        raw.execute("RELEASE here")
        raw.execute("COMMIT" if number % 4 else "ROLLBACK")
    except REFUSED:
        raw.execute("ROLLBACK")
        raise


def script(raw: Any, number: int) -> None:
    run = raw.executescript if is_sqlite(raw) else raw.execute
    run(f"UPDATE rooms SET notes = 'a'; DELETE FROM sessions; UPDATE users SET name = '{number}'")


def as_a_replica(raw: Any, number: int) -> None:
    """Triggers and foreign keys are off, as in logical replication.

    PostgreSQL could not insert a row again that refers to nothing.
    """
    if is_sqlite(raw):
        raw.execute("PRAGMA recursive_triggers = ON")
        table = ("users", "rooms", "sessions")[number % 3]
        if where := some_key(raw, table, number):
            copy_row(raw, table, where, "INSERT OR REPLACE", id=new_id(raw, number))
        return
    raw.execute("SET session_replication_role TO replica")
    try:
        raw.execute(f"DELETE FROM {NOT_REFERRED_TO[number % len(NOT_REFERRED_TO)]}")
        if where := some_key(raw, "patients", number):
            copy_row(raw, "patients", where, id=new_id(raw, number))
    finally:
        raw.execute("SET session_replication_role TO DEFAULT")


def through_a_view(raw: Any, number: int) -> None:
    raw.execute("CREATE TEMPORARY VIEW seen AS SELECT id, notes FROM rooms")
    if is_sqlite(raw):
        raw.execute(
            "CREATE TEMPORARY TRIGGER through INSTEAD OF UPDATE ON seen BEGIN"
            " UPDATE rooms SET notes = NEW.notes WHERE id = OLD.id; END"
        )
    try:
        raw.execute(f"UPDATE seen SET notes = 'seen {number}'")
    finally:
        raw.execute("DROP VIEW seen")


def truncate_more(raw: Any, number: int) -> None:
    if is_sqlite(raw):
        raw.execute(f"DELETE FROM {some_table(raw, number)}")  # without a condition: all at once
    elif number % 2:
        raw.execute("TRUNCATE appointments, verifications, sessions RESTART IDENTITY")
    else:
        truncate(raw, number)


def beside_another_transaction(raw: Any, number: int) -> None:
    """Write while a transaction that began before is open; it commits last."""
    if is_sqlite(raw):
        raw.execute("DELETE FROM verifications")
        return
    with psycopg.connect(raw.info.dsn) as other:
        other.execute(f"UPDATE rooms SET notes = 'first {number}'")
        raw.execute("UPDATE patients SET notes = 'second'")
        raw.execute("DELETE FROM verifications")
        other.execute(f"UPDATE treatment_plans SET notes = 'third {number}'")


MORE_CHANGES: tuple[Change, ...] = (
    update_to_hard_value,
    update_json_and_instant,
    metadata_null_or_json_null,
    update_from,
    update_to_the_same,
    merge,
    move_with_returning,
    two_tables_in_one_statement,
    copy_in,
    rolled_back_to_savepoint,
    script,
    as_a_replica,
    through_a_view,
    truncate_more,
    beside_another_transaction,
)

"""Changes by other programs: raw SQL of every kind, chosen by a number."""

import sqlite3
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from restores.raw_rows import keys_of, list_tables

Change = Callable[[Any, int], None]
REFUSED = (sqlite3.Error, psycopg.Error)
TEXTS = ("NULL", "''", "'it''s'", "'\U0001f600\t\n'", "'\\x00, (\"'", "'null'")
JSONS = ("'null'", "'[]'", '\'{"a": [1, null, "x, y"]}\'', "'[1.0, 1e3]'", "'\"\\\\u00e9\"'")
TEXT_COLUMNS = {
    "patients": "notes",
    "treatment_plans": "objective",
    "rooms": "notes",
    "users": "image",
    "organizations": "logo",
    "appointments": "session_notes",
    "availability_exceptions": "notes",
    "sessions": "user_agent",
    "accounts": "password",
}
JSON_COLUMNS = {"patients": "allergies", "users": "specialization", "organizations": "metadata"}
UNIQUE_TEXTS = {"users": "email", "organizations": "slug", "rooms": "name", "sessions": "token"}


def is_sqlite(raw: Any) -> bool:
    return isinstance(raw, sqlite3.Connection)


def some_table(raw: Any, number: int) -> str:
    tables = list_tables(raw)
    return tables[number % len(tables)]


def some_key(raw: Any, table: str, number: int) -> str | None:
    """Return the condition that finds a row of a table."""
    names = keys_of(raw, [table])[table]
    rows = raw.execute(
        f"SELECT {', '.join(names)} FROM {table} ORDER BY 1, {len(names)}"
    ).fetchall()
    if not rows:
        return None
    row = rows[number % len(rows)]
    return " AND ".join(f"{name} = '{value}'" for name, value in zip(names, row, strict=True))


def columns_of(raw: Any, table: str) -> list[str]:
    found = raw.execute(f"SELECT * FROM {table} LIMIT 0")
    return [column[0] for column in found.description]


def copy_row(raw: Any, table: str, where: str, verb: str = "INSERT", **changed: str) -> None:
    columns = columns_of(raw, table)
    values = ", ".join(changed.get(name, name) for name in columns)
    raw.execute(
        f"{verb} INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {where}"
    )


def new_id(raw: Any, number: int) -> str:
    made = UUID(int=number << 64 | number)
    return f"'{made.hex if is_sqlite(raw) else made}'"


def delete_row(raw: Any, number: int) -> None:
    table = some_table(raw, number)
    if where := some_key(raw, table, number // 7):
        raw.execute(f"DELETE FROM {table} WHERE {where}")


def update_text(raw: Any, number: int) -> None:
    table, column = list(TEXT_COLUMNS.items())[number % len(TEXT_COLUMNS)]
    if where := some_key(raw, table, number // 7):
        raw.execute(f"UPDATE {table} SET {column} = {TEXTS[number % len(TEXTS)]} WHERE {where}")


def update_json(raw: Any, number: int) -> None:
    table, column = list(JSON_COLUMNS.items())[number % len(JSON_COLUMNS)]
    if where := some_key(raw, table, number // 7):
        raw.execute(f"UPDATE {table} SET {column} = {JSONS[number % len(JSONS)]} WHERE {where}")


def update_instant(raw: Any, number: int) -> None:
    if where := some_key(raw, "patients", number):
        value = f"2026-03-29 02:30:00.{number % 1_000_000:06}"
        raw.execute(f"UPDATE patients SET created_at = '{value}', deleted_at = NULL WHERE {where}")


def store_other_type(raw: Any, number: int) -> None:
    """SQLite stores a value of any type in any column."""
    value = ("x'00ff'", "1.5", "42", "x''")[number % 4] if is_sqlite(raw) else "'1.50'"
    if where := some_key(raw, "patients", number):
        raw.execute(f"UPDATE patients SET notes = {value}, city = 'x' WHERE {where}")


def update_all(raw: Any, number: int) -> None:
    table, column = list(TEXT_COLUMNS.items())[number % len(TEXT_COLUMNS)]
    raw.execute(f"UPDATE {table} SET {column} = 'all {number}'")


def delete_all(raw: Any, number: int) -> None:
    raw.execute(f"DELETE FROM {some_table(raw, number)}")


def change_id(raw: Any, number: int) -> None:
    table = ("patients", "rooms", "treatment_plans", "appointments", "sessions", "users")[
        number % 6
    ]
    if where := some_key(raw, table, number // 7):
        raw.execute(f"UPDATE {table} SET id = {new_id(raw, number)} WHERE {where}")


def swap_ids(raw: Any, number: int) -> None:
    ids = [row[0] for row in raw.execute("SELECT id FROM appointments ORDER BY 1 LIMIT 2")]
    if len(ids) == 2:
        one, other, away = f"'{ids[0]}'", f"'{ids[1]}'", new_id(raw, number)
        for old, new in ((one, away), (other, one), (away, other)):
            raw.execute(f"UPDATE appointments SET id = {new} WHERE id = {old}")


def copy_with_new_id(raw: Any, number: int) -> None:
    table = ("patients", "treatment_plans", "appointments", "verifications")[number % 4]
    if where := some_key(raw, table, number // 7):
        copy_row(raw, table, where, id=new_id(raw, number))


def delete_and_insert_again(raw: Any, number: int) -> None:
    table = ("appointments", "sessions", "invitations", "treatment_plans", "patient_words")[
        number % 5
    ]
    if where := some_key(raw, table, number // 7):
        columns = columns_of(raw, table)
        raw.execute(f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {table} WHERE {where}")
        try:
            raw.execute(f"DELETE FROM {table} WHERE {where}")
            column = TEXT_COLUMNS.get(table)
            if column and number % 2:
                raw.execute(f"UPDATE kept SET {column} = 'again'")
            listed = ", ".join(columns)
            raw.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM kept")
        finally:
            raw.execute("DROP TABLE kept")


def swap_unique_texts(raw: Any, number: int) -> None:
    table, column = list(UNIQUE_TEXTS.items())[number % len(UNIQUE_TEXTS)]
    rows = raw.execute(f"SELECT id, {column} FROM {table} ORDER BY 1 LIMIT 2").fetchall()
    if len(rows) == 2:
        (one, first), (other, second) = rows
        for row, value in ((one, "between"), (other, first), (one, second)):
            raw.execute(f"UPDATE {table} SET {column} = '{value}' WHERE id = '{row}'")


def take_over_unique_text(raw: Any, number: int) -> None:
    """Delete a room or a user, and create another one with the same unique value."""
    table, column = (("rooms", "name"), ("users", "email"))[number % 2]
    found = raw.execute(f"SELECT id, {column} FROM {table} ORDER BY 1 LIMIT 1").fetchone()
    if found is None:
        return
    old, value = found
    copy_row(raw, table, f"id = '{old}'", id=new_id(raw, number), **{column: f"'taken {number}'"})
    if table == "users":
        raw.execute(f"DELETE FROM practitioners WHERE user_id = '{old}'")
    raw.execute(f"DELETE FROM {table} WHERE id = '{old}'")
    raw.execute(f"UPDATE {table} SET {column} = '{value}' WHERE id = {new_id(raw, number)}")


def move_to_other_parent(raw: Any, number: int) -> None:
    """Create a patient, and move the plans of another one to it."""
    found = raw.execute("SELECT id FROM patients ORDER BY 1").fetchall()
    if found:
        patient = found[number % len(found)][0]
        copy_row(raw, "patients", f"id = '{patient}'", id=new_id(raw, number))
        raw.execute(
            f"UPDATE treatment_plans SET patient_id = {new_id(raw, number)}"
            f" WHERE patient_id = '{patient}'"
        )


def change_member(raw: Any, number: int) -> None:
    """Give the membership of one practitioner to another one."""
    if where := some_key(raw, "members", number):
        users = raw.execute("SELECT id FROM users ORDER BY 1").fetchall()
        user = users[number % len(users)][0]
        organization = raw.execute(f"SELECT organization_id FROM members WHERE {where}").fetchone()[
            0
        ]
        raw.execute(
            f"DELETE FROM members WHERE organization_id = '{organization}' AND user_id = '{user}'"
        )
        raw.execute(
            f"INSERT INTO practitioners VALUES ('{organization}', '{user}') ON CONFLICT DO NOTHING"
        )
        raw.execute(f"UPDATE members SET user_id = '{user}' WHERE {where}")


def upsert(raw: Any, number: int) -> None:
    if where := some_key(raw, "rooms", number):
        columns = ", ".join(columns_of(raw, "rooms"))
        raw.execute(
            f"INSERT INTO rooms ({columns}) SELECT {columns} FROM rooms WHERE {where}"
            f" ON CONFLICT (organization_id, id) DO UPDATE SET notes = 'upsert {number}'"
        )


def replace(raw: Any, number: int) -> None:
    """SQLite deletes the rows that a new one conflicts with, without a trigger."""
    if not is_sqlite(raw):
        return
    table = ("users", "rooms", "appointments", "sessions", "patient_words")[number % 5]
    if where := some_key(raw, table, number // 7):
        other = {} if number % 2 or table == "patient_words" else {"id": new_id(raw, number)}
        copy_row(raw, table, where, "INSERT OR REPLACE", **other)


def update_or_replace(raw: Any, number: int) -> None:
    if is_sqlite(raw):
        table, column = list(UNIQUE_TEXTS.items())[number % len(UNIQUE_TEXTS)]
        raw.execute(
            f"UPDATE OR REPLACE {table} SET {column} = (SELECT min({column}) FROM {table})"
            f" WHERE {some_key(raw, table, number) or 'false'}"
        )
        raw.execute(
            f"INSERT OR IGNORE INTO {table} SELECT * FROM {table}"
            f" WHERE {some_key(raw, table, number) or 'false'}"
        )


def truncate(raw: Any, number: int) -> None:
    if not is_sqlite(raw):
        raw.execute(f"TRUNCATE {some_table(raw, number)} CASCADE")


def without_foreign_keys(raw: Any, number: int) -> None:
    """The SQLite shell does not check foreign keys, without its pragma."""
    if is_sqlite(raw):
        raw.execute("PRAGMA foreign_keys = OFF")
        delete_row(raw, number)


def in_a_transaction(raw: Any, number: int) -> None:
    """Several changes that are committed, or rolled back, together."""
    raw.execute("BEGIN")
    try:
        for index in range(3):
            CHANGES[(number + index * 5) % len(CHANGES)](raw, number + index)
        raw.execute("COMMIT" if number % 3 else "ROLLBACK")
    except REFUSED:
        raw.execute("ROLLBACK")


CHANGES: tuple[Change, ...] = (
    delete_row,
    update_text,
    update_json,
    update_instant,
    store_other_type,
    update_all,
    delete_all,
    change_id,
    swap_ids,
    copy_with_new_id,
    delete_and_insert_again,
    swap_unique_texts,
    take_over_unique_text,
    move_to_other_parent,
    change_member,
    upsert,
    replace,
    update_or_replace,
    truncate,
)
EVERY_CHANGE = (*CHANGES, without_foreign_keys, in_a_transaction)

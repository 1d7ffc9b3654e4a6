"""The migrations, run by Alembic's own command."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import inspect, text

from app.clinic.patients.models import KEYS
from conftest import NewDatabase
from database.statements import alembic, connect, execute
from snapshots import schema, snapshot

pytestmark = [pytest.mark.slow, pytest.mark.empty_database]

ZEROS = "0" * 31


def test_they_go_up_and_down_and_leave_no_drift(database_url: str) -> None:
    """Upgrade, check and downgrade succeed, and what remains is an empty schema."""
    assert alembic(database_url, "upgrade", "head").returncode == 0
    check = alembic(database_url, "check")
    assert check.returncode == 0, check.stdout + check.stderr
    upgraded = snapshot(database_url)
    assert alembic(database_url, "downgrade", "base").returncode == 0
    assert "users" not in str(snapshot(database_url))
    assert alembic(database_url, "upgrade", "head").returncode == 0
    assert snapshot(database_url) == upgraded


def test_a_migration_that_fails_changes_nothing(new_database: NewDatabase) -> None:
    """Migrations run in one transaction: the first is undone when the second cannot be done."""
    database_url = new_database()
    assert alembic(database_url, "upgrade", "head").returncode == 0
    assert alembic(database_url, "downgrade", "base").returncode == 0
    _create_table(database_url, "patients")
    before = snapshot(database_url)
    failed = alembic(database_url, "upgrade", "head")
    assert failed.returncode != 0
    assert "patients" in failed.stderr
    assert snapshot(database_url) == before


CLINIC = (
    "INSERT INTO organizations (id, created_at, updated_at, name, slug) "
    f"VALUES ('{ZEROS}0', '2026-01-01 00:00:00', '2026-01-01 00:00:00', 'Clinic', 'clinic')"
)
PATIENTS = {
    "1": ("Zoë", "O‘Brien", "'Zoe@Example.org'", "'+61 3 7010 1234'"),  # noqa: RUF001
    "2": ("Bea", "Muster-Mann", "NULL", "NULL"),
    "3": ("Дмитрий", "Işık", "NULL", "'0412345678'"),  # noqa: RUF001
    "4": ("-", "$", "''", "''"),
}


def _add_patients(keys: str = "", values: str = "") -> list[str]:
    return [
        "INSERT INTO patients (id, created_at, updated_at, organization_id, first_name,"
        " last_name, email, phone, date_of_birth, emergency_contacts, medical_conditions,"
        f" surgeries, allergies, medications, status{keys}) "
        f"VALUES ('{ZEROS}{number}', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '{ZEROS}0',"
        f" '{first}', '{last}', {email}, {phone}, '1980-02-29', '[]',"
        f" '[]', '[]', '[]', '[]', 'active'{values})"
        for number, (first, last, email, phone) in PATIENTS.items()
    ]


def test_patients_that_were_there_are_found_by_their_words(database_url: str) -> None:
    """The migration fills columns and table as the application would, from any older rows."""
    assert alembic(database_url, "upgrade", "0003").returncode == 0
    execute(database_url, CLINIC, *_add_patients())
    upgraded = alembic(database_url, "upgrade", "head")
    assert upgraded.returncode == 0, upgraded.stderr
    names = ("first_name", "last_name", "email", "phone", *KEYS)
    rows = execute(database_url, f"SELECT {', '.join(names)} FROM patients ORDER BY id")
    for row in rows:
        stored = dict(zip(names, row, strict=True))
        assert {name: stored[name] for name in KEYS} == {n: of(stored) for n, of in KEYS.items()}
    found = execute(database_url, "SELECT word, patient_id FROM patient_words ORDER BY word")
    words = {(word, str(patient_id)[-1]) for word, patient_id in found}
    expected = {
        "1": "0370101234 1234 70101234 brien obrien zoeexampleorg",
        "2": "bea mann mustermann",
        "3": "0412345678 345678 678 dmitriy isik дмитрии",
    }
    assert words == {(word, of) for of, all_words in expected.items() for word in all_words.split()}


def test_a_downgrade_brings_the_older_search_back(database_url: str) -> None:
    """Columns, indexes and what they hold are those that the older migration would have made."""
    assert alembic(database_url, "upgrade", "0006").returncode == 0
    old, shapes = schema(database_url), _shapes(database_url)
    assert alembic(database_url, "upgrade", "head").returncode == 0
    execute(
        database_url, CLINIC, *_add_patients(", name_key, search_words", ", 'any', ' any thing'")
    )
    downgraded = alembic(database_url, "downgrade", "0006")
    assert downgraded.returncode == 0, downgraded.stderr
    assert _without_tables(schema(database_url)) == _without_tables(old)
    assert _shapes(database_url) == shapes
    assert execute(
        database_url,
        "SELECT name_key, first_name_key, email_key, phone_key FROM patients ORDER BY id LIMIT 2",
    ) == [
        ["o brien zoe", "zoe o brien", "zoe@example.org", "0370101234"],
        ["muster mann bea", "bea muster mann", None, None],
    ]


def _without_tables(schema: list[Any]) -> list[Any]:
    """Leave out how SQLite writes a table, which differs after columns were added or copied."""
    return sorted(row for row in map(tuple, schema) if row[0] != "table")


TABLES = (
    "organizations",
    "users",
    "members",
    "weekly_availability_templates",
    "availability_exceptions",
)
MOMENT = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"
# Ada is a member of the first clinic and was one of the second; each row has its number.
BEFORE_HOURS_ENDED = (
    *(
        "INSERT INTO organizations (id, created_at, updated_at, name, slug) "
        f"VALUES ('{ZEROS}{clinic}', {MOMENT}, 'Clinic', 'clinic-{clinic}')"
        for clinic in (1, 2)
    ),
    "INSERT INTO users (id, created_at, updated_at, name, email, email_verified, specialization,"
    f" phone_numbers) VALUES ('{ZEROS}3', {MOMENT}, 'Ada', 'ada@example.com', FALSE, '[]', '[]')",
    "INSERT INTO members (id, created_at, updated_at, organization_id, user_id, role) "
    f"VALUES ('{ZEROS}4', {MOMENT}, '{ZEROS}1', '{ZEROS}3', 'owner')",
    *(
        "INSERT INTO weekly_availability_templates (id, created_at, updated_at, organization_id,"
        " user_id, day_of_week, start_time, end_time, location, max_sessions) "
        f"VALUES ('{ZEROS}{slot}', {MOMENT}, '{ZEROS}{clinic}', '{ZEROS}3', 'mon', '09:00:00',"
        " '10:00:00', 'home', 2)"
        for slot, clinic in ((5, 1), (6, 2))
    ),
    *(
        "INSERT INTO availability_exceptions (id, created_at, updated_at, organization_id,"
        " user_id, date, start_time, end_time, is_available, reason, notes) "
        f"VALUES ('{ZEROS}{slot}', {MOMENT}, '{ZEROS}{clinic}', '{ZEROS}3', '2026-02-02',"
        f" {start}, {end}, FALSE, 'other', 'Ada''s')"
        for slot, clinic, start, end in (
            (7, 1, "'09:00:00'", "'10:00:00'"),
            (8, 1, "NULL", "NULL"),
            (9, 2, "'09:00:00'", "'10:00:00'"),
        )
    ),
)


def test_hours_of_who_is_no_member_go_and_all_else_stays(database_url: str) -> None:
    """Rows, columns and CHECKs are what they were, on the way up as on the way down."""
    assert alembic(database_url, "upgrade", "0004").returncode == 0
    execute(database_url, *BEFORE_HOURS_ENDED)
    before, shapes = _rows(database_url), _shapes(database_url)
    assert {table: len(rows) for table, rows in before.items()} == dict(
        zip(TABLES, (2, 1, 1, 2, 3), strict=True)
    )
    kept = {table: [r for r in rows if r[0][-1] not in "69"] for table, rows in before.items()}
    for direction, to in (("upgrade", "head"), ("downgrade", "0004")):
        moved = alembic(database_url, direction, to)
        assert moved.returncode == 0, moved.stderr
        assert _rows(database_url) == kept
        found = _shapes(database_url)
        for table in TABLES:
            assert found[table]["columns"] == shapes[table]["columns"]
            assert found[table]["checks"] == shapes[table]["checks"]
    assert found == shapes


def _rows(database_url: str) -> dict[str, list[list[str]]]:
    """Read tables; each row begins with its id."""
    with connect(database_url) as connection:
        return {
            table: [
                list(map(str, row))
                for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))
            ]
            for table in TABLES
        }


def _shapes(database_url: str) -> dict[str, dict[str, Any]]:
    """Describe tables: their columns and CHECKs, and their keys and indexes."""
    with connect(database_url) as connection:
        found = inspect(connection)
        return {
            table: {
                "columns": [
                    {name: str(value) for name, value in column.items() if name != "primary_key"}
                    for column in found.get_columns(table)
                ],
                "checks": _sorted(found.get_check_constraints(table)),
                "keys": (
                    str(found.get_pk_constraint(table)),
                    _sorted(found.get_unique_constraints(table)),
                    _sorted(found.get_foreign_keys(table)),
                    _sorted([_plain(index) for index in found.get_indexes(table)]),
                ),
            }
            for table in (*TABLES, "invitations", "patients", "treatment_plans")
        }


def _plain(index: Any) -> Any:
    """Return the condition of a partial index as text."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def _sorted(described: Sequence[Any]) -> list[str]:
    return sorted(map(str, described))


def _create_table(database_url: str, name: str) -> None:
    """Put a table in the way of the second migration."""
    execute(database_url, f"CREATE TABLE {name} (id INTEGER)")


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense"])
def test_a_database_that_we_do_not_speak_to_is_refused(url: str) -> None:
    """Alembic's command names the two databases too."""
    refused = alembic(url, "upgrade", "head")
    assert refused.returncode != 0
    assert "sqlite:///path.db" in refused.stderr

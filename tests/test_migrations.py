"""The migrations, run by Alembic's own command."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from app.settings import PROJECT_ROOT
from conftest import NewDatabase
from snapshots import snapshot

ZEROS = "0" * 31


def alembic(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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


def test_patients_that_were_there_are_found_by_what_begins_with_it(database_url: str) -> None:
    """The migration that brings the search fills its columns, as the application would."""
    assert alembic(database_url, "upgrade", "0003").returncode == 0
    patients = {
        "1": ("Zoë", "O''Brien", "'Zoe@Example.org'", "'+61 3 7010 1234'"),
        "2": ("Bea", "Muster-Mann", "NULL", "NULL"),
    }
    _execute(
        database_url,
        "INSERT INTO organizations (id, created_at, updated_at, name, slug) "
        f"VALUES ('{ZEROS}0', '2026-01-01 00:00:00', '2026-01-01 00:00:00', 'Clinic', 'clinic')",
        *(
            "INSERT INTO patients (id, created_at, updated_at, organization_id, first_name,"
            " last_name, email, phone, date_of_birth, emergency_contacts, medical_conditions,"
            " surgeries, allergies, medications, status) "
            f"VALUES ('{ZEROS}{number}', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '{ZEROS}0',"
            f" '{first}', '{last}', {email}, {phone}, '1980-02-29', '[]',"
            " '[]', '[]', '[]', '[]', 'active')"
            for number, (first, last, email, phone) in patients.items()
        ),
    )
    upgraded = alembic(database_url, "upgrade", "head")
    assert upgraded.returncode == 0, upgraded.stderr
    assert _execute(
        database_url,
        "SELECT name_key, first_name_key, email_key, phone_key FROM patients ORDER BY id",
    ) == [
        ["obrien zoe", "zoe obrien", "zoe@example.org", "0370101234"],
        ["muster mann bea", "bea muster mann", None, None],
    ]


def _create_table(database_url: str, name: str) -> None:
    """Put a table in the way of the second migration."""
    _execute(database_url, f"CREATE TABLE {name} (id INTEGER)")


def _execute(database_url: str, *statements: str) -> Any:
    """Send statements, and give the rows of the last one."""
    script = f"""
import asyncio, json
from app.database import create_engine
from app.settings import parse_database_url

async def execute():
    engine = create_engine(parse_database_url({database_url!r}))
    async with engine.begin() as connection:
        for statement in {statements!r}:
            done = await connection.exec_driver_sql(statement)
        print(json.dumps([list(row) for row in done] if done.returns_rows else []))
    await engine.dispose()

asyncio.run(execute())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, timeout=60, capture_output=True, text=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense"])
def test_a_database_that_we_do_not_speak_to_is_refused(url: str) -> None:
    """Alembic's command names the two databases too."""
    refused = alembic(url, "upgrade", "head")
    assert refused.returncode != 0
    assert "sqlite:///path.db" in refused.stderr

"""The migrations, run by Alembic's own command."""

import os
import subprocess
import sys

import pytest

from app.settings import PROJECT_ROOT
from conftest import NewDatabase
from snapshots import snapshot


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


def _create_table(database_url: str, name: str) -> None:
    """Put a table in the way of the second migration."""
    script = f"""
import asyncio
from app.database import create_engine
from app.settings import parse_database_url

async def create():
    engine = create_engine(parse_database_url({database_url!r}))
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE {name} (id INTEGER)")
    await engine.dispose()

asyncio.run(create())
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense"])
def test_a_database_that_we_do_not_speak_to_is_refused(url: str) -> None:
    """Alembic's command names the two databases too."""
    refused = alembic(url, "upgrade", "head")
    assert refused.returncode != 0
    assert "sqlite:///path.db" in refused.stderr

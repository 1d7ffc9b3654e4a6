"""After any failure, at any point: the old rows, schema and migration version stay."""

from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar
from sqlalchemy import Connection, event

from app.database.engine import is_read_only
from app.database.sqlite_files import SINGLE_READ
from app.seed.progress.steps import Steps
from conftest import TABLES, seed
from snapshots import snapshot

pytestmark = pytest.mark.slow

STEPS = ("reset", *TABLES, "audit")
# One row of each kind, or a few: each statement of the run is tried.
FEW: dict[str, Any] = {"users": 2, "organizations": 1, "patients": 1}


class Injected(Exception):
    """A failure made on purpose."""


@pytest.fixture
async def before(client: httpx.AsyncClient, database_url: str) -> Any:
    """An old data set, unlike the one that a default seed would make."""
    await seed(client, patients=7, randomSeed=1, asOf="2026-01-01")
    return snapshot(database_url)


async def assert_refused(
    client: httpx.AsyncClient,
    mode: str,
    database_url: str,
    old: Any,
    claim: str = "Nothing was changed",
    **quantities: Any,
) -> None:
    response = await client.post(f"/api/db/seed?reset={mode}", json=quantities)
    assert response.status_code in {500, 503}
    assert response.headers["content-type"] == "application/problem+json"
    assert claim in response.json()["detail"]
    assert snapshot(database_url) == old


async def test_the_steps_are_those_that_failures_are_injected_after(
    client: httpx.AsyncClient,
) -> None:
    """A step that is no kind of row must be added to the list above."""
    summary = await seed(client, **FEW)
    assert tuple(summary["durationMs"]["steps"]) == (*STEPS, "commit")


@pytest.mark.parametrize(
    ("shared", "mode"),
    [("sqlite", "drop"), ("postgresql", "delete")],
    indirect=["shared"],
    scope="module",
)
async def test_a_failure_after_a_step_changes_nothing(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run that fails as a step ends leaves the old set, and the next run succeeds."""
    last = ""

    def fail_after(steps: Steps, name: str) -> Any:
        if name == STEP_AFTER[last]:
            raise Injected
        return step(steps, name)

    step = Steps.step
    with monkeypatch.context() as patch:
        patch.setattr(Steps, "step", fail_after)
        for last in STEPS:  # noqa: B007 - the steps read it
            await assert_refused(client, mode, database_url, before, **FEW)
    await seed(client, f"?reset={mode}", **FEW)


STEP_AFTER = dict(zip(STEPS, (*STEPS[1:], "commit"), strict=True))


# Dropping and creating all tables takes long on PostgreSQL: not after each of 150 statements.
@pytest.mark.parametrize(
    ("shared", "mode", "every"),
    [("sqlite", "delete", 1), ("postgresql", "drop", 20)],
    indirect=["shared"],
    scope="module",
)
async def test_a_failure_after_any_statement_changes_nothing(
    client: httpx.AsyncClient, app: Litestar, database_url: str, before: Any, mode: str, every: int
) -> None:
    """A run that fails after any statement, from the first to the last, leaves the old data."""
    engine = app.state.engine.sync_engine
    executed = 0
    fail_at = 0

    def count(connection: Connection, *_: object) -> None:
        nonlocal executed
        if is_read_only(connection) or connection.get_execution_options().get(SINGLE_READ):
            return  # the guard, or the test clock
        executed += 1
        if executed == fail_at:
            raise Injected

    event.listen(engine, "after_cursor_execute", count)
    await client.post(f"/api/db/seed?reset={mode}&dryRun=true", json=FEW)
    statements = executed
    assert statements > 30
    for fail_at in (*range(1, statements, every), statements):  # noqa: B007 - the listener reads it
        executed = 0
        await assert_refused(client, mode, database_url, before, **FEW)
    event.remove(engine, "after_cursor_execute", count)
    await seed(client, f"?reset={mode}", **FEW)


@pytest.mark.parametrize(
    ("shared", "mode"),
    [("sqlite", "drop"), ("postgresql", "delete")],
    indirect=["shared"],
    scope="module",
)
async def test_a_commit_that_fails_changes_nothing(
    client: httpx.AsyncClient, app: Litestar, database_url: str, before: Any, mode: str
) -> None:
    """A COMMIT that the database itself refuses, or loses, is an error and leaves the old set."""
    engine = app.state.engine.sync_engine
    sqlite = engine.dialect.name == "sqlite"
    sabotage = _orphan if sqlite else _terminate(database_url)
    claim = "Nothing was changed" if sqlite else "the old data or the new data"
    event.listen(engine, "commit", sabotage)
    await assert_refused(client, mode, database_url, before, claim, **FEW)
    event.remove(engine, "commit", sabotage)
    await seed(client, f"?reset={mode}", **FEW)


def _orphan(connection: Connection) -> None:
    """Leave a row that only the COMMIT finds to be without a parent."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql(
        "INSERT INTO members VALUES ('m', '2026-01-01', '2026-01-01', 'nobody', 'nowhere', 'admin')"
    )


def _terminate(database_url: str) -> Any:
    def terminate(connection: Connection) -> None:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s::int, 5000)", [pid])

    return terminate

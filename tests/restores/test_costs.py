"""A restore executes as many statements for many changes as for one."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import event

from applications import make_app, open_client
from conftest import NewDatabase
from restores.raw_rows import raw_connection

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1, "appointmentWeeks": 0}
RESTORE = "/api/db/snapshots/seeded/restore"
MANY = 200
MOST_STATEMENTS = {"sqlite": 35, "postgresql": 24}
READS_THE_LOG = re.compile(r"FROM seedbed_undo WHERE relation (?!= name)")
OTHER_SCAN = re.compile(r"Seq Scan on seedbed_undo|Bitmap")


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    return new_database.seeded(**FEW)


def change(database_url: str, rows: int) -> None:
    """Insert rows, and update and delete others."""
    with raw_connection(database_url) as raw:
        raw.execute("BEGIN")
        for number in range(rows):
            raw.execute(
                "INSERT INTO verifications"
                " (id, created_at, updated_at, identifier, value, expires_at) SELECT"
                f" '{number:032x}', created_at, created_at, 'a{number}', 'b', created_at FROM users"
            )
        raw.execute("UPDATE patients SET notes = 'Changed'")
        raw.execute("DELETE FROM availability_exceptions")
        raw.execute("COMMIT")


async def test_a_table_that_was_locked_is_looked_up_again_later(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Another program may drop it after the transaction."""
    (await client.post(RESTORE)).raise_for_status()
    with raw_connection(database_url) as raw:
        raw.execute("DROP TABLE seedbed_recording")
    assert (await client.get("/api/db/snapshots")).json() == []


@contextmanager
def each_statement(app: Litestar, note: Callable[[Any, str], None]) -> Iterator[None]:
    """Call a function with the cursor and the statement before it is executed."""

    def call(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        note(cursor, statement)

    engine = app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", call)
    yield
    event.remove(engine, "before_cursor_execute", call)


async def test_many_changes_take_as_many_statements_as_few(
    app: Litestar, client: httpx.AsyncClient, database_url: str
) -> None:
    (await client.post(RESTORE)).raise_for_status()  # the first connection is set up
    sent: dict[int, list[str]] = {1: [], MANY: []}
    for rows, statements in sent.items():
        change(database_url, rows)
        with each_statement(app, lambda _, statement: statements.append(statement)):  # noqa: B023
            response = await client.post(RESTORE)
        undone = response.json()["undone"]
        assert undone["verifications"] == {"inserted": rows, "updated": 0, "deleted": 0}
        assert undone["patients"] == {"inserted": 0, "updated": 1, "deleted": 0}
    most = MOST_STATEMENTS[app.state.engine.dialect.name]
    assert len(sent[1]) == len(sent[MANY]) <= most, sent


async def test_the_log_is_read_along_its_index(new_postgresql: NewDatabase) -> None:
    """PostgreSQL removes dead entries of an index when it is scanned, but not by a bitmap scan."""
    plans: list[str] = []

    def explain(cursor: Any, statements: str) -> None:
        for statement in filter(READS_THE_LOG.search, statements.split("; ")):
            cursor.execute(f"EXPLAIN {statement}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))

    database_url = new_postgresql.seeded(**FEW)
    app = make_app(database_url)
    async with open_client(app) as client:
        change(database_url, MANY)
        with each_statement(app, explain):
            (await client.post(RESTORE)).raise_for_status()
    assert plans
    for plan in plans:
        assert "Index Scan using seedbed_undo_pkey" in plan, plan
        assert not OTHER_SCAN.search(plan), plan

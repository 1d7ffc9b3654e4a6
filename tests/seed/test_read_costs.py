"""The console often reads the state of the database, which takes few statements."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import event

from conftest import seed

BEGIN = "BEGIN"
TEST_CLOCK = ".test_clock"  # which each request reads


@pytest.fixture
def statements(app: Litestar) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if TEST_CLOCK not in statement:
            sent.append(statement)

    engine = app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_the_ids_of_seed_and_state_cost_no_transaction(
    client: httpx.AsyncClient, database_url: str, statements: list[str]
) -> None:
    """One statement reads both; on PostgreSQL another one looks for a running seed."""
    await seed(client, patients=3)
    statements.clear()
    found = (await client.get("/api/db/seed/running")).json()
    assert found["seedId"] == found["stateId"] is not None
    assert len(statements) == 1 + database_url.startswith("postgresql")
    assert not any(each.startswith(BEGIN) for each in statements)


async def test_the_database_is_described_once(
    client: httpx.AsyncClient, database_url: str, statements: list[str]
) -> None:
    """One transaction checks whether it can be reset, and asks nothing twice for that."""
    await seed(client, patients=3)
    statements.clear()
    assert (await client.get("/api/db")).json()["refusals"] == []
    assert sum(each.startswith(BEGIN) for each in statements) == 1
    address = ("AS ip", "FROM pg_catalog.pg_control_system")
    for asked in ("FROM database_mark", *(address if "postgresql" in database_url else ())):
        assert sum(asked in each for each in statements) == 1, asked

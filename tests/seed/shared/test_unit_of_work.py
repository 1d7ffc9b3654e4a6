"""Nobody but the run ends its transaction: a service that tries to is refused, and nothing lost."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any

import anyio
import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text

from app.database.bulk import Row
from app.seed import run
from app.seed.kinds import KINDS
from app.seed.rows.kind import SeedContext, ServiceKind
from app.seed.unit_of_work import exclusive_transaction
from conftest import seed
from snapshots import snapshot

pytestmark = pytest.mark.slow

FEW: dict[str, Any] = {"users": 2, "organizations": 1, "patients": 1}
Service = Callable[[SeedContext], Awaitable[None]]


async def commit_connection(context: SeedContext) -> None:
    await (await context.session.connection()).commit()


async def commit_by_statement(context: SeedContext) -> None:
    await (await context.session.connection()).execute(text("COMMIT"))


async def commit_in_the_driver(context: SeedContext) -> None:
    connection = await context.session.connection()
    await connection.exec_driver_sql("-- done\n commit")


async def end_and_begin_again(context: SeedContext) -> None:
    connection = await context.session.connection()
    await connection.exec_driver_sql("/* done */ END")
    await connection.exec_driver_sql("BEGIN")


async def driver_of(context: SeedContext) -> Any:
    connection = await context.session.connection()
    return (await connection.get_raw_connection()).driver_connection


async def commit_behind_sqlalchemy(context: SeedContext) -> None:
    await (await driver_of(context)).commit()


async def execute_commit_behind_sqlalchemy(context: SeedContext) -> None:
    await (await driver_of(context)).execute("COMMIT")


async def commit_after_a_semicolon(context: SeedContext) -> None:
    await (await context.session.connection()).exec_driver_sql(";COMMIT")


async def roll_back_behind_sqlalchemy(context: SeedContext) -> None:
    await (await driver_of(context)).rollback()


async def roll_back_session(context: SeedContext) -> None:
    await context.session.rollback()


async def roll_back_by_statement(context: SeedContext) -> None:
    await (await context.session.connection()).execute(text("ROLLBACK"))


REFUSED = (
    commit_connection,
    roll_back_by_statement,
    roll_back_behind_sqlalchemy,
)
BY_STATEMENT = (
    commit_by_statement,
    commit_in_the_driver,
    end_and_begin_again,
    commit_behind_sqlalchemy,
    execute_commit_behind_sqlalchemy,
    commit_after_a_semicolon,
)


def replace_kind(monkeypatch: pytest.MonkeyPatch, name: str, service: Service) -> None:
    """Have a service do its work, and then what it may not do."""

    def disobedient(kind: ServiceKind) -> ServiceKind:
        async def create(context: SeedContext) -> AsyncIterator[Sequence[Row]]:
            async for rows in kind.create(context):
                yield rows
            await service(context)

        return replace(kind, create=create)

    kinds = [
        disobedient(kind) if isinstance(kind, ServiceKind) and kind.name == name else kind
        for kind in KINDS
    ]
    monkeypatch.setattr(run, "KINDS", kinds)


@pytest.fixture
async def before(client: httpx.AsyncClient, database_url: str) -> Any:
    await seed(client, patients=7, randomSeed=1)
    return snapshot(database_url)


on_each_database_in_one_mode = pytest.mark.parametrize(
    ("shared", "mode"),
    [("sqlite", "delete"), ("postgresql", "drop")],
    indirect=["shared"],
    scope="module",
)


@pytest.mark.parametrize(
    ("shared", "mode", "step"),
    [
        ("sqlite", "delete", "users"),
        ("sqlite", "drop", "memberships"),
        ("postgresql", "delete", "memberships"),
    ],
    indirect=["shared"],
    scope="module",
)
async def test_a_service_that_ends_the_transaction_is_named(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    step: str,
) -> None:
    """The old data is kept, the problem says what happened, and the next seed works."""
    for service in REFUSED:
        with monkeypatch.context() as patch:
            replace_kind(patch, step, service)
            response = await client.post(f"/api/db/seed?reset={mode}", json=FEW)
        assert response.status_code == 500, service
        assert "A service ended the transaction of the seed" in response.json()["detail"]
        assert snapshot(database_url) == before
    await seed(client, f"?reset={mode}", **FEW)


async def test_the_database_refuses_any_commit(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even a COMMIT that bypasses SQLAlchemy changes nothing, and the next seed works."""
    queries = cycle(["?reset=delete&dryRun=true", "?reset=drop"])
    for service, query in zip(BY_STATEMENT, queries, strict=False):
        with monkeypatch.context() as patch:
            replace_kind(patch, "organizations", service)
            response = await client.post(f"/api/db/seed{query}", json=FEW)
        assert response.status_code == 500, service
        assert snapshot(database_url) == before
    await seed(client, "?reset=drop", **FEW)


@on_each_database_in_one_mode
async def test_a_service_that_rolls_back_loses_nothing(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
) -> None:
    """The rows that would be written after it, outside the transaction, are not kept."""
    with monkeypatch.context() as patch:
        replace_kind(patch, "users", roll_back_session)
        response = await client.post(f"/api/db/seed?reset={mode}", json=FEW)
    assert response.status_code == 500
    assert snapshot(database_url) == before
    await seed(client, f"?reset={mode}", **FEW)


@on_each_database_in_one_mode
async def test_a_service_that_commits_its_session_commits_nothing(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
) -> None:
    """The session only joins the transaction of the seed, which a dry run still rolls back."""
    committed: list[bool] = []

    async def commit(context: SeedContext) -> None:
        await context.session.commit()
        committed.append(True)

    with monkeypatch.context() as patch:
        replace_kind(patch, "users", commit)
        response = await client.post(f"/api/db/seed?reset={mode}&dryRun=true", json=FEW)
    assert response.status_code == 200
    assert committed == [True]
    assert snapshot(database_url) == before


async def test_a_service_may_use_savepoints(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that may fail on its own is no end of the transaction."""
    released: list[bool] = []

    async def use_savepoints(context: SeedContext) -> None:
        async with context.session.begin_nested():
            await (await context.session.connection()).execute(text("SELECT 1"))
        savepoint = await context.session.begin_nested()
        await savepoint.rollback()
        released.append(not context.session.in_nested_transaction())

    replace_kind(monkeypatch, "users", use_savepoints)
    await seed(client, **FEW)
    assert released == [True]


async def test_a_cancellation_takes_effect_between_two_statements(app: Litestar) -> None:
    """A statement runs to its end, or its connection might stay open with the lock of the file."""
    ended: list[str] = []
    with anyio.CancelScope() as scope:
        async with exclusive_transaction(app.state.engine) as work:
            scope.cancel()
            await work.connection.execute(text("SELECT 1"))
            ended.append("the statement")
            await work.checkpoint()
            ended.append("too much")
    assert scope.cancelled_caught
    assert ended == ["the statement"]

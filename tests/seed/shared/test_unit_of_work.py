"""Nobody but the run ends its transaction: a service that tries to is refused, and nothing lost."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.seed import run
from app.seed.data_set import DataSet
from app.seed.unit_of_work import TRANSACTION_CONTROL
from conftest import seed
from snapshots import snapshot

Seeder = Callable[[DataSet], Awaitable[None]]


async def commit_session(data_set: DataSet) -> None:
    await data_set.session.commit()


async def commit_connection(data_set: DataSet) -> None:
    await (await data_set.session.connection()).commit()


async def commit_by_statement(data_set: DataSet) -> None:
    await (await data_set.session.connection()).execute(text("COMMIT"))


async def commit_in_the_driver(data_set: DataSet) -> None:
    connection = await data_set.session.connection()
    await connection.exec_driver_sql("-- done\n commit")


async def end_and_begin_again(data_set: DataSet) -> None:
    connection = await data_set.session.connection()
    await connection.exec_driver_sql("/* done */ END")
    await connection.exec_driver_sql("BEGIN")


async def driver_of(data_set: DataSet) -> Any:
    connection = await data_set.session.connection()
    return (await connection.get_raw_connection()).driver_connection


async def commit_behind_sqlalchemy(data_set: DataSet) -> None:
    await (await driver_of(data_set)).commit()


async def execute_commit_behind_sqlalchemy(data_set: DataSet) -> None:
    await (await driver_of(data_set)).execute("COMMIT")


async def commit_after_a_semicolon(data_set: DataSet) -> None:
    await (await data_set.session.connection()).exec_driver_sql(";COMMIT")


async def roll_back_behind_sqlalchemy(data_set: DataSet) -> None:
    await (await driver_of(data_set)).rollback()


async def roll_back_session(data_set: DataSet) -> None:
    await data_set.session.rollback()


async def roll_back_by_statement(data_set: DataSet) -> None:
    await (await data_set.session.connection()).execute(text("ROLLBACK"))


COMMITS = (
    commit_session,
    commit_connection,
    commit_by_statement,
    commit_in_the_driver,
    end_and_begin_again,
    roll_back_by_statement,
)


HIDDEN = (
    commit_behind_sqlalchemy,
    execute_commit_behind_sqlalchemy,
    commit_after_a_semicolon,
    roll_back_behind_sqlalchemy,
)


def replace_step(monkeypatch: pytest.MonkeyPatch, name: str, service: Seeder) -> None:
    """Have a service do its work, and then what it may not do."""

    def disobedient(seeder: Seeder) -> Seeder:
        async def seed_and_end(data_set: DataSet) -> None:
            await seeder(data_set)
            await service(data_set)

        return seed_and_end

    seeders = tuple((step, disobedient(f) if step == name else f) for step, f in run.SEEDERS)
    monkeypatch.setattr(run, "SEEDERS", seeders)


@pytest.fixture
async def before(client: httpx.AsyncClient, database_url: str) -> Any:
    await seed(client, patients=7, randomSeed=1)
    return snapshot(database_url)


@pytest.mark.parametrize("mode", ["delete", "drop"])
@pytest.mark.parametrize("service", COMMITS)
@pytest.mark.parametrize("step", ["users", "memberships"])
async def test_a_service_that_commits_is_refused(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    service: Seeder,
    step: str,
) -> None:
    """Whichever way it tries, the old set stands, the answer says so, and the next run works."""
    with monkeypatch.context() as patch:
        replace_step(patch, step, service)
        response = await client.post(f"/api/db/seed?reset={mode}")
    assert response.status_code == 500
    assert "ended the transaction of the seed on its own" in response.json()["detail"]
    assert snapshot(database_url) == before
    await seed(client, f"?reset={mode}")


@pytest.mark.parametrize("mode", ["delete", "drop"])
@pytest.mark.parametrize("service", HIDDEN)
@pytest.mark.parametrize("step", ["users", "organizations"])
async def test_what_is_hidden_from_us_the_database_refuses(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    service: Seeder,
    step: str,
) -> None:
    """Even what goes past SQLAlchemy commits no part of a set, nor a row beside the old one."""
    with monkeypatch.context() as patch:
        replace_step(patch, step, service)
        for query in ("", "&dryRun=true"):
            response = await client.post(f"/api/db/seed?reset={mode}{query}")
            assert response.status_code == 500
            assert snapshot(database_url) == before
    await seed(client, f"?reset={mode}")


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_service_that_rolls_back_loses_nothing(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
) -> None:
    """The rows that would be written after it, outside the transaction, are not kept."""
    with monkeypatch.context() as patch:
        replace_step(patch, "users", roll_back_session)
        response = await client.post(f"/api/db/seed?reset={mode}")
    assert response.status_code == 500
    assert snapshot(database_url) == before
    await seed(client, f"?reset={mode}")


async def test_a_service_may_use_savepoints(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that may fail on its own is no end of the transaction."""

    async def use_savepoints(data_set: DataSet) -> None:
        async with data_set.session.begin_nested():
            await (await data_set.session.connection()).execute(text("SELECT 1"))
        savepoint = await data_set.session.begin_nested()
        await savepoint.rollback()

    replace_step(monkeypatch, "patients", use_savepoints)
    await seed(client)


@pytest.mark.parametrize(
    ("statement", "ends"),
    [
        ("COMMIT", True),
        ("commit and chain", True),
        ("END", True),
        ("ABORT", True),
        ("rollback", True),
        ("ROLLBACK WORK", True),
        ("BEGIN IMMEDIATE", True),
        ("START TRANSACTION", True),
        ("PREPARE TRANSACTION 'x'", True),
        (" \n/* a */ -- b\n COMMIT", True),
        ("SAVEPOINT a", False),
        ("RELEASE SAVEPOINT a", False),
        ("ROLLBACK TO SAVEPOINT a", False),
        ("rollback work to a", False),
        ("INSERT INTO commit VALUES (1)", False),
        ("SELECT 'COMMIT'", False),
        ("PREPARE plan AS SELECT 1", False),
        ("BEGINNING", False),
    ],
)
def test_statements_that_control_transactions_are_known(statement: str, *, ends: bool) -> None:
    """Both databases' ways to end or begin one; savepoints and other words are none."""
    assert bool(TRANSACTION_CONTROL.match(statement)) is ends

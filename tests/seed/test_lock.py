"""One seed at a time, over all processes, and readers who never see a part of one."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import make_url

from app.seed.request import ResetMode, SeedRequest
from app.seed.reset import keep_others_out, reset
from app.seed.run import seed as run_seed
from app.seed.stream import event_lines
from app.seed.unit_of_work import exclusive_transaction
from app.settings import Environment
from conftest import NewDatabase, make_app, open_client, seed
from snapshots import snapshot

HOLDER = """
import asyncio, sys
from app.database import create_engine
from app.seed.request import ResetMode
from app.seed.reset import keep_others_out, reset
from app.seed.unit_of_work import exclusive_transaction
from app.settings import Environment, parse_database_url

async def hold():
    engine = create_engine(parse_database_url(sys.argv[1]))
    mode = ResetMode(sys.argv[2])
    async with exclusive_transaction(engine) as work:
        await work.announce("reset")
        await work.connection.run_sync(keep_others_out, mode)
        await work.connection.run_sync(reset, mode, Environment.TEST)
        print("holding", flush=True)
        await asyncio.sleep(60)

asyncio.run(hold())
"""


@contextmanager
def other_process_seeding(
    database_url: str, mode: str = "delete"
) -> Iterator[subprocess.Popen[str]]:
    """Have another process empty the database, without committing, and stay there."""
    command = [sys.executable, "-c", HOLDER, database_url, mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "holding\n"
            yield process
        finally:
            process.kill()


async def test_of_calls_at_once_one_seeds_and_the_others_are_told_to_wait(
    client: httpx.AsyncClient,
) -> None:
    """A call that finds another at work answers 409 with Retry-After."""
    await seed(client)
    calls = [client.post("/api/db/seed", json={"randomSeed": n}) for n in range(4)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            assert int(answer.headers["Retry-After"]) > 0
            assert "try again" in answer.json()["detail"]
    await seed(client)


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_seed_of_another_process_is_in_the_way_until_it_is_killed(
    client: httpx.AsyncClient, database_url: str, mode: str
) -> None:
    """The lock holds over processes, and ends with its holder; `kill -9` loses nothing."""
    await seed(client, patients=5)
    old = snapshot(database_url)
    with other_process_seeding(database_url, mode) as process:
        response = await client.post("/api/db/seed")
        assert response.status_code == 409
        assert "Retry-After" in response.headers
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert snapshot(database_url) == old
    await seed(client)


async def test_readers_see_the_old_set_while_a_seed_is_running(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """A reader in the middle of a reset sees every old row, and a sign-in goes on."""
    summary = await seed(client)
    user = summary["signIn"]["users"][0]["email"]
    credentials = {"email": user, "password": "Password123"}
    signed_in = (await client.post("/api/auth/sign-in/email", json=credentials)).json()
    before = (await client.get("/api/db")).json()
    async with exclusive_transaction(app.state.engine) as work:
        await work.connection.run_sync(keep_others_out, ResetMode.DELETE)
        await work.connection.run_sync(reset, ResetMode.DELETE, Environment.TEST)
        assert (await client.get("/api/db")).json() == before
        bearer = {"Authorization": f"Bearer {signed_in['token']}"}
        session = await client.get("/api/auth/get-session", headers=bearer)
        assert session.json()["user"]["email"] == user


async def test_a_stream_that_is_closed_early_rolls_back(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """Whoever hangs up in the middle of a run leaves the old set, and no lock behind."""
    await seed(client, patients=5)
    old = snapshot(database_url)
    state = app.state
    run = partial(
        run_seed,
        state.engine,
        state.passwords,
        state.settings,
        SeedRequest(),
        ResetMode.DELETE,
        dry_run=False,
    )
    lines = event_lines(lambda report: run(report=report))
    async for line in lines:
        if b'"users"' in line:
            break
    await lines.aclose()
    assert snapshot(database_url) == old
    await seed(client)


async def test_another_writer_is_waited_for_and_then_named(new_sqlite: NewDatabase) -> None:
    """A SQLite file that another program keeps locked is a 503 that says so, after a wait."""
    database_url = new_sqlite()
    async with open_client(make_app(database_url)) as client:
        await seed(client)
        old = snapshot(database_url)
        other = sqlite3.connect(str(make_url(database_url).database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        response = await client.post("/api/db/seed")
        other.close()
        assert response.status_code == 503
        assert "another program holds the lock" in response.json()["detail"]
        assert snapshot(database_url) == old
        await seed(client)


async def test_on_postgresql_writers_wait_for_the_seed(new_postgresql: NewDatabase) -> None:
    """A sign-up in the middle of a run is neither lost nor part of the set that is audited."""
    async with open_client(make_app(new_postgresql())) as client:
        await seed(client)
        run = asyncio.create_task(client.post("/api/db/seed", json={"patients": 3000}))
        ada = {"name": "Ada", "email": "ada@example.net", "password": "Password123"}
        signed_up: list[int] = []
        while not run.done():
            answer = await client.post(
                "/api/auth/sign-up/email", json={**ada, "email": f"ada{len(signed_up)}@example.net"}
            )
            signed_up.append(answer.status_code)
        assert (await run).status_code == 201, (await run).text
        assert set(signed_up) == {200}
        rows = (await client.get("/api/db")).json()["rows"]
        assert rows["users"] in {10, 11}

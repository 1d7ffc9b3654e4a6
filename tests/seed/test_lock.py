"""One seed at a time, over all processes, and readers who never see a part of one."""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from litestar import Litestar, Request
from sqlalchemy import make_url, text

from app.database import sqlite_files
from app.database.engine import provide_session
from app.seed import lock, table_locks
from app.seed.progress.stream import event_lines
from app.seed.request import ResetMode
from app.seed.reset import reset
from app.seed.run import seed as run_seed
from app.seed.scenarios.data_set_request import DataSetRequest
from app.seed.table_locks import lock_tables
from app.seed.unit_of_work import exclusive_transaction
from auth.concurrent_calls import PATIENCE_SECONDS
from conftest import NewDatabase, open_app, seed
from seed.holder import hold_here
from server_processes import processes, start_process
from snapshots import snapshot

pytestmark = pytest.mark.slow

A_SECOND = 1
FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 5}
NONE_RUNS = {"running": False, "since": None, "step": None, "seedId": None, "stateId": None}


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    return new_database.seeded(**FEW)


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a second for other transactions, where a server waits five."""
    for module in (sqlite_files, lock, table_locks):
        monkeypatch.setattr(module, "WAIT_SECONDS", A_SECOND)


@contextmanager
def other_process_seeding(database_url: str, mode: str = "delete") -> Iterator[ForkServerProcess]:
    """Have another process empty the database, without committing, and stay there."""
    told, holding = processes.Pipe(duplex=False)
    process = start_process(hold_here, database_url, mode, holding)
    holding.close()
    try:
        assert told.recv() == "holding"
        yield process
    finally:
        process.kill()
        process.join()
        told.close()


async def test_of_concurrent_calls_one_seeds_and_the_others_get_retry_after(
    client: httpx.AsyncClient,
) -> None:
    """A call during another seed returns 409 with Retry-After."""
    # Enough that none is done before the last has a connection to ask with.
    quantities = [{"randomSeed": number, "patients": 1_000} for number in range(4)]
    calls = [client.post("/api/db/seed", json=each) for each in quantities]
    responses = await asyncio.gather(*calls)
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409]
    for response in responses:
        if response.status_code == 409:
            assert int(response.headers["Retry-After"]) > 0
            assert "Try again" in response.json()["detail"]
    await seed(client, **FEW)


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_seed_of_another_process_is_in_the_way_until_it_is_killed(
    client: httpx.AsyncClient, database_url: str, mode: str
) -> None:
    """The lock holds over processes, and ends with its holder; `kill -9` loses nothing."""
    old = snapshot(database_url)
    begun_at = datetime.now(UTC) - timedelta(seconds=1)
    with other_process_seeding(database_url, mode) as process:
        for accept in ("application/json", "application/x-ndjson"):
            response = await client.post("/api/db/seed", headers={"Accept": accept})
            problem = response.json()
            problem = problem.get("problem", problem)
            assert problem["status"] == 409
            assert begun_at <= datetime.fromisoformat(problem["since"]) <= datetime.now(UTC)
            assert problem["step"] == "reset"
            assert problem["since"] in problem["detail"]
            assert "step reset" in problem["detail"]
        response = await client.post("/api/db/seed")
        assert response.status_code == 409
        assert "Retry-After" in response.headers
        told = await ask_running(client)
        assert (told["running"], told["step"]) == (True, "reset")
        assert begun_at <= datetime.fromisoformat(told["since"]) <= datetime.now(UTC)
        process.kill()
        process.join()
    assert snapshot(database_url) == old
    async with asyncio.timeout(PATIENCE_SECONDS):  # PostgreSQL takes a moment to notice
        while not none_runs(await ask_running(client)):  # noqa: ASYNC110 - not our event
            await asyncio.sleep(0.02)
    assert not is_noted(database_url)  # so that the next call leaves the lock alone
    await seed(client, **FEW)


def none_runs(told: dict[str, Any]) -> bool:
    return told | {"seedId": None, "stateId": None} == NONE_RUNS


async def ask_running(client: httpx.AsyncClient) -> Any:
    response = await client.get("/api/db/seed/running")
    assert response.status_code == 200
    return response.json()


async def until_running(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await ask_running(client))["running"]:  # noqa: ASYNC110 - not our event
            await asyncio.sleep(0.01)


def is_noted(database_url: str) -> bool:
    """Tell whether the file of SQLite's lock names a process."""
    if database_url.startswith("postgresql"):
        return False
    lock = Path(f"{database_url.removeprefix('sqlite:///')}.seed.lock")
    return json.loads(lock.read_bytes())["process"] is not None


async def test_before_the_first_seed_none_is_running(new_database: NewDatabase) -> None:
    """The seed id is null."""
    async with open_app(new_database()) as client:
        assert await ask_running(client) == NONE_RUNS


async def test_a_running_seed_is_reported_in_each_step_until_its_end(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """After one none is running."""
    await seed(client, **FEW)
    assert not is_noted(database_url)
    assert none_runs(await ask_running(client))
    async with exclusive_transaction(app.state.engine) as work:
        for step in ("reset", "users"):
            await work.announce(step)
            told = await ask_running(client)
            assert (told["running"], told["step"]) == (True, step)
            assert told["seedId"] is told["stateId"] is None
    assert none_runs(await ask_running(client))


async def test_each_seed_changes_the_seed_id(client: httpx.AsyncClient) -> None:
    """A dry run and a failed seed keep it."""
    seen = set()
    for _ in range(2):
        await seed(client, **FEW)
        told = await ask_running(client)
        await client.post("/api/db/seed", params={"dryRun": "true"})
        assert (await client.post("/api/db/seed", json={"users": 0})).status_code == 400
        assert await ask_running(client) == told
        seen.add(told["seedId"])
    assert len(seen - {None}) == 2


async def test_each_restore_changes_the_state_id(client: httpx.AsyncClient) -> None:
    """It keeps the seed id, because the data set is the same one."""
    seen = [await ask_running(client)]
    for _ in range(2):
        assert (await client.put("/api/db/snapshots/again")).is_success
        assert await ask_running(client) == seen[-1]
        assert (await client.post("/api/db/snapshots/seeded/restore")).is_success
        seen.append(await ask_running(client))
    assert len({told["stateId"] for told in seen}) == len(seen)
    assert len({told["seedId"] for told in seen}) == 1


async def test_readers_see_the_old_set_while_a_seed_is_running(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """A reader in the middle of a reset sees every old row, and a sign-in continues."""
    summary = await seed(client, **FEW)
    user = summary["signIn"]["users"][0]["email"]
    credentials = {"email": user, "password": "Password123"}
    signed_in = (await client.post("/api/auth/sign-in/email", json=credentials)).json()
    before = (await client.get("/api/db")).json()
    async with exclusive_transaction(app.state.engine) as work:
        await lock_tables(work.connection, ResetMode.DELETE)
        await work.connection.run_sync(reset, ResetMode.DELETE, app.state.settings, ())
        assert (await client.get("/api/db")).json() == before
        bearer = {"Authorization": f"Bearer {signed_in['token']}"}
        session = await client.get("/api/auth/get-session", headers=bearer)
        assert session.json()["user"]["email"] == user


async def test_a_stream_that_is_closed_early_rolls_back(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """A client that disconnects during a run leaves the old data, and no lock behind."""
    old = snapshot(database_url)
    state = app.state
    run = partial(
        run_seed,
        state.engine,
        state.passwords,
        state.settings,
        DataSetRequest(),
        ResetMode.DELETE,
        dry_run=False,
    )
    lines = event_lines(lambda report: run(report=report))
    async for line in lines:
        if b'"users"' in line:
            break
    await lines.aclose()
    assert snapshot(database_url) == old
    await seed(client, **FEW)


async def test_another_writer_is_waited_for_and_then_named(new_sqlite: NewDatabase) -> None:
    """A SQLite file that another program keeps locked is a 503 that says so, after a wait."""
    database_url = new_sqlite.seeded(**FEW)
    async with open_app(database_url) as client:
        old = snapshot(database_url)
        other = sqlite3.connect(str(make_url(database_url).database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        response = await client.post("/api/db/seed")
        other.close()
        assert response.status_code == 503
        assert "another process has locked the file" in response.json()["detail"]
        assert snapshot(database_url) == old
        await seed(client, **FEW)


async def test_a_call_learns_in_which_step_the_other_run_is(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """The reported steps are in the order of the run; a quick one may be missing."""
    run = asyncio.create_task(client.post("/api/db/seed", json={"patients": 2000}))
    heard: list[str] = []
    async with open_app(database_url) as other:
        await until_running(other)
        while not run.done():
            response = await other.post("/api/db/seed?dryRun=true")
            if response.status_code == 409 and "step" in response.json():
                heard.append(response.json()["step"])
    assert (await run).status_code == 201
    steps = [step for step, _ in itertools.groupby(heard)]
    assert steps == [step for step in (await run).json()["durationMs"]["steps"] if step in steps]
    assert {"patients", "treatmentPlans"} <= set(steps)


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize(
    ("mode", "statement"),
    [
        ("drop", "SELECT count(*) FROM patients"),
        ("delete", "UPDATE patients SET notes = 'mine'"),
    ],
)
async def test_a_transaction_in_the_way_is_waited_for_and_then_named(
    new_postgresql: NewDatabase, mode: str, statement: str
) -> None:
    """A reader that holds an old snapshot, or a writer, blocks a seed for a bounded time."""
    database_url = new_postgresql.seeded(**FEW)
    async with open_app(database_url) as client:
        old = snapshot(database_url)
        with (
            psycopg.connect(database_url, application_name="a report") as other,
            psycopg.connect(database_url) as innocent,
        ):
            other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            other.execute(statement.encode())
            if mode == "delete":
                innocent.execute("SELECT count(*) FROM patients")
            began = monotonic()
            response = await client.post(f"/api/db/seed?reset={mode}")
            assert monotonic() - began < 30 * A_SECOND
            assert response.status_code == 409
            assert response.headers["Retry-After"]
            [holder] = response.json()["waitedFor"]
            assert f"process {other.info.backend_pid} (a report, idle in transaction)" in holder
            assert holder in response.json()["detail"]
            # Those who only waited behind the refused seed go on.
            assert (await client.get("/api/db")).json()["rows"]["patients"] == 5
            other.rollback()
        assert snapshot(database_url) == old
        await seed(client, f"?reset={mode}", **FEW)


@pytest.mark.usefixtures("short_waits")
async def test_a_transaction_in_the_way_may_be_invisible(
    new_postgresql: NewDatabase,
) -> None:
    """To another role PostgreSQL does not tell since when a session is at work, or at what."""
    database_url = new_postgresql()
    role = f"clinic_{uuid4().hex[:8]}"
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN".encode())
        admin.execute(f"GRANT CREATE ON SCHEMA public TO {role}".encode())
        owned = make_url(database_url).set(username=role).render_as_string(hide_password=False)
        async with open_app(owned) as client:
            await seed(client, **FEW)
            admin.execute("BEGIN")
            admin.execute("SELECT count(*) FROM patients")
            response = await client.post("/api/db/seed?reset=drop")
            admin.execute("ROLLBACK")
            assert response.status_code == 409, response.text
            [holder] = response.json()["waitedFor"]
            assert f"process {admin.info.backend_pid} (" in holder
            await seed(client, "?reset=drop", **FEW)
            with other_process_seeding(database_url):
                problem = (await client.post("/api/db/seed")).json()
                assert (problem["status"], problem["step"]) == (409, "reset")
                assert problem["since"]
        admin.execute(f"DROP OWNED BY {role}".encode())
        admin.execute(f"DROP ROLE {role}".encode())


@pytest.mark.usefixtures("short_waits")
async def test_a_lock_on_the_mark_itself_is_waited_for_no_longer(
    new_postgresql: NewDatabase,
) -> None:
    """Neither the first look at the mark nor the reset waits for ever."""
    database_url = new_postgresql.seeded(**FEW)
    async with open_app(database_url) as client:
        with psycopg.connect(database_url) as other:
            for lock, status in (("ACCESS EXCLUSIVE", 503), ("ROW EXCLUSIVE", 409)):
                other.execute(f"LOCK TABLE database_mark IN {lock} MODE".encode())
                began = monotonic()
                response = await client.post("/api/db/seed")
                assert monotonic() - began < 30 * A_SECOND
                assert response.status_code == status, response.text
                other.rollback()
        await seed(client, **FEW)


async def test_a_mark_that_changes_while_a_seed_waits_is_seen(new_postgresql: NewDatabase) -> None:
    """The guard looks again when nobody can change the mark any more, and not before."""
    database_url = new_postgresql.seeded(**FEW)
    async with open_app(database_url) as client:
        with psycopg.connect(database_url) as other:
            other.execute("UPDATE database_mark SET environment = 'production'")
            run = asyncio.create_task(client.post("/api/db/seed"))
            with psycopg.connect(database_url, autocommit=True) as watcher:
                waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                while not watcher.execute(waiting).fetchone():  # noqa: ASYNC110 - not our event
                    await asyncio.sleep(0.01)
        assert (await run).status_code == 403
        assert (await client.get("/api/db")).json()["rows"]["patients"] == 5


async def test_the_reported_steps_are_not_those_of_the_run_before(
    new_sqlite: NewDatabase,
) -> None:
    """A run that has the lock, and waits for the file, is in its own first step."""
    database_url = new_sqlite.seeded(**FEW)
    async with open_app(database_url) as client:
        other = sqlite3.connect(str(make_url(database_url).database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        run = asyncio.create_task(client.post("/api/db/seed"))
        begun_at = datetime.now(UTC) - timedelta(seconds=1)
        await until_running(client)
        refused = await client.post("/api/db/seed")
        other.close()
        assert refused.status_code == 409
        assert refused.json()["step"] == "reset"
        assert datetime.fromisoformat(refused.json()["since"]) >= begun_at
        assert (await run).status_code == 201


async def test_a_transaction_that_ends_in_time_is_waited_for(new_postgresql: NewDatabase) -> None:
    """A reader that is done within the bound delays a seed, and does not refuse it."""
    database_url = new_postgresql.seeded(**FEW)
    async with open_app(database_url) as client:
        with psycopg.connect(database_url) as other:
            other.execute("SELECT count(*) FROM treatment_plans")
            run = asyncio.create_task(client.post("/api/db/seed?reset=drop"))
            await asyncio.sleep(0.5)
            assert not run.done()
            # It holds one table and asks for others: a circle, if the seed held those already.
            other.execute("SELECT count(*) FROM accounts, patients, users")
            other.rollback()
            assert (await run).status_code == 201


async def test_a_reader_in_the_old_snapshot_does_not_block_sqlite(new_sqlite: NewDatabase) -> None:
    """SQLite's reader continues to read the old data, and the seed does not wait for it."""
    database_url = new_sqlite.seeded(**FEW)
    async with open_app(database_url) as client:
        reader = sqlite3.connect(str(make_url(database_url).database), isolation_level=None)
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM patients").fetchone() == (5,)
        for mode in ("delete", "drop"):
            await seed(client, f"?reset={mode}", **FEW)
        assert reader.execute("SELECT count(*) FROM treatment_plans").fetchone() == (15,)
        reader.close()


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_request_of_several_queries_sees_one_set(
    client: httpx.AsyncClient, app: Litestar, mode: str
) -> None:
    """The session of a reading request that began before a seed's commit reads the old set to its
    end; one that begins meanwhile sees a whole set as well.
    """
    scope: Any = {"type": "http", "method": "GET"}
    reading: Request[Any, Any, Any] = Request(scope)
    patients, plans = (
        text(f"SELECT count(*) FROM {table}") for table in ("patients", "treatment_plans")
    )

    async def read() -> tuple[Any, Any]:
        async with asynccontextmanager(provide_session)(app.state, reading) as session:
            first = await session.scalar(patients)
            await asyncio.sleep(0.01)
            return first, await session.scalar(plans)

    before = await read()
    run = asyncio.create_task(client.post(f"/api/db/seed?reset={mode}"))
    seen = []
    while not run.done():
        seen.append(await read())
    assert (await run).status_code == 201
    seen.append(await read())
    assert {before, *seen} == {(5, 15), (20, 60)}
    assert seen == sorted(seen)
    # Where tables are dropped, the first may have waited for that.
    assert mode == "drop" or seen[0] == before


async def test_on_postgresql_writers_wait_for_the_seed(new_postgresql: NewDatabase) -> None:
    """A sign-up in the middle of a run is neither lost nor part of the set that is audited."""
    async with open_app(new_postgresql.seeded(**FEW)) as client:
        run = asyncio.create_task(client.post("/api/db/seed", json={"patients": 1_000}))
        ada = {"name": "Ada", "email": "ada@example.net", "password": "Password123"}
        signed_up: list[int] = []
        while not run.done():
            response = await client.post(
                "/api/auth/sign-up/email", json={**ada, "email": f"ada{len(signed_up)}@example.net"}
            )
            signed_up.append(response.status_code)
        assert (await run).status_code == 201, (await run).text
        assert set(signed_up) == {200}
        rows = (await client.get("/api/db")).json()["rows"]
        assert rows["users"] in {10, 11}

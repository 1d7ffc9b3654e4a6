"""A large data set, made by processes of their own and loaded without indexes, is the same set."""

import asyncio
import json
import os
import signal
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import sqlalchemy as sa
from litestar import Litestar

from app.clinic.patients.models import Patient
from app.errors import Refused
from app.seed import kinds
from app.seed.progress.stream import event_lines
from app.seed.request import ResetMode, SeedRequest
from app.seed.rows import processes as row_processes
from app.seed.rows.kind import GROUPS_PER_BATCH
from app.seed.run import seed as seed_set
from app.settings import Environment
from conftest import Shared, seed
from journeys.commands import on_sqlite
from snapshots import content, snapshot

pytestmark = pytest.mark.slow

QUANTITIES: dict[str, Any] = {
    "users": 30,
    "organizations": 4,
    "patients": 2 * GROUPS_PER_BATCH + 1,
    "randomSeed": 7,
    "asOf": "2028-02-29",
}
FEW = QUANTITIES | {"patients": 20}
# Few enough that no process is started for them, even where few rows are taken for many.
ONE_CLINIC: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1}
in_either_mode = pytest.mark.parametrize("mode", ["delete", "drop"])


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take few rows for many."""
    monkeypatch.setattr(kinds, "LARGE", 100)


def children() -> list[Path]:
    """Give the processes that make rows for this one."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    pids = [pid for file in tasks.glob("*/children") for pid in file.read_text().split()]
    found = [Path(f"/proc/{pid}") for pid in pids]
    return [each for each in found if row_processes.__name__ in (each / "cmdline").read_text()]


class BothWays(NamedTuple):
    """What one request left in a database, made and loaded as a small set and as a large one."""

    small: Any
    of_small: Any
    large: Any
    of_large: Any
    counted: float
    by_creation: list[str]
    too_early: int


@pytest.fixture(scope="module")
async def both_ways(shared: Shared) -> dict[str, BothWays]:
    """Seed one database in both ways and modes: each large seed starts processes."""
    return {mode: await _seed_both_ways(shared, mode) for mode in ("delete", "drop")}


async def _seed_both_ways(shared: Shared, mode: str) -> BothWays:
    small = await seed(shared.client, f"?reset={mode}", **QUANTITIES)
    of_small = content(shared.database_url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "LARGE", 100)
        large = await seed(shared.client, f"?reset={mode}", **QUANTITIES)
    of_large = content(shared.database_url)
    async with shared.app.state.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            counted = "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'patients'"
        else:
            counted = "SELECT reltuples FROM pg_class WHERE relname = 'patients'"
        by_creation = await connection.scalars(
            sa.select(Patient.id).order_by(sa.column("created_at"))  # type: ignore[call-overload]
        )
        return BothWays(
            small,
            of_small,
            large,
            of_large,
            (await connection.execute(sa.text(counted))).scalar_one(),
            [str(each) for each in by_creation],
            (await connection.execute(sa.text(TOO_EARLY))).scalar_one(),
        )


TOO_EARLY = """
SELECT count(*) FROM patients JOIN organizations ON organizations.id = organization_id
WHERE patients.created_at <= organizations.created_at
"""


@in_either_mode
async def test_both_ways_lead_to_the_same_set(both_ways: dict[str, BothWays], mode: str) -> None:
    """The same rows, schema, indexes, keys, ids and fingerprint, whoever made and loaded them."""
    done = both_ways[mode]
    assert "indexes" in done.large["durationMs"]["steps"]
    assert "indexes" not in done.small["durationMs"]["steps"]
    assert without_statistics(done.of_large) == without_statistics(done.of_small)
    for part in ("fingerprint", "created", "checks", "signIn"):
        assert done.large[part] == done.small[part]
    assert children() == []


def without_statistics(found: tuple[Any, dict[str, list[str]]]) -> Any:
    """Leave out the tables that SQLite counts rows in."""
    schema, rows = found
    if isinstance(schema, tuple):
        damage, tables = schema
        schema = damage, [row for row in tables if not row[1].startswith("sqlite_stat")]
    return schema, {name: rows[name] for name in rows if not name.startswith("sqlite_stat")}


@in_either_mode
async def test_the_planner_knows_the_rows(both_ways: dict[str, BothWays], mode: str) -> None:
    """So that the first query is fast: statistics are those of the new set."""
    # SQLite looks at some of them.
    assert both_ways[mode].counted == pytest.approx(QUANTITIES["patients"], rel=0.1)


@in_either_mode
async def test_rows_were_created_in_order(both_ways: dict[str, BothWays], mode: str) -> None:
    """Each after the one before, though workers take turns, and after what it belongs to."""
    done = both_ways[mode]
    assert done.by_creation[:1000] == done.large["created"]["patients"]["ids"]
    assert done.too_early == 0


@pytest.fixture
async def before(client: httpx.AsyncClient, database_url: str) -> Any:
    await seed(client, patients=7, randomSeed=1, asOf="2026-01-01")
    return snapshot(database_url)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("new_database", "mode"),
    [("sqlite", "delete"), ("postgresql", "drop")],
    indirect=["new_database"],
)
async def test_a_worker_that_dies_changes_nothing(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The old data keeps its indexes and keys, no worker is left, and the next run succeeds."""
    read = row_processes.read_batch
    batches = 0

    async def read_and_kill(process: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == 4:
            process.send_signal(signal.SIGKILL)
        return await read(process)

    with monkeypatch.context() as patch:
        patch.setattr(row_processes, "read_batch", read_and_kill)
        response = await client.post(
            f"/api/db/seed?reset={mode}", json=QUANTITIES | {"patients": 4_500}
        )
    assert response.status_code == 500
    assert "generates rows stopped or did not respond" in response.json()["detail"]
    assert snapshot(database_url) == before
    assert children() == []
    await seed(client, f"?reset={mode}", **ONE_CLINIC)


@on_sqlite
@pytest.mark.usefixtures("large")
async def test_a_worker_that_hangs_is_given_up(
    client: httpx.AsyncClient, database_url: str, before: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old set stands, and the one that hung is gone."""
    read = row_processes.read_batch

    async def stop_and_read(process: Any) -> Any:
        process.send_signal(signal.SIGSTOP)
        return await read(process)

    monkeypatch.setattr(row_processes, "SECONDS_WAITED", 0.5)
    monkeypatch.setattr(row_processes, "read_batch", stop_and_read)
    response = await client.post("/api/db/seed", json=QUANTITIES | {"patients": 90_000})
    assert response.status_code == 500
    assert snapshot(database_url) == before
    assert children() == []


@on_sqlite
@pytest.mark.usefixtures("large")
async def test_a_worker_that_cannot_start_ends_the_others(
    client: httpx.AsyncClient, database_url: str, before: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left of a run for which the machine has no room."""
    start = asyncio.create_subprocess_exec
    started = 0

    async def start_one(*command: Any, **options: Any) -> Any:
        nonlocal started
        started += 1
        if started > 1:
            raise BlockingIOError
        return await start(*command, **options)

    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_one)
    response = await client.post("/api/db/seed", json=QUANTITIES)
    assert response.status_code == 500
    assert started == 2
    assert snapshot(database_url) == before
    assert children() == []


@on_sqlite
@pytest.mark.usefixtures("large", "before")
async def test_what_is_refused_starts_no_worker(
    app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is looked at first, under the lock."""

    async def start_none(*_command: Any, **_options: Any) -> None:
        pytest.fail("a worker starts")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_none)
    state, request = app.state, SeedRequest(patients=1_000)
    settings = replace(state.settings, environment=Environment.DEVELOPMENT)
    run = partial(seed_set, state.engine, state.passwords, settings, request)
    with pytest.raises(Refused, match="marked for test"):
        await run(ResetMode.DROP, dry_run=False, report=lambda _progress: None)


@on_sqlite
@pytest.mark.usefixtures("large")
async def test_many_cores_have_few_workers(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each holds memory, and the database takes no more rows a second from more of them."""
    start = asyncio.create_subprocess_exec
    started = 0

    async def start_and_count(*_command: Any, **options: Any) -> Any:
        nonlocal started
        started += 1
        return await start("true", **options)  # ends at once, and the seed with it

    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_and_count)
    assert (await client.post("/api/db/seed", json=FEW)).status_code == 500
    assert started == 4


@on_sqlite
@pytest.mark.usefixtures("large")
async def test_what_a_worker_prints_does_no_harm(
    client: httpx.AsyncClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A print in a seeder is seen, and not taken for a row."""
    (tmp_path / "sitecustomize.py").write_text(PRINT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    await seed(client, **FEW)
    assert "a move" in "".join(capfd.readouterr())


PRINT = """
from app.clinic.treatment_plans import rules
moves = rules.may_change_status
rules.may_change_status = lambda *statuses: print("a move") or moves(*statuses)
"""


@on_sqlite
@pytest.mark.usefixtures("large")
async def test_a_worker_tells_of_a_broken_rule(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a run without workers does, and the old set stands."""
    (tmp_path / "sitecustomize.py").write_text(BREAK_A_RULE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    response = await client.post("/api/db/seed", json=FEW)
    assert response.status_code == 500
    [violation] = response.json()["violations"]
    assert violation["rule"] == "moves lead from planned to the status of a plan"
    assert violation["rows"]
    assert snapshot(database_url) == before
    assert children() == []


BREAK_A_RULE = """
from app.clinic.treatment_plans import rules
rules.STATUS_CHANGES = dict.fromkeys(rules.STATUS_CHANGES, ())
"""


@on_sqlite
@pytest.mark.usefixtures("large")
async def test_a_mistake_in_a_seeder_is_logged(
    client: httpx.AsyncClient,
    database_url: str,
    before: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where it is, as for a run without workers, and none of the values; the old set stands."""
    (tmp_path / "sitecustomize.py").write_text(MAKE_A_MISTAKE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    response = await client.post("/api/db/seed", json=FEW)
    assert response.status_code == 500
    assert response.json()["detail"].startswith("An unexpected error happened.")
    assert "builtins.ZeroDivisionError" in caplog.text
    assert "treatment_plans.py" in caplog.text
    assert "of Ada" not in caplog.text
    assert snapshot(database_url) == before
    assert children() == []


MAKE_A_MISTAKE = """
from app.clinic.treatment_plans import rules
def fail(*statuses):
    raise ZeroDivisionError("of Ada")
rules.may_change_status = fail
"""


@pytest.mark.usefixtures("large")
async def test_who_stops_listening_ends_the_workers(
    app: Litestar, database_url: str, before: Any
) -> None:
    """A stream that breaks off in the middle leaves the old set, and no process."""
    request = SeedRequest(patients=20_000)
    state = app.state
    run = partial(seed_set, state.engine, state.passwords, state.settings, request)
    lines = event_lines(lambda report: run(ResetMode.DELETE, dry_run=False, report=report))
    async for line in lines:
        told = json.loads(line)
        if (told["event"], told.get("step")) == ("running", "patients"):
            assert children()
            break
    await lines.aclose()
    assert snapshot(database_url) == before
    assert children() == []

"""Many calls at once, through several processes, while readers read: one set or another, whole."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import cycle, islice
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from faults.calls import SECONDS, in_each_mode_and_database, seed
from server_processes import ServerProcess, serving

CALLS = 30
PROCESSES = 2
FIRST = 20
PATIENTS = (40, 80, 120)
TABLES = ("users", "members", "patients", "treatment_plans", "alembic_version")
COUNTS = "SELECT {}".format(", ".join(f"(SELECT count(*) FROM {name})" for name in TABLES))
WHOLE_SETS = {(10, 10, patients, 3 * patients, 1) for patients in (FIRST, *PATIENTS)}

Read = Callable[[], tuple[int, ...]]


@pytest.fixture
def servers(database_url: str, tmp_path: Path) -> Iterator[list[ServerProcess]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(serving(database_url, tmp_path / f"server-{number}.log"))
            for number in range(PROCESSES)
        ]


def read_over_http(server: ServerProcess) -> tuple[int, ...]:
    """Ask the application; 1 stands for the table that it does not count."""
    response = httpx.get(f"{server.base_url}/api/db", trust_env=False, timeout=SECONDS)
    assert response.status_code == 200, response.text
    assert response.json()["otherRows"] == {}
    rows = response.json()["rows"] | {"alembic_version": 1}
    return tuple(rows[name] for name in TABLES)


def read_file(database_url: str) -> tuple[int, ...]:
    """Read with our driver, table by table in one transaction."""
    file = str(make_url(database_url).database)
    with closing(sqlite3.connect(file, timeout=SECONDS, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        return tuple(
            reader.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES
        )


def read_server(database_url: str) -> tuple[int, ...]:
    """Read with our driver, all tables in one statement."""
    with psycopg.connect(database_url) as reader:
        [counts] = reader.execute(COUNTS.encode()).fetchall()
        return tuple(counts)


def read_until(finished: Event, begin: Barrier, read: Read) -> set[tuple[int, ...]]:
    """Read once before the calls, all the time while they go on, and once after them."""
    seen = {read()}
    begin.wait(SECONDS)
    while not finished.is_set():
        seen.add(read())
    return seen | {read()}


@in_each_mode_and_database
def test_many_calls_at_once_while_readers_read(
    servers: list[ServerProcess], database_url: str, mode: str
) -> None:
    """Each call is done or told to wait, and each read has one whole set."""
    assert seed(servers[0], "drop", {"patients": FIRST}).status_code == 201
    readers: list[Read] = [lambda server=server: read_over_http(server) for server in servers]  # type: ignore[misc]
    read_directly = read_file if database_url.startswith("sqlite") else read_server
    readers.append(lambda: read_directly(database_url))
    calls = islice(zip(cycle(servers), cycle(PATIENTS), strict=False), CALLS)
    finished, begin = Event(), Barrier(len(readers) + 1)
    with ThreadPoolExecutor(CALLS + len(readers)) as threads:
        reading = [threads.submit(read_until, finished, begin, read) for read in readers]
        begin.wait(SECONDS)
        calling = [
            threads.submit(seed, server, mode, {"patients": patients}) for server, patients in calls
        ]
        responses = [call.result() for call in calling]
        finished.set()
    assert {response.status_code for response in responses} == {201, 409}
    assert_told(response.json() for response in responses if response.status_code == 409)
    seen = [read.result() for read in reading]
    assert set.union(*seen) <= WHOLE_SETS
    assert all(len(each) > 1 for each in seen)
    assert seed(servers[-1], mode, {"patients": PATIENTS[0]}).status_code == 201


def assert_told(refusals: Iterator[Any]) -> None:
    """The holder of the lock may have ended before it could be looked at, but not always."""
    told = [problem for problem in refusals if "since" in problem]
    assert told
    assert all(problem["step"] for problem in told)

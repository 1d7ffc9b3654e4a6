"""Calls of the seed that are disturbed, and how to detect that one is running."""

import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic, sleep
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from kills import OTHER_TRANSACTIONS
from server_processes import ServerProcess
from snapshots import content

SECONDS = 120
FEW = {"patients": 7, "randomSeed": 1, "asOf": "2026-01-01"}
MANY = {"patients": 1_000, "randomSeed": 2, "asOf": "2026-01-01"}
WRITING_TRANSACTIONS = f"{OTHER_TRANSACTIONS} AND backend_xid IS NOT NULL"
JSON_LINES = "application/x-ndjson"

in_either_mode = pytest.mark.parametrize("mode", ["delete", "drop"])
# Each mode and each database, but not each pair of them: these tests are slow.
in_each_mode_and_database = pytest.mark.parametrize(
    ("new_database", "mode"),
    [("sqlite", "delete"), ("postgresql", "drop")],
    indirect=["new_database"],
)
# Each mode, database and kind of response, but not each combination.
in_each_way_and_database = pytest.mark.parametrize(
    ("new_database", "mode", "accept"),
    [
        ("sqlite", "drop", JSON_LINES),
        ("postgresql", "delete", "application/json"),
        ("postgresql", "drop", JSON_LINES),
    ],
    indirect=["new_database"],
)
# Each mode and each kind of response, but not each pair of them: these tests are slow.
in_either_way = pytest.mark.parametrize(
    ("mode", "accept"), [("delete", "application/json"), ("drop", JSON_LINES)]
)


def seed(
    server: ServerProcess, mode: str, body: dict[str, Any], accept: str = "*/*", **query: str
) -> httpx.Response:
    return httpx.post(
        f"{server.base_url}/api/db/seed",
        params={"reset": mode, **query},
        json=body,
        headers={"Accept": accept},
        trust_env=False,
        timeout=SECONDS,
    )


def problem_of(response: httpx.Response) -> Any:
    """Return the problem document of a plain response, or the one at the end of a stream."""
    if response.headers["Content-Type"].startswith(JSON_LINES):
        last = json.loads(response.text.splitlines()[-1])
        assert last["event"] == "failed"
        return last["problem"]
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    assert response.json()["status"] == response.status_code
    if response.status_code == 503:
        assert int(response.headers["Retry-After"]) > 0
    return response.json()


def assert_unavailable(response: httpx.Response, *said: str) -> None:
    problem = problem_of(response)
    assert problem["status"] == 503, problem
    for words in said or ("Nothing was changed",):
        assert words in problem["detail"]


def seeded(server: ServerProcess, database_url: str, body: dict[str, Any]) -> Any:
    """Seed, and give the content, which is the same after either reset."""
    assert seed(server, "delete", body).status_code == 201
    return content(database_url)


def wait_until_free(server: ServerProcess, mode: str) -> None:
    """Retry; any response but "another seed is running" must be a success."""
    until = monotonic() + SECONDS
    while (response := seed(server, mode, FEW, dryRun="true")).status_code == 409:
        assert monotonic() < until, "a seed whose client is gone holds the lock"
        sleep(0.05)
    assert response.status_code == 200, response.text


@contextmanager
def half_spoken(
    server: ServerProcess, mode: str, body: dict[str, Any], accept: str, sent: float = 1
) -> Iterator[socket.socket]:
    """Open a connection of which no more is received than a test asks for; close it at the end.

    `sent` is the part of the body that is sent.
    """
    data = json.dumps(body).encode()
    head = (
        f"POST /api/db/seed?reset={mode} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.socket() as client:
        client.settimeout(SECONDS)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        client.sendall(head.encode() + data[: int(len(data) * sent)])
        yield client


def receive_until(client: socket.socket, text: bytes) -> None:
    received = b""
    while text not in received:
        received += (chunk := client.recv(256))
        assert chunk, received


def wait_until(happens: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Wait for something that is true; return it."""
    until = monotonic() + seconds
    while not (seen := happens()):
        assert monotonic() < until, "it did not happen"
        sleep(0.005)
    return seen


def someone_writes(database_url: str) -> bool:
    """Whether a transaction that writes is open."""
    if not database_url.startswith("sqlite"):
        with psycopg.connect(database_url, autocommit=True) as other:
            return bool(other.execute(WRITING_TRANSACTIONS).fetchall())
    file = str(make_url(database_url).database)
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


def backend_that_inserts(other: psycopg.Connection) -> int | None:
    """Find the PostgreSQL backend that is in the middle of writing patients."""
    found = other.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND query LIKE 'COPY patients%' AND xact_start IS NOT NULL"
    ).fetchone()
    return int(found[0]) if found else None

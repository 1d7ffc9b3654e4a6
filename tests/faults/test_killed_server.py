"""`kill -9` of the server in the middle of a reseed; `just torture` does it hundreds of times."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from threading import Thread, Timer
from time import monotonic
from typing import Any

import httpx
import psycopg

from conftest import NewDatabase
from faults.calls import (
    FEW,
    MANY,
    backend_that_inserts,
    in_each_mode_and_database,
    seed,
    seeded,
    wait_until,
)
from kills import OTHER_TRANSACTIONS, killing
from seed_kills import SeedKills
from server_processes import ServerProcess, serving
from snapshots import content

KILLS = 3
SECONDS = 4
RANDOM_SEED = "1"
WAKES_AFTER_SECONDS = 0.3


@in_each_mode_and_database
def test_a_killed_server_leaves_a_whole_set_and_no_lock(
    database_url: str, tmp_path: Path, mode: str
) -> None:
    """At any point, there is the old data or the new, and another server can seed at once."""
    log = tmp_path / "servers.log"
    with killing(SeedKills(database_url, mode, RANDOM_SEED, log)) as kills:
        until = monotonic() + SECONDS
        while kills.count < KILLS and monotonic() < until:
            kills.kill_once()
        assert kills.tallies[mode].next_done == kills.count > 0


WAITING = f"{OTHER_TRANSACTIONS} AND wait_event_type = 'Lock'"


def test_a_killed_server_that_waits_for_a_lock_does_not_wait_on(
    new_postgresql: NewDatabase, tmp_path: Path
) -> None:
    """PostgreSQL notices that the client has gone, although the lock is still held."""
    database_url = new_postgresql()
    log = tmp_path / "servers.log"
    with (
        serving(database_url, log) as other_server,
        psycopg.connect(database_url) as writer,
        psycopg.connect(database_url, autocommit=True) as watcher,
    ):
        old = seeded(other_server, database_url, FEW)
        writer.execute(f"LOCK TABLE {', '.join(old[1])} IN ROW EXCLUSIVE MODE".encode())
        with serving(database_url, log) as server:
            call = Thread(target=_call_in_vain, args=(server, "delete", FEW))
            call.start()
            wait_until(lambda: watcher.execute(WAITING).fetchone())
            server.kill()
            call.join()
        wait_until(lambda: not watcher.execute(WAITING).fetchone())
        writer.rollback()
        assert content(database_url) == old
        assert seed(other_server, "delete", FEW).status_code == 201


def _call_in_vain(server: ServerProcess, mode: str, body: dict[str, Any]) -> None:
    with suppress(httpx.TransportError):
        seed(server, mode, body)


def test_a_backend_that_outlives_its_server_is_waited_for(
    new_postgresql: NewDatabase, tmp_path: Path
) -> None:
    """PostgreSQL may notice late that a server is gone; the next call waits for that, and seeds."""
    database_url = new_postgresql()
    log = tmp_path / "servers.log"
    with (
        serving(database_url, log) as other_server,
        serving(database_url, log) as server,
        psycopg.connect(database_url, autocommit=True) as watcher,
    ):
        old = seeded(other_server, database_url, FEW)
        call = Thread(target=_call_in_vain, args=(server, "drop", MANY))
        call.start()
        backend = wait_until(lambda: backend_that_inserts(watcher))
        os.kill(backend, signal.SIGSTOP)
        server.kill()
        call.join()
        wakes = Timer(WAKES_AFTER_SECONDS, os.kill, (backend, signal.SIGCONT))
        wakes.start()
        response = seed(other_server, "drop", FEW)
        wakes.join()
        assert response.status_code == 201, response.text
        assert response.json()["deleted"]["patients"] == FEW["patients"]
        assert content(database_url) == old

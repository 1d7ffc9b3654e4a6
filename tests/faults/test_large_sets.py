"""What a large set adds to what can go wrong: processes that make its rows, and memory."""

from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from faults.calls import FEW, seed, seeded, wait_until
from journeys.commands import on_postgresql
from server_processes import ServerProcess, serving
from snapshots import content

LARGE: dict[str, Any] = {"patients": 7_500}
LESS_LARGE: dict[str, Any] = {"patients": 3_000}
MAX_MIB = 300
MORE_MIB = 30


def workers(server: ServerProcess) -> list[Path]:
    """Return the processes that make rows for a server."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [Path(f"/proc/{pid}") for pid in children]


def peak_mib(server: ServerProcess) -> float:
    """Return the most memory that a server has held so far."""
    for line in Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    pytest.fail("the system does not tell")


@on_postgresql
def test_a_killed_server_leaves_no_worker(database_url: str, tmp_path: Path) -> None:
    """Its workers end with it, the old data stays, and another server can seed at once."""
    log = tmp_path / "servers.log"
    with serving(database_url, log) as other_server, serving(database_url, log) as server:
        old = seeded(other_server, database_url, FEW)
        call = Thread(target=_call_in_vain, args=(server,))
        call.start()
        running = wait_until(lambda: workers(server))
        wait_until(lambda: _step(other_server) == "patients")
        server.kill()
        call.join()
        wait_until(lambda: not any(worker.exists() for worker in running))
        assert content(database_url) == old
        assert seed(other_server, "delete", FEW).status_code == 201


def _call_in_vain(server: ServerProcess) -> None:
    with suppress(httpx.TransportError):
        seed(server, "drop", LARGE)


def _step(server: ServerProcess) -> str:
    """Return the step in which the seed of another server is."""
    return str(seed(server, "delete", FEW).json().get("step"))


# What reads ahead is the same for both databases.
@on_postgresql
def test_memory_does_not_grow_with_the_set(server: ServerProcess) -> None:
    """A set of 2.5 times as many rows takes hardly more memory, and far less than it may."""
    peaks = []
    for body in (LESS_LARGE, LARGE):
        assert seed(server, "delete", body).status_code == 201
        peaks.append(peak_mib(server))
    assert max(peaks) < MAX_MIB
    assert peaks[1] - peaks[0] < MORE_MIB

"""A server that receives SIGTERM finishes what it has begun, or rolls it back."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from faults.calls import FEW, JSON_LINES, MANY, SECONDS, someone_writes, wait_until
from journeys.commands import (
    PROJECT,
    environment,
    free_port,
    wait_until_refuses,
    wait_until_responds,
)
from journeys.forks import Command, start
from snapshots import content

LARGE = {"patients": 30_000, "randomSeed": 3, "asOf": "2026-01-01"}


class StoppableServer(NamedTuple):
    port: int
    process: ForkServerProcess
    log: Path

    def seed(self, body: object, accept: str = "*/*") -> httpx.Response:
        return httpx.post(
            f"http://127.0.0.1:{self.port}/api/db/seed",
            json=body,
            headers={"Accept": accept},
            trust_env=False,
            timeout=SECONDS,
        )

    def terminate(self) -> None:
        assert self.process.pid
        os.kill(self.process.pid, signal.SIGTERM)

    def wait_until_ended(self) -> str:
        """Wait for the end by the signal, and return the log, which has no traceback."""
        self.process.join(SECONDS)
        assert self.process.exitcode in {0, -signal.SIGTERM}
        log = self.log.read_text()
        assert "Traceback" not in log
        assert '"exception"' not in log
        return log


@contextmanager
def serving(database_url: str, log: Path, *options: str) -> Iterator[StoppableServer]:
    """Run `just serve` until it ends, or the block does."""
    port = free_port()
    variables = environment(database_url, APP_ENV="test")
    options = ("--port", str(port), *options)
    process = start(Command("app.cli.serve", options, PROJECT, variables, log, log))
    try:
        wait_until_responds(f"http://127.0.0.1:{port}", process.is_alive, log)
        yield StoppableServer(port, process, log)
    finally:
        process.kill()
        process.join()


def test_requests_and_seeds_are_finished(database_url: str, tmp_path: Path) -> None:
    """One of each, begun before the signal; nothing new is accepted, and then the server ends."""
    log = tmp_path / "server.log"
    with serving(database_url, log) as server, ThreadPoolExecutor() as threads:
        assert server.seed(FEW).status_code == 201
        old = content(database_url)
        body = json.dumps({"email": "nobody@example.com", "password": "Password123"}).encode()
        head = (
            "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), SECONDS) as client:
            client.sendall(head.encode() + body[:9])
            seeding: Future[httpx.Response] = threads.submit(server.seed, MANY)
            wait_until(lambda: someone_writes(database_url))
            server.terminate()
            wait_until_refuses(server.port)
            client.sendall(body[9:])
            assert client.recv(4096).startswith(b"HTTP/1.1 401 ")
        assert seeding.result().status_code == 201
        server.wait_until_ended()
    assert content(database_url) != old


@pytest.mark.parametrize("accept", ["application/json", JSON_LINES])
def test_after_the_limit_a_seed_is_rolled_back(
    database_url: str, tmp_path: Path, accept: str
) -> None:
    """The old data is there, and another server can seed at once."""
    log = tmp_path / "server.log"
    limit = ("--timeout-graceful-shutdown", "0")
    with serving(database_url, log, *limit) as server, ThreadPoolExecutor() as threads:
        assert server.seed(FEW).status_code == 201
        old = content(database_url)
        seeding = threads.submit(server.seed, LARGE, accept)
        wait_until(lambda: someone_writes(database_url))
        server.terminate()
        assert "timeout graceful shutdown exceeded" in server.wait_until_ended()
        assert isinstance(seeding.exception(), httpx.TransportError) or (
            seeding.result().status_code >= 500
        )
    assert content(database_url) == old
    with serving(database_url, log) as other:
        assert other.seed(FEW).status_code == 201

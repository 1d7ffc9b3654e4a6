"""Litestar's own commands work from the checkout without options, in development as with `just`."""

import json
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from conftest import NewDatabase
from journeys.commands import (
    PROJECT,
    background,
    environment,
    free_port,
    run_module,
    wait_until_refuses,
    wait_until_responds,
)
from journeys.forks import Command, start


def litestar(*arguments: str, database_url: str) -> str:
    done = run_module("litestar", *arguments, variables=environment(database_url))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_application_is_described(new_sqlite: NewDatabase, tmp_path: Path) -> None:
    """Its information, its routes, and its schema as a file."""
    url = new_sqlite()
    assert "OpenAPI" in litestar("info", database_url=url)
    routes = litestar("routes", database_url=url)
    assert "/api/db/seed" in routes
    assert "/health/live" in routes
    file = tmp_path / "openapi.json"
    litestar("schema", "openapi", "--output", str(file), database_url=url)
    document = json.loads(file.read_text())
    assert "seedDatabase" in document["paths"]["/api/db/seed"]["post"]["operationId"]


@pytest.mark.parametrize("options", [(), ("--web-concurrency", "2")])
def test_a_stopped_server_does_not_wait_longer_than_its_limit(
    new_sqlite: NewDatabase, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """A client that never completes its request does not keep the server, or its workers.

    The server is one for development, which can be seeded.
    """
    log, port = tmp_path / "server.log", free_port()
    command = (sys.executable, "-m", "litestar", "run", "--port", str(port), *options)
    variables = environment(new_sqlite(), UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN="1")
    with background(*command, variables=variables, log=log) as process:
        wait_until_responds(f"http://127.0.0.1:{port}", lambda: process.poll() is None, log)
        assert seed(port) == 201
        with socket.create_connection(("127.0.0.1", port)) as client:
            head = "POST /api/patients HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n"
            client.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 100 ")  # it waits for the body
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=180)
            wait_until_refuses(port)
    assert "timeout graceful shutdown exceeded" in log.read_text()


def test_a_limit_that_is_no_number_is_refused(new_sqlite: NewDatabase) -> None:
    """The message names the variable and its value."""
    variables = environment(new_sqlite(), UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN="soon")
    done = run_module("litestar", "run", variables=variables)
    assert done.returncode == 1
    assert 'UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN is "soon"; it must be' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_in_production_is_not_seeded(new_sqlite: NewDatabase, tmp_path: Path) -> None:
    """An APP_ENV that is set wins, as with `just`."""
    log, port = tmp_path / "server.log", free_port()
    variables = environment(new_sqlite(), APP_ENV="production")
    options = ("run", "--port", str(port))
    server = start(Command("litestar", options, PROJECT, variables, log, log))
    try:
        wait_until_responds(f"http://127.0.0.1:{port}", server.is_alive, log)
        assert seed(port) == 403
    finally:
        server.kill()
        server.join()


def seed(port: int) -> int:
    """Return the status."""
    url = f"http://127.0.0.1:{port}/api/db/seed"
    quantities = {"users": 1, "organizations": 1, "patients": 0}
    return httpx.post(url, json=quantities, trust_env=False, timeout=180).status_code

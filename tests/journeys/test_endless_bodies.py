"""A caller who never stops sending is cut off."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import httpx
import pytest

from journeys.commands import serving

CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
SECONDS = 180


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bodies")
    with serving(f"sqlite:///{folder}/seedbed.db", folder / "server.log") as base_url:
        yield base_url


@contextmanager
def endless(server: str, request: str) -> Iterator[socket.socket]:
    """Begin a request whose body comes in chunks."""
    url = httpx.URL(server)
    head = f"{request} HTTP/1.1\r\nHost: {url.host}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((url.host, url.port or 80), timeout=SECONDS) as connection:
        connection.sendall(head.encode())
        yield connection


def send_until_cut_off(connection: socket.socket) -> bytes:
    """Send for as long as the server reads; return its response."""
    until = monotonic() + SECONDS
    try:
        while monotonic() < until:
            connection.sendall(CHUNK)
    except OSError:
        return connection.recv(0x10000)
    pytest.fail(f"the server still reads after {SECONDS} seconds")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("POST /api/db/seed", 413),
        ("GET /schema/openapi.json", 413),
        ("POST /nothing", 404),
        ("POST /assets/swagger-ui.css", 405),
    ],
)
def test_a_body_without_end_is_cut_off(server: str, request_line: str, status: int) -> None:
    """The refusal comes while the body is still being sent, and the connection ends with it."""
    with endless(server, request_line) as connection:
        response = send_until_cut_off(connection)
    assert response.startswith(f"HTTP/1.1 {status} ".encode())
    assert httpx.get(f"{server}/api/db", trust_env=False, timeout=180).status_code == 200


def test_the_refusal_of_a_large_body_has_its_reason(server: str) -> None:
    """An ordinary client that sends too much reads the refusal, with and without a length."""
    for content in (b" " * 200_000, iter([b" " * 10_000] * 20)):
        response = httpx.post(
            f"{server}/api/db/seed", content=content, trust_env=False, timeout=180
        )
        assert response.status_code == 413
        assert "65,536 bytes" in response.json()["detail"]

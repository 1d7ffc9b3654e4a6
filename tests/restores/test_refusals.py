"""What cannot be restored is refused, and everything else works while there are snapshots."""

import asyncio
from argparse import Namespace
from functools import partial
from typing import Any

import httpx
import pytest
from alembic import command
from litestar import Litestar

from app.database import migrations
from app.database.engine import create_engine
from app.seed.lock import lock_file
from app.settings import Environment, Settings, parse_database_url
from applications import make_app, open_app, open_client, seed
from conftest import NewDatabase, Shared
from restores.api_calls import PATIENT
from restores.raw_rows import dump, raw_connection

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1, "appointmentWeeks": 0}
SEEDED = "/api/db/snapshots/seeded"
ALTERATIONS = {
    "a column is added": ("ALTER TABLE rooms ADD COLUMN extra text",),
    "a table is dropped": ("DROP TABLE appointments",),
    "a trigger is dropped": {
        "sqlite": ("DROP TRIGGER seedbed_record_rooms_update",),
        "postgresql": ("DROP TRIGGER seedbed_record ON rooms",),
    },
    "a trigger was disabled for a while": {
        "sqlite": (),
        "postgresql": (
            "ALTER TABLE rooms DISABLE TRIGGER seedbed_record",
            "ALTER TABLE rooms ENABLE ALWAYS TRIGGER seedbed_record",
        ),
    },
    "another migration is noted": ("UPDATE alembic_version SET version_num = '0001'",),
}


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    return new_database.seeded(**FEW)


async def restore(client: httpx.AsyncClient, name: str = "seeded", query: str = "") -> Any:
    return await client.post(f"/api/db/snapshots/{name}/restore{query}")


async def names(client: httpx.AsyncClient) -> list[str]:
    return [snapshot["name"] for snapshot in (await client.get("/api/db/snapshots")).json()]


def execute(database_url: str, *statements: str) -> None:
    with raw_connection(database_url) as raw:
        for statement in statements:
            raw.execute(statement)


@pytest.mark.parametrize("case", ALTERATIONS)
async def test_an_altered_schema_is_refused(
    client: httpx.AsyncClient, database_url: str, new_database: NewDatabase, case: str
) -> None:
    """Nothing is changed, and the response says what to do: a new snapshot can be restored."""
    await seed(client, **FEW)
    statements = ALTERATIONS[case]
    if isinstance(statements, dict):
        statements = statements[new_database.backend]
    if not statements:
        pytest.skip("SQLite cannot disable a trigger")
    execute(database_url, *statements)
    before = dump(database_url)
    response = await restore(client)
    assert response.status_code == 409
    assert "Nothing was changed" in response.json()["detail"]
    assert "take a new snapshot" in response.json()["detail"]
    assert (await client.get(f"{SEEDED}/changes")).status_code == 409
    assert dump(database_url) == before
    if case in {"a column is added", "a trigger is dropped"}:
        assert (await client.put("/api/db/snapshots/again")).status_code == 201
        assert await names(client) == ["again"]
        execute(database_url, "UPDATE rooms SET name = name || '!'")
        assert (await restore(client, "again")).status_code == 200
        assert dump(database_url) == before


async def test_rows_that_another_program_holds_on_to(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """A restore that would delete rows of another program changes nothing."""
    await seed(client, **FEW)
    kind = "char(32)" if database_url.startswith("sqlite") else "uuid"
    execute(
        database_url,
        f"CREATE TABLE badge (clinic_id {kind} PRIMARY KEY"
        " REFERENCES organizations (id) ON DELETE CASCADE)",
        "INSERT INTO badge SELECT id FROM organizations",
        "INSERT INTO verifications (id, created_at, updated_at, identifier, value, expires_at)"
        " SELECT id, created_at, created_at, 'a', 'b', created_at FROM organizations",
    )
    before = dump(database_url)
    response = await restore(client)
    assert (response.status_code, "badge" in response.json()["detail"]) == (409, True)
    assert dump(database_url) == before


async def test_rows_that_would_refer_to_nothing(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """A row of another program keeps a new row from being deleted, also on SQLite."""
    await seed(client, **FEW)
    kind = "char(32)" if database_url.startswith("sqlite") else "uuid"
    execute(
        database_url,
        f"CREATE TABLE note (id {kind} REFERENCES verifications (id))",
        "INSERT INTO verifications (id, created_at, updated_at, identifier, value, expires_at)"
        " SELECT id, created_at, created_at, 'a', 'b', created_at FROM organizations",
    )
    assert (await restore(client, query="?verify=true")).status_code == 200
    execute(
        database_url,
        "INSERT INTO verifications (id, created_at, updated_at, identifier, value, expires_at)"
        " SELECT id, created_at, created_at, 'a', 'b', created_at FROM organizations",
        "INSERT INTO note SELECT id FROM organizations",
    )
    before = dump(database_url)
    response = await restore(client)
    assert response.status_code == 409, response.text
    assert dump(database_url) == before


async def test_rows_that_would_be_deleted_with_a_changed_member(
    client: httpx.AsyncClient, database_url: str, new_database: NewDatabase
) -> None:
    """PostgreSQL deletes a member for a moment, to release a unique value."""
    if new_database.backend == "sqlite":
        pytest.skip("SQLite deletes nothing with it")
    await seed(client, **FEW | {"users": 2})
    execute(
        database_url,
        "CREATE TABLE badge (clinic uuid, person uuid, FOREIGN KEY (clinic, person)"
        " REFERENCES members (organization_id, user_id) ON DELETE CASCADE)",
        "INSERT INTO badge SELECT organization_id, user_id FROM members",
        "DELETE FROM badge WHERE person = (SELECT user_id FROM members WHERE role = 'admin')",
        *(f"DELETE FROM {table}" for table in ("treatment_plans", "availability_exceptions")),
        "DELETE FROM weekly_availability_templates",
        "DELETE FROM badge",
        "INSERT INTO users (id, created_at, updated_at, name, email, email_verified,"
        " specialization, phone_numbers) SELECT gen_random_uuid(), now(), now(), 'Ann',"
        " 'ann@example.com', false, '[]', '[]'",
        "INSERT INTO practitioners SELECT organization_id, (SELECT id FROM users"
        " WHERE email = 'ann@example.com') FROM members LIMIT 1",
        "UPDATE members SET user_id = (SELECT id FROM users WHERE email = 'ann@example.com')"
        " WHERE role = 'admin'",
        "INSERT INTO badge SELECT organization_id, user_id FROM members",
    )
    before = dump(database_url)
    response = await restore(client)
    assert (response.status_code, "badge" in response.json()["detail"]) == (409, True)
    assert dump(database_url) == before


async def test_a_trigger_that_changes_what_is_restored(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """The restored rows are compared before the commit."""
    await seed(client, **FEW)
    if database_url.startswith("sqlite"):
        trigger: tuple[str, ...] = (
            "CREATE TRIGGER shouting AFTER INSERT ON rooms BEGIN UPDATE rooms SET name ="
            " name || '!'; END",
        )
    else:
        trigger = (
            "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name ="
            " NEW.name || '!'; RETURN NEW; END $$",
            "CREATE TRIGGER shouting BEFORE INSERT OR UPDATE ON rooms FOR EACH ROW"
            " EXECUTE FUNCTION shout()",
        )
    execute(database_url, "UPDATE rooms SET notes = 'changed'", *trigger)
    before = dump(database_url)
    response = await restore(client)
    assert (response.status_code, "rooms" in response.json()["detail"]) == (409, True)
    assert dump(database_url) == before


async def test_migrations_and_resets_work_beside_snapshots(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """After a migration snapshots are refused; after a drop there is a new recording."""
    await seed(client, **FEW)
    settings = Settings(Environment.TEST, parse_database_url(database_url))
    engine = create_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(_downgrade, settings)
    async with engine.begin() as connection:
        await connection.run_sync(migrations.upgrade, settings)
    await engine.dispose()
    assert (await restore(client)).status_code == 409
    summary = await seed(client, "?reset=drop", **FEW)
    assert not [each for each in summary["dropped"] if "seedbed" in each]
    assert (await restore(client)).status_code == 200
    state = (await client.get("/api/db")).json()
    assert "seedbed" not in str((state["otherRows"], state["wouldDrop"]))


async def test_all_migrations_beside_snapshots(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Autogenerated migrations have nothing of snapshots, and all can be undone and made again."""
    await seed(client, **FEW)
    settings = Settings(Environment.TEST, parse_database_url(database_url))
    engine = create_engine(settings.database_url)
    for run in (_check, partial(_downgrade, to="base"), migrations.upgrade):
        async with engine.begin() as connection:
            await connection.run_sync(run, settings)
    await engine.dispose()
    assert (await restore(client)).status_code == 409
    await seed(client, **FEW)
    seeded = dump(database_url)
    execute(database_url, "UPDATE rooms SET notes = 'changed'")
    assert (await restore(client)).status_code == 200
    assert dump(database_url) == seeded


def _check(connection: Any, settings: Settings) -> None:
    config = migrations.alembic_config()
    config.attributes.update(connection=connection, settings=settings)
    command.check(config)


def _downgrade(connection: Any, settings: Settings, to: str = "-1") -> None:
    config = migrations.alembic_config()
    config.cmd_opts = Namespace(cmd=(command.downgrade, [], []))
    config.attributes.update(connection=connection, settings=settings)
    command.downgrade(config, to)


async def test_production_has_nothing_of_it(client: httpx.AsyncClient, database_url: str) -> None:
    """The routes are refused, and marking a database for production removes the recording."""
    await seed(client, **FEW)
    app = make_app(database_url, Environment.PRODUCTION)
    async with open_client(app) as production:
        for method, path in (
            ("GET", "/api/db/snapshots"),
            ("PUT", SEEDED),
            ("POST", f"{SEEDED}/restore"),
            ("GET", f"{SEEDED}/changes"),
            ("DELETE", SEEDED),
        ):
            assert (await production.request(method, path)).status_code == 403, path
    with raw_connection(database_url) as raw:
        catalog = (
            "SELECT name FROM sqlite_master"
            if database_url.startswith("sqlite")
            else "SELECT relname FROM pg_class UNION SELECT tgname FROM pg_trigger UNION"
            " SELECT proname FROM pg_proc"
        )
        left = [name for (name,) in raw.execute(catalog).fetchall() if name.startswith("seedbed_")]
    assert left == []


async def test_a_refusal_does_not_wait_for_a_seed(new_sqlite: NewDatabase) -> None:
    """The reasons are those of a seed, although the file is locked."""
    url = new_sqlite()
    app = make_app(url, Environment.DEVELOPMENT)
    async with open_app(url) as marking, open_client(app) as client:
        await seed(marking, **FEW)
        expected = (await client.post("/api/db/seed")).json()
        with raw_connection(url) as raw, lock_file(app.state.engine):
            raw.execute("BEGIN IMMEDIATE")
            for method, path in (
                ("PUT", SEEDED),
                ("POST", f"{SEEDED}/restore"),
                ("DELETE", SEEDED),
            ):
                response = await client.request(method, path)
                assert (response.status_code, response.json()["reasons"]) == (
                    403,
                    expected["reasons"],
                )


async def test_one_at_a_time_beside_readers(shared: Shared) -> None:
    """Of many restores at once some are refused with 409, and each reader sees a whole state."""
    client = shared.client
    sign_in = (await seed(client, appointmentWeeks=0))["signIn"]
    body = {"email": sign_in["users"][0]["email"], "password": sign_in["password"]}
    assert (await client.post("/api/auth/sign-in/email", json=body)).status_code == 200
    await client.put("/api/db/snapshots/signed-in")
    before = dump(shared.database_url)
    total = len((await client.get("/api/patients?limit=200")).json()["items"])
    for _ in range(3):
        assert (await client.post("/api/patients", json=PATIENT)).status_code == 201
    calls = [restore(client, "signed-in") for _ in range(4)]
    reads = [client.get("/api/patients?limit=200") for _ in range(8)]
    responses = await asyncio.gather(*calls, *reads)
    statuses = [response.status_code for response in responses]
    assert set(statuses[:4]) <= {200, 409}
    assert 200 in statuses[:4]
    assert set(statuses[4:]) == {200}
    assert {len(each.json()["items"]) for each in responses[4:]} <= {total, total + 3}
    assert dump(shared.database_url) == before


async def test_every_process_forgets_its_counts(shared: Shared) -> None:
    """Another process on the same database has no attempts counted after a restore."""
    sign_in = (await seed(shared.client, appointmentWeeks=0))["signIn"]
    wrong = {"email": sign_in["users"][0]["email"], "password": "wrong password"}
    other = make_app(shared.database_url)
    async with open_client(other) as client:
        statuses = [
            (await client.post("/api/auth/sign-in/email", json=wrong)).status_code
            for _ in range(11)
        ]
        assert statuses == [401] * 10 + [429]
        assert (await restore(shared.client)).status_code == 200
        assert (await client.post("/api/auth/sign-in/email", json=wrong)).status_code == 401


async def test_changes_leave_out_secrets_and_come_in_pages(shared: Shared) -> None:
    """Each changed row is on one page, with the row before and after."""
    client = shared.client
    sign_in = (await seed(client, appointmentWeeks=0))["signIn"]
    body = {"email": sign_in["users"][0]["email"], "password": sign_in["password"]}
    token = (await client.post("/api/auth/sign-in/email", json=body)).json()["token"]
    execute(
        shared.database_url,
        "UPDATE rooms SET notes = 'changed'",
        "UPDATE accounts SET password = 'a hash'",
        "UPDATE rooms SET capacity = capacity",
    )
    rows: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        query = f"?limit=3&cursor={cursor}" if cursor else "?limit=3"
        page = (await client.get(f"{SEEDED}/changes{query}")).json()
        rows += page["items"]
        cursor = page["next"]
    [listed] = (await client.get("/api/db/snapshots")).json()
    counts = {table: sum(row["table"] == table for row in rows) for table in listed["changes"]}
    assert counts == listed["changes"] == {"accounts": 10, "rooms": 9, "sessions": 1}
    room = next(row for row in rows if row["table"] == "rooms")
    assert (room["kind"], room["before"]["notes"] != "changed") == ("updated", True)
    assert room["after"] == room["before"] | {"notes": "changed"}
    text = str(rows)
    assert token not in text
    assert not {"password", "token"} & {name for row in rows for name in row["after"]}
    for broken in ("x", "WyJyb29tcyIsW11d"):
        response = await client.get(f"{SEEDED}/changes?cursor={broken}")
        assert response.status_code == 400


async def test_a_restore_deletes_later_snapshots_only(shared: Shared) -> None:
    """A name that is taken again means the current state, and is the newest."""
    client = shared.client
    await seed(client, **FEW)
    for name, status in (("a", 201), ("b", 201), ("a", 200), ("c", 201)):
        assert (await client.put(f"/api/db/snapshots/{name}")).status_code == status
    assert await names(client) == ["seeded", "b", "a", "c"]
    assert (await restore(client, "a")).json()["undone"] == {}
    assert await names(client) == ["seeded", "b", "a"]
    assert (await restore(client, "c")).status_code == 404
    assert (await client.delete("/api/db/snapshots/b")).status_code == 204
    await seed(client, **FEW)
    assert await names(client) == ["seeded"]

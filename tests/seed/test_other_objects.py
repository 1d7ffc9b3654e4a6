"""Other objects in the database: they block no seed, and are dropped only by name."""

from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from commands_in_process import alembic
from conftest import NewDatabase, open_app
from journeys.commands import environment, on_postgresql, on_sqlite
from seed.marks import execute, name_of
from snapshots import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.empty_database]

MODES = ("delete", "drop")
FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1}
VIEW = "CREATE VIEW busy AS SELECT * FROM weekly_availability_templates"


async def call(database_url: str, mode: str, **query: str) -> httpx.Response:
    async with open_app(database_url) as client:
        return await client.post("/api/db/seed", params={"reset": mode, **query}, json=FEW)


async def would_drop(database_url: str) -> list[str]:
    async with open_app(database_url) as client:
        response = await client.get("/api/db")
        assert response.status_code == 200, response.text
        found: list[str] = response.json()["wouldDrop"]
        return found


def migrate(database_url: str) -> tuple[int, str]:
    variables = environment(database_url, APP_ENV="test")
    done = alembic("upgrade", "head", variables=variables)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def seeded(new_database: NewDatabase) -> str:
    return new_database.seeded(patients=5)


@on_postgresql
async def test_tables_of_an_extension_neither_count_nor_go(database_url: str) -> None:
    """PostGIS has such a table: an empty database with it is empty, and a drop keeps the mark."""
    execute(
        database_url,
        "CREATE EXTENSION vector",
        "CREATE TABLE spatial_ref_sys (srid int PRIMARY KEY)",
        "ALTER EXTENSION vector ADD TABLE spatial_ref_sys",
        "INSERT INTO spatial_ref_sys VALUES (4326)",
    )
    assert await would_drop(database_url) == []
    for mode in MODES:
        response = await call(database_url, mode)
        assert response.status_code == 201, response.text
        assert response.json()["dropped"] == []
    async with open_app(database_url) as client:
        state = (await client.get("/api/db")).json()
    assert state["mark"] == {"environment": "test", "database": name_of(database_url)}
    assert state["refusals"] == []
    assert "spatial_ref_sys" not in str(state)
    assert migrate(database_url)[0] == 0


@pytest.mark.parametrize("mode", MODES)
async def test_a_view_on_a_table_is_not_in_the_way(seeded: str, mode: str) -> None:
    """A delete leaves it; a drop names it before and in the response, and recreates everything."""
    execute(seeded, VIEW)
    assert await would_drop(seeded) == ["view busy"]
    for expected in (["view busy"], []) if mode == "drop" else ([], []):
        response = await call(seeded, mode)
        assert response.status_code == 201, response.text
        assert response.json()["dropped"] == expected


async def test_a_migration_works_beside_a_view(seeded: str) -> None:
    """Also on SQLite, where a table is changed by making it again."""
    variables = environment(seeded, APP_ENV="test")
    assert alembic("downgrade", "0004", variables=variables).returncode == 0
    execute(seeded, VIEW)
    code, said = migrate(seeded)
    assert code == 0, said
    assert await would_drop(seeded) == ["view busy"]


@on_sqlite
async def test_triggers_and_other_tables_of_a_file_are_named(seeded: str) -> None:
    execute(
        seeded,
        "CREATE TABLE notes (id INTEGER)",
        "CREATE TRIGGER watch AFTER DELETE ON patients BEGIN INSERT INTO notes VALUES (1); END",
    )
    assert await would_drop(seeded) == ["table notes", "trigger watch"]
    response = await call(seeded, "drop")
    assert response.json()["dropped"] == ["table notes", "trigger watch"]


@on_postgresql
async def test_what_a_drop_takes_along_is_named(seeded: str) -> None:
    """In other schemas as well: foreign keys, views of views, triggers, columns of a row's type."""
    execute(
        seeded,
        "CREATE SCHEMA billing",
        "CREATE TABLE billing.invoices (patient uuid CONSTRAINT of_patient REFERENCES users)",
        "CREATE VIEW billing.v AS SELECT * FROM patients",
        "CREATE VIEW billing.vv AS SELECT * FROM billing.v",
        "CREATE FUNCTION billing.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "CREATE TRIGGER watch AFTER DELETE ON patients EXECUTE FUNCTION billing.f()",
        "CREATE TABLE notes (id int)",
        "CREATE POLICY own ON patients",
    )
    expected = [
        "constraint of_patient on table billing.invoices",
        "policy own on table patients",
        "table notes",
        "trigger watch on table patients",
        "view billing.v",
        "view billing.vv",
    ]
    assert await would_drop(seeded) == expected
    response = await call(seeded, "drop", dryRun="true")
    assert response.json()["dropped"] == expected
    response = await call(seeded, "drop")
    assert response.status_code == 201, response.text
    assert response.json()["dropped"] == expected
    assert await would_drop(seeded) == []


@on_postgresql
async def test_what_is_derived_from_a_table_or_is_a_part_of_it_is_in_no_drops_way(
    seeded: str,
) -> None:
    """Partitions, columns of a row's type, and what others made of ours in the same schema."""
    execute(
        seeded,
        "CREATE TABLE events (id serial, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
        "CREATE TABLE copies (id int GENERATED ALWAYS AS IDENTITY, whole patients)",
        "CREATE MATERIALIZED VIEW grown_up AS SELECT * FROM patients",
        "CREATE SEQUENCE numbers OWNED BY patients.notes",
        "CREATE DOMAIN family AS patients[]",
    )
    expected = [
        "materialized view grown_up",
        "sequence numbers",
        "table copies",
        "table events",
        "table events_old",
        "type family",
    ]
    assert await would_drop(seeded) == expected
    response = await call(seeded, "drop")
    assert response.status_code == 201, response.text
    assert response.json()["dropped"] == expected
    assert await would_drop(seeded) == []


@on_postgresql
@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("CREATE TABLE other.copies (whole patients)", "column whole of table other.copies"),
        ("CREATE TABLE other.leaf () INHERITS (notes)", "table other.leaf"),
        ("CREATE MATERIALIZED VIEW other.m AS SELECT * FROM notes", "materialized view other.m"),
    ],
)
async def test_rows_of_other_schemas_are_never_dropped(
    seeded: str, statement: str, lost: str
) -> None:
    """They may be production's: the drop is refused, and names them."""
    execute(seeded, "CREATE SCHEMA other", "CREATE TABLE notes (id int)", statement)
    response = await call(seeded, "drop")
    assert response.status_code == 409, response.text
    assert lost in response.json()["detail"]
    assert (await call(seeded, "delete")).status_code == 201


async def test_rows_of_other_tables_never_go_along(seeded: str) -> None:
    """A delete is refused while such rows refer to ours, and names their table."""
    for action in ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION"):
        column = f"customer {uuid_type(seeded)} REFERENCES users ON DELETE {action}"
        execute(
            seeded,
            "DROP TABLE IF EXISTS invoices",
            f"CREATE TABLE invoices ({column})",
            "INSERT INTO invoices SELECT id FROM users LIMIT 1",
        )
        response = await call(seeded, "delete")
        assert response.status_code == 409, response.text
        assert "invoices" in response.json()["detail"]
        assert "Nothing was changed" in response.json()["detail"]
        assert "table invoices" in await would_drop(seeded)
    execute(seeded, "DELETE FROM invoices")
    assert (await call(seeded, "delete")).status_code == 201
    execute(seeded, "INSERT INTO invoices SELECT id FROM users LIMIT 1")
    assert (await call(seeded, "drop")).status_code == 201


@on_sqlite
async def test_a_reference_to_half_of_a_key_is_explained(seeded: str) -> None:
    """SQLite accepts such a table, and refuses each change of ours from then on."""
    execute(seeded, "CREATE TABLE invoices (patient CHAR(32) REFERENCES patients (id))")
    before = snapshot(seeded)
    response = await call(seeded, "delete")
    assert response.status_code == 409, response.text
    assert "refers to columns that are no key" in response.json()["detail"]
    assert snapshot(seeded) == before


def uuid_type(database_url: str) -> str:
    return "CHAR(32)" if database_url.startswith("sqlite") else "uuid"


@on_sqlite
async def test_sqlite_finds_our_tables_in_any_case(seeded: str) -> None:
    """A reference to USERS is one to users; and a table of ours stays ours."""
    execute(
        seeded,
        "CREATE TABLE Invoices (customer CHAR(32) REFERENCES USERS ON DELETE CASCADE)",
        "INSERT INTO Invoices SELECT id FROM users LIMIT 1",
        "ALTER TABLE database_mark RENAME TO marks",
        "ALTER TABLE marks RENAME TO DATABASE_MARK",
    )
    before = snapshot(seeded)
    response = await call(seeded, "delete")
    assert response.status_code == 409, response.text
    assert "Rows of Invoices" in response.json()["detail"]
    assert snapshot(seeded) == before
    response = await call(seeded, "drop")
    assert response.status_code == 201, response.text
    assert response.json()["dropped"] == ["table Invoices"]
    assert (await call(seeded, "delete")).status_code == 201


@on_postgresql
async def test_names_of_others_may_be_anything(seeded: str) -> None:
    """Quotes, colons and percent signs, in a schema and a table that refers to ours."""
    where = '"of ""100%s"""'
    execute(
        seeded,
        f"CREATE SCHEMA {where}",
        f'CREATE TABLE {where}."a %s ""b"" :c" ("p :q %(x)s" uuid REFERENCES users)',
    )
    assert (await call(seeded, "delete")).status_code == 201
    execute(seeded, f'INSERT INTO {where}."a %s ""b"" :c" SELECT id FROM users LIMIT 1')
    response = await call(seeded, "delete")
    assert response.status_code == 409, response.text
    assert 'a %s "b" :c refer to' in response.json()["detail"]
    assert (await call(seeded, "drop")).status_code == 201


@on_postgresql
async def test_a_delete_needs_no_right_on_tables_of_others(
    database_url: str, new_role: str
) -> None:
    """A drop leaves them as well, and counts only what may be read."""
    execute(database_url, "CREATE TABLE secrets (id int)", "INSERT INTO secrets VALUES (1)")
    execute(database_url, f"GRANT ALL ON SCHEMA public TO {new_role}")
    app = make_url(database_url).set(username=new_role, password="app")
    url = app.render_as_string(hide_password=False)
    mark_empty(database_url, new_role)
    for mode in MODES:
        response = await call(url, mode)
        assert response.status_code == 201, response.text
        assert response.json()["dropped"] == []
    assert await would_drop(url) == []
    with psycopg.connect(database_url) as server:
        assert server.execute("SELECT count(*) FROM secrets").fetchone() == (1,)


def mark_empty(database_url: str, role: str) -> None:
    """Have Seedbed's tables beside those of others, as in a database that both share."""
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("CREATE SCHEMA aside")
        server.execute("ALTER TABLE secrets SET SCHEMA aside")
        url = make_url(database_url).set(username=role, password="app")
        assert migrate(url.render_as_string(hide_password=False))[0] == 0
        server.execute("ALTER TABLE aside.secrets SET SCHEMA public")


@on_sqlite
async def test_six_hundred_tables_of_others_are_counted(seeded: str) -> None:
    """SQLite takes five hundred parts of one query."""
    execute(seeded, *(f"CREATE TABLE other_{number} (id INTEGER)" for number in range(600)))
    async with open_app(seeded) as client:
        state = (await client.get("/api/db")).json()
    assert len(state["otherRows"]) == 600
    response = await call(seeded, "drop")
    assert response.status_code == 201
    assert len(response.json()["dropped"]) == 600


@on_sqlite
async def test_a_virtual_table_of_another_program_is_in_no_seeds_way(seeded: str) -> None:
    """Its module is not here: nobody can count its rows or drop it, and a drop says so."""
    execute(
        seeded,
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_master VALUES ('table', 'vectors', 'vectors', 0,"
        " 'CREATE VIRTUAL TABLE vectors USING vec0(of float[3])')",
    )
    assert "table vectors" in await would_drop(seeded)
    assert (await call(seeded, "delete")).status_code == 201
    response = await call(seeded, "drop")
    assert response.status_code == 409, response.text
    assert "Drop it with that program" in response.json()["detail"]
    assert "table vectors" in await would_drop(seeded)


async def test_two_revisions_are_reported(seeded: str) -> None:
    """Nobody can tell which migrations have run."""
    execute(seeded, "INSERT INTO alembic_version VALUES ('0001')")
    response = await call(seeded, "delete")
    assert response.status_code == 409, response.text
    assert "alembic_version has several rows (0001, " in response.json()["detail"]
    code, said = migrate(seeded)
    assert (code, "alembic_version has several rows" in said) == (1, True)
    assert "Traceback" not in said
    execute(seeded, "DELETE FROM alembic_version WHERE version_num = '0001'")
    assert (await call(seeded, "delete")).status_code == 201


@pytest.fixture
def new_role(database_url: str) -> str:
    role = f"app_{make_url(database_url).database}"
    execute(database_url, f"CREATE ROLE {role} LOGIN PASSWORD 'app'")
    return role

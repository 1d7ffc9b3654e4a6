"""Citus: run with `TEST_POSTGRES_URL` of a coordinator whose database has the extension."""

from typing import Any
from uuid import UUID

import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.locks import lock_organization, lock_user
from app.database.causes import code_of, find_cause
from app.database.citus import IS_CLUSTER, without_shard
from app.database.engine import create_engine
from app.database.known_causes import (
    BLOCKED_BY_OTHER_OBJECT,
    LOCK_NOT_AVAILABLE,
    NOT_ON_CITUS,
)
from app.settings import parse_database_url
from app.tables import METADATA
from applications import make_app, open_client, seed
from conftest import NewDatabase
from database.statements import alembic, execute

TABLES = "SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables"
CLINIC = ["distributed", "organization_id"]
SHARED = ["reference", "<none>"]
LOCAL = ["local", "<none>"]
OTHERS = {"users": SHARED, "organizations": SHARED, "accounts": LOCAL, "sessions": LOCAL}


@pytest.fixture
def cluster_url(new_postgresql: NewDatabase) -> str:
    url = new_postgresql()
    if not execute(url, "SELECT 1 FROM pg_extension WHERE extname = 'citus'"):
        pytest.skip("the server is no Citus cluster")
    return url


def test_names_in_errors_lose_their_shard() -> None:
    assert without_shard("uq_organizations_slug_102253") == "uq_organizations_slug"
    assert without_shard("patients_part12") == "patients_part12"


def test_what_citus_does_not_support_is_not_blamed_on_a_view() -> None:
    said = errors.FeatureNotSupported("modifying the partition value of rows is not allowed")
    assert find_cause(DBAPIError("UPDATE patients", None, said)) is NOT_ON_CITUS
    said = errors.FeatureNotSupported("cannot alter type of a column used by a view")
    assert find_cause(DBAPIError("ALTER TABLE patients", None, said)) is BLOCKED_BY_OTHER_OBJECT


async def test_ids_are_locked_one_by_one(new_postgresql: NewDatabase) -> None:
    """Citus would lock all users. This needs none: advisory locks are PostgreSQL's."""
    engine = create_engine(parse_database_url(new_postgresql()))
    # As in a data set, where the ids of a kind differ only in their first half.
    first, second = (UUID(f"0000000{place}-0000-4000-8000-5eed5eed5eed") for place in (1, 2))
    async with AsyncSession(engine) as holder, AsyncSession(engine) as other:
        for session in (holder, other):
            connection = await session.connection()
            connection.info[IS_CLUSTER] = True
            await connection.exec_driver_sql("SET LOCAL lock_timeout = '10ms'")
        await lock_user(holder, first)
        await lock_organization(holder, first)
        await lock_user(other, second)
        with pytest.raises(OperationalError) as refused:
            await lock_user(other, first)
    assert code_of(refused.value) == LOCK_NOT_AVAILABLE
    await engine.dispose()


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_a_seed_distributes_all_tables(cluster_url: str, mode: str) -> None:
    """In its one transaction, with audit and indexes."""
    async with open_client(make_app(cluster_url)) as client:
        for _ in range(2):
            summary = await seed(client, f"?reset={mode}")
    assert kinds_of_tables(cluster_url) == expected_kinds()
    [[plans]] = execute(cluster_url, "SELECT count(*) FROM treatment_plans")
    assert plans == summary["created"]["treatmentPlans"]["count"]


async def test_a_dry_run_changes_nothing(cluster_url: str) -> None:
    async with open_client(make_app(cluster_url)) as client:
        await seed(client)
        before = execute(cluster_url, "SELECT id::text FROM patients ORDER BY 1")
        await seed(client, "?reset=drop&dryRun=true", randomSeed=2)
    assert execute(cluster_url, "SELECT id::text FROM patients ORDER BY 1") == before
    assert kinds_of_tables(cluster_url) == expected_kinds()


async def test_a_database_that_was_there_is_distributed_with_its_rows(cluster_url: str) -> None:
    """Down to the old keys, where no table is distributed, and up again."""
    async with open_client(make_app(cluster_url)) as client:
        await seed(client)
    before = execute(
        cluster_url, "SELECT id::text, patient_id::text FROM treatment_plans ORDER BY 1"
    )
    for direction, revision in (("downgrade", "0009"), ("upgrade", "head")):
        moved = alembic(cluster_url, direction, revision)
        assert moved.returncode == 0, moved.stderr
        found = execute(
            cluster_url, "SELECT id::text, patient_id::text FROM treatment_plans ORDER BY 1"
        )
        assert found == before
        assert kinds_of_tables(cluster_url) == (expected_kinds() if revision == "head" else {})


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (
            (
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()",
            ),
            "together with the trigger t of users. Drop",
        ),
        (
            ("SELECT citus_remove_node(nodename, nodeport) FROM pg_dist_node WHERE groupid = 0",),
            "The coordinator is not in Citus's list of nodes",
        ),
    ],
)
def test_what_citus_cannot_distribute_is_refused(
    cluster_url: str, statements: tuple[str, ...], reason: str
) -> None:
    for direction, revision in (("upgrade", "head"), ("downgrade", "0009")):
        assert alembic(cluster_url, direction, revision).returncode == 0
    execute(cluster_url, *statements)
    refused = alembic(cluster_url, "upgrade", "head")
    assert refused.returncode == 1
    assert reason in refused.stderr
    assert kinds_of_tables(cluster_url) == {}


def kinds_of_tables(url: str) -> dict[str, Any]:
    return {name: [kind, column] for name, kind, column in execute(url, TABLES)}


def expected_kinds() -> dict[str, Any]:
    of_clinics = {
        table.name: CLINIC
        for table in METADATA.sorted_tables
        if "organization_id" in table.primary_key.columns
    }
    return of_clinics | OTHERS

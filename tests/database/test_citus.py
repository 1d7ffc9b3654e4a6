"""Citus: run with `TEST_POSTGRES_URL` of a coordinator whose database has the extension."""

from typing import Any

import pytest

from app.database.citus import without_shard
from app.tables import METADATA
from applications import make_app, open_client, seed
from conftest import NewDatabase
from database.statements import alembic, execute

TABLES = "SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables"
CLINIC = ["distributed", "organization_id"]
SHARED = ["reference", "<none>"]


@pytest.fixture
def cluster_url(new_postgresql: NewDatabase) -> str:
    url = new_postgresql()
    if not execute(url, "SELECT 1 FROM pg_extension WHERE extname = 'citus'"):
        pytest.skip("the server is no Citus cluster")
    return url


def test_names_in_errors_lose_their_shard() -> None:
    assert without_shard("uq_organizations_slug_102253") == "uq_organizations_slug"
    assert without_shard("patients_part12") == "patients_part12"


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


def kinds_of_tables(url: str) -> dict[str, Any]:
    return {name: [kind, column] for name, kind, column in execute(url, TABLES)}


def expected_kinds() -> dict[str, Any]:
    return {
        table.name: CLINIC if "organization_id" in table.primary_key.columns else SHARED
        for table in METADATA.sorted_tables
    }

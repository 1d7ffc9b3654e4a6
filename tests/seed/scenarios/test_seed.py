"""A seed adds scenarios to its ordinary rows, which stay the same."""

import json
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest

from app.seed import kinds
from app.seed.last_seed import LastSeed
from app.seed.scenarios import empty, no_patients
from app.seed.scenarios.catalogue import SCENARIOS
from conftest import JSON, TABLES, Shared, seed
from seeded_data.rows import deterministic_content, read_rows
from snapshots import snapshot

AS_OF = "2026-03-05"
FEW: dict[str, Any] = {"users": 2, "organizations": 2, "patients": 3, "asOf": AS_OF}


@pytest.fixture
def client(shared: Shared) -> httpx.AsyncClient:
    return shared.client


async def test_the_ordinary_rows_stay_the_same(shared: Shared, client: httpx.AsyncClient) -> None:
    """So do their ids, their fingerprint and the order of the users."""
    alone = await seed(client, **FEW)
    rows = deterministic_content(read_rows(shared.database_url))
    both = await seed(client, **FEW, scenarios=["no-patients", "empty"])
    more = deterministic_content(read_rows(shared.database_url))
    for table, ordinary in rows.items():
        assert [row for row in more[table] if row in ordinary] == ordinary
    ids = [row["id"] for of_table in more.values() for row in of_table]
    assert len({*ids}) == len(ids)
    for field in ("fingerprint", "created", "checks", "randomSeed"):
        assert both[field] == alone[field]
    assert both["signIn"]["users"][:2] == alone["signIn"]["users"]


async def test_the_summary_has_what_was_added(shared: Shared, client: httpx.AsyncClient) -> None:
    """Its counts are those of the database, and its users can sign in."""
    names = [*SCENARIOS]
    summary = await seed(client, **FEW, scenarios=names)
    assert [each["name"] for each in summary["scenarios"]] == names
    rows = read_rows(shared.database_url)
    for kind, table in TABLES.items():
        ordinary = summary["created"][kind]["count"]
        added = sum(each["created"][kind] for each in summary["scenarios"])
        assert ordinary + added == len(rows[table]), kind
    clinics = {str(row["id"]): row["name"] for row in rows["organizations"]}
    for each in summary["scenarios"]:
        assert all(clinics[clinic["id"]] == clinic["name"] for clinic in each["organizations"])
        rules = [check["rule"] for check in each["checks"]]
        assert rules[1:] == [rule.name for rule in SCENARIOS[each["name"]].guarantees]
        members = [
            user for user in summary["signIn"]["users"] if user.get("scenario") == each["name"]
        ]
        assert len(members) == each["created"]["users"]
        owner = {"email": members[0]["email"], "password": summary["signIn"]["password"]}
        assert (await client.post("/api/auth/sign-in/email", json=owner)).is_success
        assert members[0]["role"] == "owner"
        assert members[0]["organizationId"] == each["organizations"][0]["id"]


async def test_the_last_seed_has_its_scenarios(client: httpx.AsyncClient) -> None:
    summary = await seed(client, **FEW, scenarios=["empty"])
    last = (await client.get("/api/db/seed")).json()
    assert last["request"]["scenarios"] == ["empty"]
    assert last["summary"]["scenarios"] == summary["scenarios"]
    assert last["summary"]["signIn"] == summary["signIn"]


async def test_a_last_seed_from_before_scenarios_is_read(client: httpx.AsyncClient) -> None:
    await seed(client, **FEW)
    last = (await client.get("/api/db/seed")).json()
    del last["request"]["scenarios"], last["summary"]["scenarios"]
    found = msgspec.convert(last, LastSeed)
    assert (found.request.scenarios, found.summary.scenarios) == ([], [])


@pytest.mark.parametrize(
    ("scenarios", "detail"),
    [
        (["empty", "emty"], f'`scenarios` has "emty", which must be one of {", ".join(SCENARIOS)}'),
        (["empty", "no-patients", "empty"], "`scenarios` must have empty only once"),
        (["Empty"], '`scenarios` has "Empty", which must be one of'),
    ],
)
async def test_other_names_are_refused(
    client: httpx.AsyncClient, scenarios: list[str], detail: str
) -> None:
    response = await client.post("/api/db/seed", json={"scenarios": scenarios})
    assert response.status_code == 400
    assert detail in response.json()["detail"]


async def test_a_dry_run_changes_nothing(shared: Shared, client: httpx.AsyncClient) -> None:
    await seed(client, **FEW)
    before = snapshot(shared.database_url)
    summary = await seed(client, "?dryRun=true", **FEW, scenarios=["empty", "calendar-edges"])
    assert [each["name"] for each in summary["scenarios"]] == ["empty", "calendar-edges"]
    assert snapshot(shared.database_url) == before


async def test_a_scenario_that_breaks_its_guarantee_leaves_the_old_rows(
    shared: Shared, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seed(client, **FEW)
    before = snapshot(shared.database_url)
    wrong = replace(empty.SCENARIO, guarantees=no_patients.SCENARIO.guarantees)
    monkeypatch.setattr(empty, "SCENARIO", wrong)
    response = await client.post("/api/db/seed", json={**FEW, "scenarios": ["empty"]})
    assert response.status_code == 500
    assert "the clinic has several practitioners" in response.json()["detail"]
    assert snapshot(shared.database_url) == before


async def test_a_large_seed_creates_its_indexes_first(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules of a scenario read along them."""
    monkeypatch.setattr(kinds, "LARGE", 10)
    stream = {**JSON, "Accept": "application/x-ndjson"}
    body = json.dumps({**FEW, "scenarios": ["empty", "long-history"]})
    response = await client.post("/api/db/seed?reset=drop", content=body, headers=stream)
    *_, finished = events = [json.loads(line) for line in response.text.splitlines()]
    steps = [event["step"] for event in events if event["event"] == "done"]
    assert steps[-4:] == ["indexes", "audit", "scenarios", "commit"]
    [done] = [each for each in events if each["event"] == "done" and each["step"] == "scenarios"]
    added = finished["summary"]["scenarios"]
    assert done["rows"] == sum(sum(each["created"].values()) for each in added)


async def test_the_scenarios_are_listed(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/db/scenarios")).json()
    assert [each["name"] for each in listed] == [*SCENARIOS]
    for each in listed:
        scenario = SCENARIOS[each["name"]]
        assert each["purpose"] == scenario.purpose
        assert each["purpose"].endswith(".")
        assert each["guarantees"] == [rule.name for rule in scenario.guarantees]
        assert len({*each["guarantees"]}) == len(each["guarantees"])
    schemas = (await client.get("/schema/openapi.json")).json()["components"]["schemas"]
    names = schemas["DataSetRequest"]["properties"]["scenarios"]["items"]["enum"]
    assert names == [*SCENARIOS]

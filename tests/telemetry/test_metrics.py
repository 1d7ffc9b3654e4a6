"""`GET /metrics` has requests, seeds, restores and the pool, and nothing of a request or a row."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.seed.unit_of_work import exclusive_transaction
from app.settings import Environment, Settings, parse_database_url
from conftest import NewDatabase, make_app, make_app_of, open_app, open_client, seed

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 3}
DURATION = "seedbed_operation_duration_seconds"


@pytest.fixture
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(Environment.TEST, parse_database_url(database_url), metrics=True)
    async with open_client(make_app_of(settings)) as client:
        yield client


async def scrape(client: httpx.AsyncClient) -> dict[str, float]:
    """Return each sample by its name and labels, as Prometheus reads them."""
    response = await client.get("/metrics")
    assert response.status_code == 200
    return {
        " ".join([sample.name, *map("=".join, sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def requests(method: str, path: str, status: int) -> str:
    labels = f"app_name=seedbed method={method} path={path} status_code={status}"
    return f"seedbed_requests_total {labels}"


async def test_what_happens_is_counted(client: httpx.AsyncClient) -> None:
    """A seed, a dry run, a restore and a failed one, with their durations, and all requests."""
    before = await scrape(client)
    summary = await seed(client, **FEW)
    await seed(client, "?dryRun=true", **FEW)
    await client.get("/api/patients/00000000-0000-4000-8000-000000000000")
    for name, status in (("seeded", 200), ("none", 404)):
        restored = await client.post(f"/api/db/snapshots/{name}/restore")
        assert restored.status_code == status
    after = await scrape(client)
    grown = {name for name, value in after.items() if value == before.get(name, 0) + 1}
    assert {
        f"{DURATION}_count operation=seed outcome=done",
        f"{DURATION}_count operation=dry_run outcome=done",
        f"{DURATION}_count operation=restore outcome=done",
        f"{DURATION}_count operation=restore outcome=failed",
        requests("POST", "/api/db/seed", 201),
        requests("POST", "/api/db/seed", 200),
        requests("GET", "/api/patients/{patient_id}", 401),
        requests("POST", "/api/db/snapshots/{name}/restore", 200),
        requests("POST", "/api/db/snapshots/{name}/restore", 404),
    } <= grown
    assert after["seedbed_pool_connections_in_use"] == before["seedbed_pool_connections_in_use"]
    assert after["seedbed_pool_connections_opened_total"] > 0
    assert after["seedbed_operations_in_progress operation=seed"] == 0
    text = (await client.get("/metrics")).text
    user = summary["signIn"]["users"][0]
    for word in (user["email"], *user["name"].split(), user["userId"], user["organization"]):
        assert word not in text


async def test_a_failed_stream_is_a_failed_seed(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Its status is 200, because the response has started."""
    name = f"{DURATION}_count operation=seed outcome=failed"
    await seed(client, **FEW)
    before = (await scrape(client)).get(name, 0)
    other = make_app(database_url)
    async with open_client(other), exclusive_transaction(other.state.engine):
        headers = {"Accept": "application/x-ndjson"}
        response = await client.post("/api/db/seed", json=FEW, headers=headers)
    assert (response.status_code, response.json()["event"]) == (200, "failed")
    assert (await scrape(client))[name] == before + 1


async def test_metrics_are_off_by_default(new_sqlite: NewDatabase) -> None:
    """There is no such route."""
    async with open_app(new_sqlite()) as client:
        assert (await client.get("/metrics")).status_code == 404

"""What `GET /api/db/seed` remembers of the seed that made the current data."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from litestar import Litestar

from app.database import migrations
from app.seed.progress.steps import Steps
from app.settings import Environment
from conftest import open_app, seed

pytestmark = pytest.mark.slow

MODES = ("delete", "drop")
MILLISECOND = timedelta(milliseconds=1)  # the resolution of a reported time


async def last_seed(client: httpx.AsyncClient) -> Any:
    response = await client.get("/api/db/seed")
    assert response.status_code == 200, response.text
    return response.json()


async def assert_never_seeded(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/db/seed")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "POST /api/db/seed" in response.json()["detail"]


@pytest.mark.empty_database
async def test_nothing_was_seeded_before_the_first_seed(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """Without tables, with empty ones, and after dry runs there is none: 404, which says how."""
    await assert_never_seeded(client)
    await seed(client, "?dryRun=true")
    await assert_never_seeded(client)
    async with app.state.engine.begin() as connection:
        await connection.run_sync(migrations.upgrade, app.state.settings)
    await assert_never_seeded(client)
    for mode in MODES:
        await seed(client, f"?dryRun=true&reset={mode}")
        await assert_never_seeded(client)


async def test_it_has_the_request_and_the_response(client: httpx.AsyncClient) -> None:
    """After either reset it tells when, the body with its defaults, and the same summary."""
    for number, mode in enumerate(MODES, 1):
        before = datetime.now(UTC) - MILLISECOND
        answered = await seed(client, f"?reset={mode}", patients=number, asOf="2028-02-29")
        found = await last_seed(client)
        assert before < datetime.fromisoformat(found["seededAt"]) < datetime.now(UTC)
        assert found["request"] == {
            "users": 10,
            "organizations": 3,
            "patients": number,
            "plansPerPatient": 3,
            "appointmentWeeks": 4,
            "randomSeed": 2025,
            "asOf": "2028-02-29",
            "scenarios": [],
        }
        took, kept = answered.pop("durationMs"), found["summary"].pop("durationMs")
        assert found["summary"] == answered
        assert took["steps"].pop("commit") > 0
        assert kept["steps"] == took["steps"]
        assert 0 < kept["total"] <= took["total"]


async def test_a_default_day_is_reported(client: httpx.AsyncClient) -> None:
    """After a seed without a body it returns the data set's "today"."""
    answered = await seed(client)
    assert (await last_seed(client))["request"]["asOf"] == answered["asOf"]


async def test_what_was_rolled_back_leaves_it(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dry runs, and runs that fail when all is written, are as if they had not been."""
    await seed(client, randomSeed=1)
    before = await last_seed(client)
    for mode in MODES:
        await seed(client, f"?dryRun=true&reset={mode}")
        assert await last_seed(client) == before
    step = Steps.step

    def fail_before_commit(steps: Steps, name: str, *expected: Any) -> Any:
        if name == "commit":
            raise RuntimeError
        return step(steps, name, *expected)

    monkeypatch.setattr(Steps, "step", fail_before_commit)
    for mode in MODES:
        assert (await client.post(f"/api/db/seed?reset={mode}")).status_code == 500
        assert await last_seed(client) == before


async def test_production_keeps_it_to_itself(client: httpx.AsyncClient, database_url: str) -> None:
    """There it is refused, with anything in the database."""
    await seed(client)
    async with open_app(database_url, Environment.PRODUCTION) as production:
        response = await production.get("/api/db/seed")
    assert response.status_code == 403
    assert [each["code"] for each in response.json()["reasons"]] == ["PRODUCTION"]


async def test_what_other_code_wrote_is_as_good_as_nothing(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """After a change of what a summary says, one seeds again."""
    await seed(client)
    async with app.state.engine.begin() as connection:
        await connection.execute(sa.text("""UPDATE last_seed SET document = '{"summary": {}}'"""))
    await assert_never_seeded(client)
    await seed(client)
    await last_seed(client)

"""All scenarios keep their guarantees, for any random seed and any date."""

from datetime import date

import pytest

from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.clinic import clinic_request
from conftest import Shared, seed
from seed.scenarios.made import create, transaction

DATES = (
    "2000-01-01",  # the first one
    "2024-02-29",
    "2026-04-05",  # a Sunday, on which daylight saving ends
    "2026-07-01",
    "2026-12-25",
    "2027-12-31",
    "2028-10-02",
    "2099-12-31",  # the last one
)


@pytest.fixture(scope="module", autouse=True)
async def _seeded(shared: Shared) -> None:
    await seed(shared.client, users=1, organizations=1, patients=0)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_guarantees_hold_on_any_date(shared: Shared, name: str) -> None:
    async with transaction(shared) as session:
        # PostgreSQL takes longer to plan the rules than to check them.
        dates = DATES[::3] if session.get_bind().dialect.name == "postgresql" else DATES
        for random_seed, as_of in enumerate(dates):
            request = clinic_request(random_seed, date.fromisoformat(as_of))
            made = await create(session, name, request)
            assert {check.rule for check in made.checks} >= {
                rule.name for rule in SCENARIOS[name].guarantees
            }


@pytest.mark.parametrize("name", SCENARIOS)
async def test_guarantees_hold_with_another_name(shared: Shared, name: str) -> None:
    """A client may choose the name of a clinic that it adds."""
    async with transaction(shared) as session:
        made = await create(session, name, name="Worker 3")
    assert made.content.organizations[0][0].name == "Worker 3"

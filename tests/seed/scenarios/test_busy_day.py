"""The API finds the one free half hour of `busy-day`, and nothing else."""

from datetime import date
from typing import Any

import pytest

from app.seed.scenarios.clinic import clinic_request
from conftest import Shared, seed
from seed.scenarios.made import create, transaction

# A Monday, and a Sunday, on which practitioners have extra hours only, each in one database.
DATES = (("sqlite", "2027-08-30"), ("postgresql", "2026-11-22"))


@pytest.fixture(scope="module", autouse=True)
async def _seeded(shared: Shared) -> None:
    await seed(shared.client, users=1, organizations=1, patients=0)


@pytest.mark.parametrize(("shared", "as_of"), DATES, indirect=["shared"], scope="module")
async def test_one_appointment_fits_in(shared: Shared, as_of: str) -> None:
    """It starts at one time, with one practitioner, and lasts for 30 minutes at most."""
    async with transaction(shared) as session:
        made = await create(session, "busy-day", clinic_request(7, date.fromisoformat(as_of)))
        await session.commit()
    users = [str(user.id) for user in made.content.users]
    [signed_in] = (await shared.client.post("/api/db/sessions", json={"users": users[:1]})).json()
    headers = {"Authorization": f"Bearer {signed_in['token']}"}
    starts: dict[int, list[Any]] = {}
    for kind in made.content.rows["appointment_types"]:
        for user in users:
            query = {"userId": user, "typeId": str(kind["id"]), "from": as_of, "to": as_of}
            found = await shared.client.get("/api/appointments/free", params=query, headers=headers)
            [day] = found.raise_for_status().json()["days"]
            starts.setdefault(kind["duration_minutes"], []).extend(
                (user, time["startTime"]) for time in day["times"]
            )
    assert starts[45] == starts[60] == []
    # Two types last for 30 minutes.
    assert len(starts[30]) == 2
    assert len(set(starts[30])) == 1

"""The requests of `conflict-week` over HTTP, each to the clinic as it was created."""

from datetime import date
from typing import Any

import httpx
import pytest

from app.seed.scenarios.clinic import clinic_request
from app.seed.scenarios.scenario import ScenarioRequest
from conftest import Shared, seed
from seed.scenarios.made import create, transaction

# A Friday at the end of a year, and a Sunday, each in one database.
DATES = (("sqlite", "2027-12-31"), ("postgresql", "2026-11-22"))
REFUSED = (403, 409)


@pytest.fixture(scope="module", autouse=True)
async def _seeded(shared: Shared) -> None:
    await seed(shared.client, users=1, organizations=1, patients=0)


async def send(client: httpx.AsyncClient, request: ScenarioRequest, token: str) -> httpx.Response:
    return await client.request(
        request.method,
        request.path,
        json=request.body,
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.mark.parametrize(("shared", "as_of"), DATES, indirect=["shared"], scope="module")
async def test_every_request_is_refused_or_accepted_as_listed(shared: Shared, as_of: str) -> None:
    client = shared.client
    async with transaction(shared) as session:
        request = clinic_request(7, date.fromisoformat(as_of))
        made = await create(session, "conflict-week", request)
        await session.commit()
    await client.put("/api/db/clock", json={"now": f"{as_of}T01:00:00Z", "isFrozen": True})
    users = [str(user.id) for user in made.content.users]
    sessions = (await client.post("/api/db/sessions", json={"users": users})).json()
    tokens = {session["userId"]: session["token"] for session in sessions}
    await client.put("/api/db/snapshots/created")
    unexpected = []
    for each in made.requests:
        response = await send(client, each, tokens[str(each.user_id)])
        refused_for = response.json().get("inTheWay") if response.content else None
        if (response.status_code, refused_for) != (each.status, each.in_the_way):
            unexpected.append((each.title, each.body, response.status_code, response.text))
        restored: Any = (await client.post("/api/db/snapshots/created/restore")).json()
        assert (each.status in REFUSED) is (restored["undone"] == {}), each.title
    assert unexpected == []
    assert {each.status in REFUSED for each in made.requests} == {True, False}
    assert len({each.title for each in made.requests}) == len(made.requests)

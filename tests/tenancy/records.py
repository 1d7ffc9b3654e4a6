"""What the clinics of the scene have written down, some of it hidden again."""

from typing import Any

import httpx

from tenancy.people import TenantUser, bearer

ADA = {"firstName": "Ada", "lastName": "Anybody", "dateOfBirth": "1980-02-29"}
COURSE = {
    "title": "Walking",
    "startDate": "2025-01-01",
    "numberOfSessions": 6,
    "sessionFrequency": 2,
}
ROOMS = ("Room with the blue door", "Room with the red door")


async def create_row(client: httpx.AsyncClient, owner: TenantUser) -> dict[str, str]:
    """Create two patients of one name, plans and rooms; delete one of each, and return which."""
    visible, patient = [await _create(client, owner, "patients", ADA) for _ in range(2)]
    course = COURSE | {"patientId": visible, "therapistId": owner.id}
    _, plan = [await _create(client, owner, "treatment-plans", course) for _ in range(2)]
    _, room = [await _create(client, owner, "rooms", {"name": name}) for name in ROOMS]
    await _call(client, owner, "DELETE", f"rooms/{room}")
    await _call(client, owner, "DELETE", f"patients/{patient}")
    await _call(client, owner, "DELETE", f"treatment-plans/{plan}")
    return {"patients": patient, "treatment_plans": plan, "rooms": room}


async def _create(client: httpx.AsyncClient, owner: TenantUser, path: str, body: Any) -> str:
    return str((await _call(client, owner, "POST", path, json=body)).json()["id"])


async def _call(
    client: httpx.AsyncClient, owner: TenantUser, method: str, path: str, **parts: Any
) -> httpx.Response:
    headers = bearer(owner.token)
    response = await client.request(method, f"/api/{path}", headers=headers, **parts)
    return response.raise_for_status()

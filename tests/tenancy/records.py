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
# A day on which the owner works and has one appointment, and at which times.
BOOKED_DAY = {"date": "2031-05-05", "startTime": "10:00:00"}
WORKING_DAY = {
    "date": "2031-05-05",
    "startTime": "10:00:00",
    "endTime": "13:00:00",
    "isAvailable": True,
    "reason": "other",
}
ROOMS = ("Room with the blue door", "Room with the red door")


async def create_row(client: httpx.AsyncClient, owner: TenantUser) -> tuple[dict[str, str], str]:
    """Create patients of one name, plans, rooms and an appointment, and delete one of each kind.

    Return which rows can be restored, and the appointment, which stays.
    """
    visible, patient = [await _create(client, owner, "patients", ADA) for _ in range(2)]
    course = COURSE | {"patientId": visible, "therapistId": owner.id}
    _, plan = [await _create(client, owner, "treatment-plans", course) for _ in range(2)]
    kept, room = [await _create(client, owner, "rooms", {"name": name}) for name in ROOMS]
    booked = await _book(client, owner, visible, kept)
    await _call(client, owner, "DELETE", f"rooms/{room}")
    await _call(client, owner, "DELETE", f"patients/{patient}")
    await _call(client, owner, "DELETE", f"treatment-plans/{plan}")
    return {"patients": patient, "treatment_plans": plan, "rooms": room}, booked


async def _book(client: httpx.AsyncClient, owner: TenantUser, patient: str, room: str) -> str:
    await _create(client, owner, "availability/exceptions", WORKING_DAY)
    kinds = (await _call(client, owner, "GET", "appointment-types")).json()["items"]
    booking = {"patientId": patient, "appointmentTypeId": kinds[0]["id"], "roomId": room}
    return await _create(client, owner, "appointments", booking | BOOKED_DAY)


async def _create(client: httpx.AsyncClient, owner: TenantUser, path: str, body: Any) -> str:
    return str((await _call(client, owner, "POST", path, json=body)).json()["id"])


async def _call(
    client: httpx.AsyncClient, owner: TenantUser, method: str, path: str, **parts: Any
) -> httpx.Response:
    headers = bearer(owner.token)
    response = await client.request(method, f"/api/{path}", headers=headers, **parts)
    return response.raise_for_status()

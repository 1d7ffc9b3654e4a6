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
VISIT = {"code": "MARATHON_RUNNER", "title": "Check of a runner", "durationMinutes": 30}
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


async def create_row(
    client: httpx.AsyncClient, owner: TenantUser
) -> tuple[dict[str, str], dict[str, str]]:
    """Create two patients of one name, plans and rooms, and delete one of each; and book.

    Return what was deleted, and what no seed makes.
    """
    visible, patient = [await _create(client, owner, "patients", ADA) for _ in range(2)]
    course = COURSE | {"patientId": visible, "therapistId": owner.id}
    _, plan = [await _create(client, owner, "treatment-plans", course) for _ in range(2)]
    kind = await _create(client, owner, "appointment-types", VISIT)
    kept, room = [await _create(client, owner, "rooms", {"name": name}) for name in ROOMS]
    await _create(client, owner, "availability/exceptions", WORKING_DAY)
    booking = {"patientId": visible, "appointmentTypeId": kind, "roomId": kept, **BOOKED_DAY}
    booked = await _create(client, owner, "appointments", booking)
    await _call(client, owner, "DELETE", f"rooms/{room}")
    await _call(client, owner, "DELETE", f"patients/{patient}")
    await _call(client, owner, "DELETE", f"treatment-plans/{plan}")
    hidden = {"patients": patient, "treatment_plans": plan, "rooms": room}
    return hidden, {"rooms": kept, "appointment_types": kind, "booked": booked}


async def _create(client: httpx.AsyncClient, owner: TenantUser, path: str, body: Any) -> str:
    return str((await _call(client, owner, "POST", path, json=body)).json()["id"])


async def _call(
    client: httpx.AsyncClient, owner: TenantUser, method: str, path: str, **parts: Any
) -> httpx.Response:
    headers = bearer(owner.token)
    response = await client.request(method, f"/api/{path}", headers=headers, **parts)
    return response.raise_for_status()

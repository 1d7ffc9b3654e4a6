"""A clinic that books appointments: a practitioner with hours, a patient, a room and a type."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx

from app.auth import members, sessions
from app.auth.members import NewMember
from app.auth.models import Role, User
from app.auth.sessions import Client
from auth.clinics import Backend, SignedUpUser
from clinic.client import StaffClient

MONDAY = "2031-01-06"
NEXT_MONDAY = "2031-01-13"
# A Monday whose appointments can start and finish.
PAST_MONDAY = "2025-01-06"
HOURS = {
    "dayOfWeek": "mon",
    "startTime": "09:00:00",
    "endTime": "12:00:00",
    "location": "clinic",
    "maxSessions": 4,
}


def times(start: str, end: str) -> dict[str, str]:
    return {"startTime": f"{start}:00", "endTime": f"{end}:00"}


def later(day: str, days: int) -> str:
    return str(date.fromisoformat(day) + timedelta(days))


@dataclass(frozen=True, slots=True)
class Desk:
    """`colleague` is another practitioner of the clinic, with the same hours."""

    staff: StaffClient
    colleague: SignedUpUser
    patient: Any
    room: Any
    visit: Any

    @property
    def practitioner(self) -> str:
        return str(self.staff.person.id)

    def body(self, start: str = "09:00", **fields: Any) -> dict[str, Any]:
        return {
            "patientId": self.patient["id"],
            "appointmentTypeId": self.visit["id"],
            "date": MONDAY,
            "startTime": f"{start}:00",
        } | fields

    async def book(self, start: str = "09:00", **fields: Any) -> httpx.Response:
        return await self.staff.call("POST", "appointments", json=self.body(start, **fields))

    async def booked(self, start: str = "09:00", **fields: Any) -> Any:
        response = await self.book(start, **fields)
        assert response.status_code == 201, response.text
        return response.json()

    async def update(self, row: Any, **fields: Any) -> httpx.Response:
        return await self.staff.call("PATCH", f"appointments/{row['id']}", json=fields)

    async def set_status(self, row: Any, status: str, **fields: Any) -> httpx.Response:
        path = f"appointments/{row['id']}/status"
        return await self.staff.call("POST", path, json={"status": status} | fields)

    async def done(self, row: Any, *statuses: str) -> Any:
        """Set one status after the other."""
        for status in statuses:
            response = await self.set_status(row, status)
            assert response.status_code == 200, response.text
            row = response.json()
        return row

    async def hours(self, **fields: Any) -> Any:
        return await self.staff.create_row("availability/templates", **HOURS | fields)

    async def exception(self, **fields: Any) -> Any:
        common = {"date": MONDAY, "isAvailable": True, "reason": "other"}
        return await self.staff.create_row("availability/exceptions", **common | fields)

    async def listed(self, **query: Any) -> list[Any]:
        pages = await self.staff.all_pages("appointments", **query)
        return [row for page in pages for row in page]


async def open_desk(backend: Backend) -> Desk:
    clinic = await backend.make_clinic(Role.OWNER, Role.MEMBER)
    owner, colleague = clinic.people
    staff = StaffClient(backend, clinic.id, owner)
    visit = {"code": "FOLLOW_UP", "title": "Follow-up", "durationMinutes": 30}
    desk = Desk(
        staff,
        colleague,
        await staff.patient(),
        await staff.create_row("rooms", name="Room 1"),
        await staff.create_row("appointment-types", **visit),
    )
    for person in clinic.people:
        await desk.hours(userId=str(person.id))
    return desk


async def work_elsewhere(desk: Desk) -> Desk:
    """Let the practitioner of a desk work in another clinic as well, and return the desk there."""
    backend = desk.staff.backend
    other = await open_desk(backend)
    person = desk.staff.person
    token = await join(backend, person.id, other.staff.organization_id)
    there = StaffClient(
        backend, other.staff.organization_id, SignedUpUser(person.id, person.email, [token])
    )
    return Desk(there, other.colleague, other.patient, other.room, other.visit)


async def join(backend: Backend, user_id: UUID, organization_id: UUID) -> str:
    async with backend.session() as session:
        new = NewMember(organization_id=organization_id, user_id=user_id, role=Role.MEMBER)
        await members.add_member(session, new)
        user = await session.get_one(User, user_id)
        opened = await sessions.open_session(session, user, Client())
        await sessions.activate(session, opened, organization_id)
        return opened.token

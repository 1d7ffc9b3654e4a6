"""Find the times at which an appointment can be booked."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.members import find_member
from app.clinic.appointments.booking import can_be_booked
from app.clinic.appointments.calendar import Calendar, Needs, days_from, read_calendar
from app.clinic.appointments.rules import free_starts
from app.clinic.appointments.service import get_type
from app.clinic.availability.effective import too_long
from app.clinic.availability.models import Location
from app.clinic.errors import NotFound
from app.clinic.patients.service import get_patient
from app.clinic.rooms.service import get_room

MAX_FREE_DAYS = 31

# The locations at which an appointment can start, by the start in seconds since midnight.
Starts = Mapping[int, Sequence[Location]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSearch:
    """`last` is included. A room is only used at the location `clinic`."""

    user_id: UUID
    type_id: UUID
    first: datetime.date
    last: datetime.date
    room_id: UUID | None = None
    patient_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FreeStarts:
    duration_minutes: int
    days: Sequence[tuple[datetime.date, Starts]]


async def find_free_starts(session: AsyncSession, caller: Caller, search: FreeSearch) -> FreeStarts:
    """Return when an appointment of a type can start on each date, at which locations.

    Raises `NotFound` or `UnusableRequest`.
    """
    count = (search.last - search.first).days + 1
    if not 1 <= count <= MAX_FREE_DAYS:
        raise too_long(MAX_FREE_DAYS)
    clinic = caller.organization_id
    if not await find_member(session, clinic, search.user_id):
        raise NotFound("practitioner")
    minutes = (await get_type(session, caller, search.type_id)).duration_minutes
    room = await get_room(session, caller, search.room_id) if search.room_id else None
    dates = [days_from(search.first, days) for days in range(count)]
    if search.patient_id:
        patient = await get_patient(session, caller, search.patient_id)
        if not can_be_booked(patient):
            return FreeStarts(minutes, [(date, {}) for date in dates])
    needs = Needs(
        organization_id=clinic,
        therapist_id=search.user_id,
        room=room,
        patient_id=search.patient_id,
    )
    calendar = await read_calendar(session, needs, search.first, search.last)
    locations = [Location.CLINIC] if room else list(Location)
    length = minutes * 60
    return FreeStarts(minutes, [(date, _on(calendar, date, locations, length)) for date in dates])


def _on(
    calendar: Calendar, date: datetime.date, locations: Sequence[Location], length: int
) -> Starts:
    found: defaultdict[int, list[Location]] = defaultdict(list)
    for location in locations:
        for start in free_starts(calendar.on(date, location), length):
            found[start].append(location)
    return dict(sorted(found.items()))

"""What is booked and offered on some dates, read for the rules of appointments."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from app.clinic.appointments.errors import AffectedAppointment
from app.clinic.appointments.models import Appointment, AppointmentStatus
from app.clinic.appointments.rules import NOT_COUNTED, Day, Offer
from app.clinic.availability.hours import Exceptions, Templates, read_exceptions, read_templates
from app.clinic.availability.models import Location
from app.clinic.availability.rules import DAY, TimeRange, clock_time, slot_of
from app.clinic.rooms.models import Room

COUNTS = col(Appointment.status).not_in(NOT_COUNTED)
COLUMNS = (
    col(Appointment.id),
    col(Appointment.organization_id),
    col(Appointment.patient_id),
    col(Appointment.date),
    col(Appointment.start_time),
    col(Appointment.end_time),
    col(Appointment.location),
    col(Appointment.status),
)


@dataclass(frozen=True, slots=True)
class BookedTime:
    """An appointment that counts."""

    id: UUID
    organization_id: UUID
    patient_id: UUID
    date: datetime.date
    slot: TimeRange
    location: Location
    status: AppointmentStatus

    def describe(self) -> dict[str, str]:
        return {
            "id": str(self.id),
            "date": str(self.date),
            "startTime": clock_time(self.slot.start),
            "endTime": clock_time(self.slot.end),
        }

    def as_affected(self) -> AffectedAppointment:
        return AffectedAppointment(
            id=self.id,
            date=self.date,
            start_time=clock_time(self.slot.start),
            end_time=clock_time(self.slot.end),
            patient_id=self.patient_id,
        )


Booked = Mapping[datetime.date, Sequence[BookedTime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Who and what an appointment needs, except its time; `besides` is the one that moves."""

    organization_id: UUID
    therapist_id: UUID
    room: Room | None = None
    patient_id: UUID | None = None
    besides: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """All that `needs` depend on, for some dates."""

    needs: Needs
    templates: Templates
    exceptions: Exceptions
    practitioner: Booked
    room: Booked
    patient: Booked

    def on(self, date: datetime.date, location: Location) -> Day:
        exceptions = self.exceptions.get((self.needs.therapist_id, date), ())
        return Day(
            offered=self.offers(date, location),
            unavailable=[
                slot_of(row.start_time, row.end_time) for row in exceptions if not row.is_available
            ],
            practitioner=[slot for slot, _ in self.near(date)],
            held=[booked.slot for booked in self.held(date, location)],
            room=[booked.slot for booked in self.room.get(date, ())],
            room_capacity=self.needs.room.capacity if self.needs.room else 1,
            patient=[booked.slot for booked in self.patient.get(date, ())],
        )

    def offers(self, date: datetime.date, location: Location) -> list[Offer]:
        """Return the hours at a location; an exception that adds time offers every location."""
        practitioner = self.needs.therapist_id
        templates = self.templates.get((practitioner, date.weekday()), ())
        exceptions = self.exceptions.get((practitioner, date), ())
        return [
            *(
                Offer(slot_of(row.start_time, row.end_time), row.max_sessions)
                for row in templates
                if row.location is location
            ),
            *(
                Offer(slot_of(row.start_time, row.end_time))
                for row in exceptions
                if row.is_available
            ),
        ]

    def held(self, date: datetime.date, location: Location) -> list[BookedTime]:
        """Return the practitioner's appointments of the clinic at a location."""
        return [
            booked
            for booked in self.practitioner.get(date, ())
            if booked.organization_id == self.needs.organization_id and booked.location is location
        ]

    def near(self, date: datetime.date) -> list[tuple[TimeRange, BookedTime]]:
        """Return the practitioner's appointments, first those of the clinic.

        Those of the days before and after have times below zero or above a day, for the gap at
        midnight.
        """
        found = [
            (TimeRange(booked.slot.start + days * DAY, booked.slot.end + days * DAY), booked)
            for days in (0, -1, 1)
            if days_from(date, days) != date or not days
            for booked in self.practitioner.get(days_from(date, days), ())
        ]
        return sorted(found, key=lambda each: each[1].organization_id != self.needs.organization_id)


def days_from(date: datetime.date, days: int) -> datetime.date:
    """Return a date some days later, at most the last one that exists."""
    last, first = datetime.date.max.toordinal(), datetime.date.min.toordinal()
    return datetime.date.fromordinal(min(max(date.toordinal() + days, first), last))


async def read_calendar(
    session: AsyncSession, needs: Needs, first: datetime.date, last: datetime.date
) -> Calendar:
    """Read everything for some dates, `last` included, in at most five statements."""
    clinic, people = needs.organization_id, [needs.therapist_id]
    of_clinic = [col(Appointment.organization_id) == clinic, between(first, last)]
    if needs.besides:
        of_clinic.append(col(Appointment.id) != needs.besides)
    own = [
        col(Appointment.therapist_id) == needs.therapist_id,
        between(days_from(first, -1), days_from(last, 1)),
        *([col(Appointment.id) != needs.besides] if needs.besides else []),
    ]
    room, patient = col(Appointment.room_id), col(Appointment.patient_id)
    return Calendar(
        needs=needs,
        templates=await read_templates(session, clinic, people),
        exceptions=await read_exceptions(session, clinic, people, first, last),
        practitioner=await read_booked(session, *own),
        room=await read_booked(session, *of_clinic, room == needs.room.id) if needs.room else {},
        patient=await read_booked(session, *of_clinic, patient == needs.patient_id)
        if needs.patient_id
        else {},
    )


def between(first: datetime.date, last: datetime.date) -> ColumnElement[bool]:
    return col(Appointment.date).between(first, last)


async def read_booked(session: AsyncSession, *conditions: ColumnElement[bool]) -> Booked:
    """Return the times of appointments that count, by date and in order."""
    connection = await session.connection()
    # Sorted here: a database would read all of the clinic in the order of its lists instead.
    found = sorted(
        (await connection.execute(select(*COLUMNS).where(*conditions, COUNTS))).all(),
        key=lambda row: (row.date, row.start_time, row.id),
    )
    days: defaultdict[datetime.date, list[BookedTime]] = defaultdict(list)
    for id_, organization_id, patient_id, date, start, end, location, status in found:
        slot = slot_of(start, end)
        days[date].append(
            BookedTime(id_, organization_id, patient_id, date, slot, location, status)
        )
    return days

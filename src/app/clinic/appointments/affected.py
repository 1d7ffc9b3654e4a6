"""Refuse changes of hours, rooms and plans that would leave appointments without a place.

Each change has locked the practitioner, the room or the plan, as bookings do; see `locks.py`.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col, func
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.clinic.appointments.calendar import COUNTS, BookedTime, Calendar, Needs, read_booked
from app.clinic.appointments.errors import (
    AffectedAppointment,
    hours_needed,
    plan_needed,
    room_needed,
    room_too_small,
)
from app.clinic.appointments.models import Appointment
from app.clinic.appointments.rules import MOVABLE, find_crowded, find_unfit
from app.clinic.availability.hours import read_exceptions, read_templates
from app.clinic.availability.models import (
    AvailabilityException,
    Location,
    WeeklyAvailabilityTemplate,
)
from app.clinic.rooms.models import Room
from app.clinic.rooms.rules import most_at_once
from app.clinic.treatment_plans.models import TreatmentPlan

Slot = WeeklyAvailabilityTemplate | AvailabilityException


async def check_hours(session: AsyncSession, before: Slot | None, after: Slot | None) -> None:
    """Raise `AppointmentsAffected` for upcoming ones that a slot would no longer allow.

    A created exception has no `before`, and a deleted slot no `after`. Appointments that the hours
    do not allow anyway are not in the way.
    """
    if affected := _to_come(await _find_without_hours(session, before, after)):
        raise hours_needed(affected)


async def check_room(session: AsyncSession, room: Room, capacity: int | None = None) -> None:
    """Raise `AppointmentsAffected` for upcoming ones, or those that a capacity is too small for."""
    booked = await _read_from_today(
        session, room.organization_id, col(Appointment.room_id) == room.id
    )
    affected = _to_come(
        times[place]
        for times in booked.values()
        for place in find_crowded([each.slot for each in times], capacity or 0)
    )
    if affected and capacity:
        needed = {on: most_at_once([each.slot for each in times]) for on, times in booked.items()}
        on = max(needed, key=lambda on: (needed[on], -on.toordinal()))
        raise room_too_small(needed[on], on, affected)
    if affected:
        raise room_needed(affected)


async def check_plan(session: AsyncSession, plan: TreatmentPlan) -> None:
    """Raise `AppointmentsAffected` for those outside the dates of a plan, or beyond its number."""
    days = await read_booked(session, *_of_plan(plan))
    booked = [each for times in days.values() for each in times]
    start, end = plan.start_date, plan.end_date or datetime.date.max
    outside = [each for each in booked if not start <= each.date <= end]
    if affected := outside or booked[plan.number_of_sessions :]:
        raise plan_needed([each.as_affected() for each in affected])


async def find_last_date(
    session: AsyncSession, plan: TreatmentPlan, latest: datetime.date
) -> datetime.date | None:
    """Return the date of the last appointment of a plan up to a date."""
    connection = await session.connection()
    found = select(func.max(col(Appointment.date))).where(
        *_of_plan(plan), col(Appointment.date) <= latest, COUNTS
    )
    return (await connection.execute(found)).scalar_one()


async def _find_without_hours(
    session: AsyncSession, before: Slot | None, after: Slot | None
) -> list[BookedTime]:
    slots = [slot for slot in (before, after) if slot]
    clinic, practitioner = slots[0].organization_id, slots[0].user_id
    booked = await _read_from_today(session, clinic, col(Appointment.therapist_id) == practitioner)
    dates = [date for date in booked if any(_is_on(slot, date) for slot in slots)]
    if not dates:
        return []
    calendar = Calendar(
        needs=Needs(organization_id=clinic, therapist_id=practitioner),
        templates=await read_templates(session, clinic, [practitioner]),
        exceptions=await read_exceptions(session, clinic, [practitioner], dates[0], dates[-1]),
        practitioner=booked,
        room={},
        patient={},
    )
    allowed_no_more = {each.id: each for each in _unfit(_replace(calendar, before, after), dates)}
    for each in _unfit(calendar, dates):
        allowed_no_more.pop(each.id, None)
    return list(allowed_no_more.values())


async def _read_from_today(
    session: AsyncSession, organization_id: UUID, condition: ColumnElement[bool]
) -> Mapping[datetime.date, list[BookedTime]]:
    """Return the appointments of each date, those that have started first."""
    days = await read_booked(
        session,
        _of(organization_id),
        col(Appointment.date) >= clock.earliest_today(),
        condition,
    )
    return {
        date: sorted(times, key=lambda each: each.status in MOVABLE) for date, times in days.items()
    }


def _of(organization_id: UUID) -> ColumnElement[bool]:
    return col(Appointment.organization_id) == organization_id


def _of_plan(plan: TreatmentPlan) -> tuple[ColumnElement[bool], ...]:
    return _of(plan.organization_id), col(Appointment.treatment_plan_id) == plan.id


def _to_come(booked: Iterable[BookedTime]) -> list[AffectedAppointment]:
    """Return those that can still be moved or cancelled: no session that has started today."""
    return [each.as_affected() for each in booked if each.status in MOVABLE]


def _is_on(slot: Slot, date: datetime.date) -> bool:
    if isinstance(slot, AvailabilityException):
        return slot.date == date
    return slot.weekday == date.weekday()


def _unfit(calendar: Calendar, dates: Iterable[datetime.date]) -> Iterator[BookedTime]:
    for date in dates:
        for location in Location:
            held = calendar.held(date, location)
            yield from (held[place] for place in find_unfit(calendar.on(date, location)))


def _replace(calendar: Calendar, before: Slot | None, after: Slot | None) -> Calendar:
    """Return the calendar with another slot in place of one."""
    templates: dict[tuple[UUID, int], list[WeeklyAvailabilityTemplate]] = defaultdict(list)
    exceptions: dict[tuple[UUID, datetime.date], list[AvailabilityException]] = defaultdict(list)
    rows: list[Slot] = [row for rows in calendar.templates.values() for row in rows]
    rows += [row for exceptions_of_day in calendar.exceptions.values() for row in exceptions_of_day]
    rows = [row for row in rows if before is None or row.id != before.id]
    for row in [*rows, after] if after else rows:
        if isinstance(row, AvailabilityException):
            exceptions[row.user_id, row.date].append(row)
        else:
            templates[row.user_id, row.weekday].append(row)
    return replace(calendar, templates=templates, exceptions=exceptions)

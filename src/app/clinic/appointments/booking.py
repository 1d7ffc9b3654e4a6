"""Check an appointment against the rules; a refusal says what is in the way and what is free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.clinic.appointments.calendar import (
    COUNTS,
    BookedTime,
    Calendar,
    Needs,
    days_from,
    read_calendar,
)
from app.clinic.appointments.errors import AppointmentRefused
from app.clinic.appointments.models import Appointment
from app.clinic.appointments.refusals import (
    SEARCHED_DAYS,
    Refusal,
    not_bookable,
    outside_hours,
    outside_plan,
    patient_busy,
    plan_full,
    plan_of_another,
    practitioner_busy,
    room_full,
    slot_full,
)
from app.clinic.appointments.rules import (
    NOT_BOOKED,
    InTheWay,
    Obstacle,
    find_obstacle,
    find_room_obstacle,
    free_starts,
    is_within_hours,
)
from app.clinic.availability.models import Location, WeeklyAvailabilityTemplate
from app.clinic.availability.rules import TimeRange, clock_time, slot_of
from app.clinic.patients.models import Patient
from app.clinic.rooms.models import Room
from app.clinic.treatment_plans.models import TreatmentPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The rows that an appointment refers to, locked until the transaction ends."""

    patient: Patient
    plan: TreatmentPlan | None
    room: Room | None


async def check_appointment(
    session: AsyncSession, calendar: Calendar, wanted: Appointment, parties: Parties
) -> None:
    """Raise `AppointmentRefused` for the first rule that the appointment breaks."""
    refusal = _about_patient(parties.patient) or await _about_plan(session, wanted, parties.plan)
    if refusal is None:
        obstacle = find_obstacle(time_of(wanted), calendar.on(wanted.date, wanted.location))
        refusal = _describe(obstacle, calendar, wanted, parties) if obstacle else None
    await _raise(session, wanted, parties, refusal)


async def check_room(
    session: AsyncSession, calendar: Calendar, wanted: Appointment, parties: Parties
) -> None:
    """Raise `AppointmentRefused` if the room is full."""
    obstacle = find_room_obstacle(time_of(wanted), calendar.on(wanted.date, wanted.location))
    refusal = _describe(obstacle, calendar, wanted, parties) if obstacle else None
    await _raise(session, wanted, parties, refusal)


async def check_plan(session: AsyncSession, wanted: Appointment, parties: Parties) -> None:
    """Raise `AppointmentRefused` if the treatment plan does not allow the appointment."""
    await _raise(session, wanted, parties, await _about_plan(session, wanted, parties.plan))


def find_location(calendar: Calendar, on: date, time: TimeRange) -> Location:
    """Return the location of the hours at a time, or else of the nearest template of that day."""
    templates = calendar.templates.get((calendar.needs.therapist_id, on.weekday()), ())

    def distance(row: WeeklyAvailabilityTemplate) -> int:
        slot = slot_of(row.start_time, row.end_time)
        return max(slot.start - time.end, time.start - slot.end)

    locations: list[Location] = [row.location for row in sorted(templates, key=distance)]
    locations.extend(Location)
    fitting = (each for each in locations if is_within_hours(time, calendar.on(on, each)))
    return next(fitting, locations[0])


def time_of(row: Appointment) -> TimeRange:
    return slot_of(row.start_time, row.end_time)


def needs_of(wanted: Appointment, parties: Parties) -> Needs:
    return Needs(
        organization_id=wanted.organization_id,
        therapist_id=wanted.therapist_id,
        room=parties.room,
        patient_id=wanted.patient_id,
        besides=wanted.id,
    )


async def _raise(
    session: AsyncSession, wanted: Appointment, parties: Parties, refusal: Refusal | None
) -> None:
    if refusal is None:
        return
    free = await _find_next_free(session, wanted, parties) if refusal.may_be_later else None
    raise AppointmentRefused(refusal, free)


def can_be_booked(patient: Patient) -> bool:
    return patient.status not in NOT_BOOKED


def _about_patient(patient: Patient) -> Refusal | None:
    return None if can_be_booked(patient) else not_bookable(patient.status)


async def _about_plan(
    session: AsyncSession, wanted: Appointment, plan: TreatmentPlan | None
) -> Refusal | None:
    if plan is None:
        return None
    if plan.patient_id != wanted.patient_id:
        return plan_of_another()
    if not plan.start_date <= wanted.date <= (plan.end_date or date.max):
        return outside_plan(plan.start_date, plan.end_date)
    others = select(func.count()).where(
        COUNTS,
        col(Appointment.organization_id) == wanted.organization_id,
        col(Appointment.treatment_plan_id) == plan.id,
        col(Appointment.id) != wanted.id,
    )
    if (await session.exec(others)).one() >= plan.number_of_sessions:
        return plan_full(plan.number_of_sessions)
    return None


def _describe(
    obstacle: Obstacle, calendar: Calendar, wanted: Appointment, parties: Parties
) -> Refusal:
    clash = _clash(obstacle, calendar, wanted)
    match obstacle.what:
        case InTheWay.PRACTITIONER if clash:
            is_own = clash.organization_id == wanted.organization_id
            return practitioner_busy(clash.describe() if is_own else None)
        case InTheWay.ROOM if clash and parties.room:
            return room_full(parties.room.capacity, clash.describe())
        case InTheWay.PATIENT if clash:
            return patient_busy(clash.describe())
        case InTheWay.SLOT:
            return slot_full()
    return outside_hours(wanted.location)


def _clash(obstacle: Obstacle, calendar: Calendar, wanted: Appointment) -> BookedTime | None:
    if obstacle.clash is None:
        return None
    if obstacle.what is InTheWay.PRACTITIONER:
        return calendar.near(wanted.date)[obstacle.clash][1]
    booked = calendar.room if obstacle.what is InTheWay.ROOM else calendar.patient
    return booked[wanted.date][obstacle.clash]


async def _find_next_free(
    session: AsyncSession, wanted: Appointment, parties: Parties
) -> dict[str, str] | None:
    """Return the next time of the same length that breaks no rule."""
    first, last = wanted.date, days_from(wanted.date, SEARCHED_DAYS)
    if plan := parties.plan:
        first, last = max(first, plan.start_date), min(last, plan.end_date or last)
    if first > last:
        return None
    calendar = await read_calendar(session, needs_of(wanted, parties), first, last)
    free = next(_free_times(calendar, wanted, first, last), None)
    return free and {
        "date": str(free[0]),
        "startTime": clock_time(free[1].start),
        "endTime": clock_time(free[1].end),
    }


def _free_times(
    calendar: Calendar, wanted: Appointment, first: date, last: date
) -> Iterator[tuple[date, TimeRange]]:
    time = time_of(wanted)
    length = time.end - time.start
    for days in range((last - first).days + 1):
        on = days_from(first, days)
        earliest = time.start if on == wanted.date else 0
        for start in free_starts(calendar.on(on, wanted.location), length, earliest):
            if (on - wanted.date).days < SEARCHED_DAYS or start <= time.start:
                yield on, TimeRange(start, start + length)

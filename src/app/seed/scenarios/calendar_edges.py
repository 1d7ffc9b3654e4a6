"""`calendar-edges`: plans, exceptions and appointments on the days that programs get wrong."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import Location
from app.clinic.availability.rules import WEEKDAYS, slot_of
from app.database.bulk import Row
from app.seed.api_rules import check_conflicts, check_effects
from app.seed.appointment_rules import check_appointments, hours_of
from app.seed.data.absences import EXTRA_HOURS
from app.seed.randomness import row_id
from app.seed.request import SeedRequest
from app.seed.scenarios.calendar_days import SUNDAY, CalendarDays, days_near, week_of
from app.seed.scenarios.calendar_edges_rules import RULES
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.plans import plan_row
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.schedule.records import NOTHING
from app.seed.schedule.status import COMING_DAYS
from app.seed.seeders.appointment_types import type_id
from app.seed.seeders.appointments import FOLLOW_UP, INITIAL, TELEHEALTH
from app.seed.seeders.patients import patient_row
from app.seed.seeders.rooms import room_id
from app.seed.seeders.treatment_plans import conditions_of
from app.seed.workdays import is_holiday

DAY = timedelta(days=1)
PLAN_LENGTH = timedelta(weeks=6)
MOST_SESSIONS = 4
FIRST_ROOM = 1
MIDNIGHT, LAST_SECOND = time(0), time(23, 59, 59)
OPENING, CLOSING, LATE_CLOSING = time(9), time(17), time(19)
EARLY, LATE = (MIDNIGHT, time(0, 30)), (time(23, 29, 59), LAST_SECOND)
FIRST, LAST = (OPENING, time(10)), (time(16, 30), CLOSING)
# The clocks go from 02:00 to 03:00, or from 03:00 back to 02:00.
IN_CHANGED_HOUR = (time(2, 15), time(2, 45))


class FixedHours(NamedTuple):
    """The hours of a practitioner: from Monday to Saturday, and on Sundays among the days."""

    number: int
    start: time
    end: time
    location: Location


BY_DAY = FixedHours(0, OPENING, CLOSING, Location.CLINIC)
ALWAYS = FixedHours(1, MIDNIGHT, LAST_SECOND, Location.TELEHEALTH)
PRACTITIONERS = (BY_DAY, ALWAYS)


class Booking(NamedTuple):
    day: date
    times: tuple[time, time]
    patient: Row
    plan: Row | None
    kind: int


def clinic_at_calendar_edges(request: SeedRequest) -> ClinicContent:
    request = replace(request, users=len(PRACTITIONERS), patients=0)
    days = days_near(request.as_of)
    # One patient for each day, and one for those around them.
    patients = [patient_row(request, index) for index in range(len(days) + 1)]
    plans = [
        plan
        for index, day in enumerate(days)
        for plan in _plans(request, patients[index], index, day)
    ]
    by_day = _bookings_by_day(days, patients, plans)
    always = _bookings_at_any_time(days, patients[-1])
    ordinary = ordinary_content(request)
    rows = {
        "weekly_templates": [row for each in PRACTITIONERS for row in _templates(request, each)],
        "availability_exceptions": [
            row for each in PRACTITIONERS for row in _exceptions(request, each, days)
        ],
        "patients": patients,
        "treatment_plans": plans,
        "appointments": [
            *_appointments(request, BY_DAY, by_day),
            *_appointments(request, ALWAYS, always),
        ],
    }
    return ClinicContent(
        users=ordinary.users,
        organizations=ordinary.organizations,
        members=ordinary.members,
        rows={**ordinary.rows, **rows},
    )


def _plans(request: SeedRequest, patient: Row, index: int, day: date) -> Iterator[Row]:
    """Yield a plan that starts on the day, and one that ends on it."""
    starting, ending = conditions_of(request.random_seed, index, 2)
    therapist = BY_DAY.number
    for number, condition, start, end in (
        (2 * index, starting, day, day + PLAN_LENGTH),
        (2 * index + 1, ending, day - PLAN_LENGTH, day),
    ):
        yield plan_row(request, number, patient, index, therapist, condition, start, end)


def _templates(request: SeedRequest, who: FixedHours) -> Iterator[Row]:
    for number, day in enumerate(WEEKDAYS):
        yield {
            **_ids(request, "weekly template", who, number),
            "day_of_week": day,
            "start_time": who.start,
            "end_time": who.end,
            "location": who.location,
            "max_sessions": MOST_SESSIONS,
        }


def _exceptions(request: SeedRequest, who: FixedHours, days: Iterable[date]) -> Iterator[Row]:
    rows = (
        _ids(request, "availability exception", who, number) | _exception(who, number, day)
        for number, day in enumerate(days)
    )
    hours = dict.fromkeys(range(SUNDAY), slot_of(who.start, who.end))
    return check_effects(check_conflicts(rows, "date"), hours)


def _exception(who: FixedHours, number: int, day: date) -> dict[str, object]:
    """Return hours on a Sunday. On other days, return longer hours or an absence."""
    extra = EXTRA_HOURS[number]
    found = {"date": day, "start_time": who.start, "end_time": who.end, "is_available": True}
    if day.weekday() != SUNDAY and who is BY_DAY:
        found |= {"start_time": CLOSING, "end_time": LATE_CLOSING}
    if day.weekday() != SUNDAY and who is ALWAYS:
        why = "holiday" if is_holiday(day) else "vacation"
        times = {"start_time": None, "end_time": None, "is_available": False}
        return {**found, **times, "reason": why, "notes": None}
    return {**found, "reason": extra.reason, "notes": extra.note}


def _ids(request: SeedRequest, kind: str, who: FixedHours, number: int) -> dict[str, object]:
    index = who.number * len(WEEKDAYS) + number
    return {
        "id": row_id(request.random_seed, kind, index),
        "organization_id": row_id(request.random_seed, "organization", 0),
        "user_id": row_id(request.random_seed, "user", who.number),
    }


def _bookings_by_day(
    days: CalendarDays, patients: list[Row], plans: list[Row]
) -> Iterator[Booking]:
    """Yield the first session of the plan that starts, and the last one of the plan that ends."""
    for index, day in enumerate(days):
        starting, ending = plans[2 * index : 2 * index + 2]
        yield Booking(day, FIRST, patients[index], starting, INITIAL)
        yield Booking(day, LAST, patients[index], ending, FOLLOW_UP)


def _bookings_at_any_time(days: CalendarDays, patient: Row) -> Iterator[Booking]:
    for day in (days.clocks_forward, days.clocks_back):
        yield Booking(day, IN_CHANGED_HOUR, patient, None, TELEHEALTH)
    for day in week_of(days.first_of_year):
        if day not in days:
            yield Booking(day, EARLY, patient, None, TELEHEALTH)
            yield Booking(day, LATE, patient, None, TELEHEALTH)


def _appointments(
    request: SeedRequest, who: FixedHours, bookings: Iterable[Booking]
) -> Iterator[Row]:
    rows = [_appointment(request, who, number, booking) for number, booking in enumerate(bookings)]
    days = days_near(request.as_of)
    hours = hours_of(_templates(request, who), _exceptions(request, who, days))
    return check_appointments(rows, hours, request.as_of)


def _appointment(request: SeedRequest, who: FixedHours, number: int, booking: Booking) -> Row:
    start, end = booking.times
    index = number * len(PRACTITIONERS) + who.number
    status = _status(booking.day, request.as_of)
    return {
        "id": row_id(request.random_seed, "appointment", index),
        "organization_id": booking.patient["organization_id"],
        "patient_id": booking.patient["id"],
        "treatment_plan_id": booking.plan and booking.plan["id"],
        "therapist_id": row_id(request.random_seed, "user", who.number),
        "room_id": room_id(request, 0, FIRST_ROOM) if who is BY_DAY else None,
        "appointment_type_id": type_id(request, 0, booking.kind),
        "date": booking.day,
        "start_time": start,
        "end_time": end,
        "location": who.location,
        "status": status,
        **_record(request, booking, status),
    }


def _status(day: date, as_of: date) -> AppointmentStatus:
    if day < as_of:
        return AppointmentStatus.FINISHED
    is_coming = day <= as_of + COMING_DAYS
    return AppointmentStatus.CONFIRMED if is_coming else AppointmentStatus.SCHEDULED


def _record(request: SeedRequest, booking: Booking, status: AppointmentStatus) -> Row:
    if status is AppointmentStatus.SCHEDULED:
        return NOTHING
    noon_before = datetime.combine(min(booking.day, request.as_of) - DAY, time(12), UTC)
    found = {**NOTHING, "confirmed_at": noon_before}
    if status is AppointmentStatus.FINISHED:
        start, end = booking.times
        found |= {"actual_start_time": start, "actual_end_time": end}
    return found


SCENARIO = Scenario(
    name="calendar-edges",
    purpose="Plans, exceptions and appointments on leap days, at the turn of the year and when the "
    "clocks change, for calendars and date arithmetic.",
    build=clinic_at_calendar_edges,
    guarantees=RULES,
)

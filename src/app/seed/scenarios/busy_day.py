"""`busy-day`: a day without a free minute, except one half hour."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import time
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import func, null, select, union_all

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.rules import GAP_MINUTES
from app.clinic.availability.models import Location
from app.clinic.availability.rules import WEEKDAYS
from app.database.bulk import Row
from app.seed.audit.availability import (
    exceptions,
    is_available,
    templates,
    weekday_of_template,
)
from app.seed.audit.bookings import appointments, counts
from app.seed.audit.rule import AS_OF, Rule, minutes, table, weekday_of
from app.seed.constants import MAX_EXCEPTIONS_PER_USER, MAX_TEMPLATES_PER_USER
from app.seed.data.absences import EXTRA_HOURS
from app.seed.data.rooms import APPOINTMENT_TYPES
from app.seed.randomness import RandomDraws
from app.seed.request import SeedRequest
from app.seed.scenarios.api_checks import checked
from app.seed.scenarios.bookings import BookedSession, appointment_rows
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.ordinary import ordinary_rules
from app.seed.scenarios.rules import all_true, any_of, some
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.scenarios.slots import ChangedHours, OfferedHours, exception_row, template_row
from app.seed.seeders.appointments import FOLLOW_UP, TELEHEALTH
from app.seed.seeders.rooms import GYM

PRACTITIONERS = 3
SESSIONS = 4  # of each part of the day
MINUTES = APPOINTMENT_TYPES[FOLLOW_UP].minutes
NOW = time(11, 10)
SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED, CANCELLED, NO_SHOW = AppointmentStatus


class Part(NamedTuple):
    """A part of the day, as long as its sessions and the pauses between them."""

    start: time
    end: time
    location: Location
    kind: int


PARTS = (
    Part(time(8, 30), time(10, 45), Location.CLINIC, FOLLOW_UP),
    Part(time(11), time(13, 15), Location.CLINIC, FOLLOW_UP),
    Part(time(14), time(16, 15), Location.TELEHEALTH, TELEHEALTH),
)
PATIENTS = PRACTITIONERS * SESSIONS * len(PARTS)


def busy_clinic(request: SeedRequest) -> ClinicContent:
    request = replace(request, users=PRACTITIONERS, patients=PATIENTS, appointment_weeks=0)
    ordinary = ordinary_content(request)
    content = dataclasses.replace(
        ordinary,
        rows={
            **ordinary.rows,
            "weekly_templates": _templates(request, ordinary.rows["weekly_templates"]),
            "availability_exceptions": _exceptions(
                request, ordinary.rows["availability_exceptions"]
            ),
            "appointments": appointment_rows(request, _bookings(request)),
        },
    )
    return checked(content, request.as_of)


def _templates(request: SeedRequest, ordinary: Sequence[Row]) -> Sequence[Row]:
    """Return the parts of the day instead of the usual hours; nobody works on Sundays."""
    weekday = request.as_of.weekday()
    if weekday >= len(WEEKDAYS):
        return ordinary
    day, first = WEEKDAYS[weekday], PRACTITIONERS * MAX_TEMPLATES_PER_USER
    added = (
        OfferedHours(user, day, part.start, part.end, part.location, SESSIONS)
        for user in range(PRACTITIONERS)
        for part in PARTS
    )
    return [
        *(row for row in ordinary if row["day_of_week"] is not day),
        *(template_row(request, number, each) for number, each in enumerate(added, first)),
    ]


def _exceptions(request: SeedRequest, ordinary: Sequence[Row]) -> Sequence[Row]:
    """Return extra hours if the day is a Sunday, and no exceptions on other such weekdays."""
    as_of, first = request.as_of, PRACTITIONERS * MAX_EXCEPTIONS_PER_USER
    if as_of.weekday() < len(WEEKDAYS):
        return [row for row in ordinary if row["date"].weekday() != as_of.weekday()]
    added = (
        ChangedHours(user, as_of, part.start, part.end, EXTRA_HOURS[0], is_available=True)
        for user in range(PRACTITIONERS)
        for part in PARTS
    )
    return [
        *ordinary,
        *(exception_row(request, number, each) for number, each in enumerate(added, first)),
    ]


def _bookings(request: SeedRequest) -> Iterator[BookedSession]:
    """Yield the sessions of each practitioner; one of the afternoon is cancelled.

    Practitioners have the ongoing plans of as many patients each, in the order of the patients.
    """
    draws = RandomDraws(request.random_seed, "busy day", 0)
    free = (draws.below(PRACTITIONERS), len(PARTS) - 1, draws.below(SESSIONS))
    patients = iter(range(PATIENTS))
    for user in range(PRACTITIONERS):
        for number, part in enumerate(PARTS):
            for place in range(SESSIONS):
                start = _later(part.start, place * (MINUTES + GAP_MINUTES))
                is_free = (user, number, place) == free
                yield BookedSession(
                    user=user,
                    patient=next(patients),
                    date=request.as_of,
                    start=start,
                    status=CANCELLED if is_free else _status(start),
                    kind=part.kind,
                    location=part.location,
                    room=_room(user) if part.location is Location.CLINIC else None,
                )


def _status(start: time) -> AppointmentStatus:
    if start > NOW:
        return CONFIRMED
    return FINISHED if _later(start, MINUTES) <= NOW else IN_PROGRESS


def _room(user: int) -> int:
    """Return the room: of each two practitioners, the second one treats in the gym."""
    return GYM if user % 2 else 1 + user // 2


def _later(start: time, minutes_later: int) -> time:
    return time(*divmod(start.hour * 60 + start.minute + minutes_later, 60))


members = table("members")
hours = union_all(
    select(
        templates.c.id,
        templates.c.organization_id,
        templates.c.user_id,
        templates.c.start_time,
        templates.c.end_time,
    ).where(weekday_of_template == weekday_of(AS_OF)),
    select(
        exceptions.c.id,
        exceptions.c.organization_id,
        exceptions.c.user_id,
        exceptions.c.start_time,
        exceptions.c.end_time,
    ).where(exceptions.c.date == AS_OF, is_available),
).subquery()
opens, closes = minutes(hours.c.start_time), minutes(hours.c.end_time)
# The end of the hours counts as a session, before which there is a pause as well.
sessions = union_all(
    select(
        hours.c.id,
        opens.label("opens"),
        minutes(appointments.c.start_time).label("starts"),
        minutes(appointments.c.end_time).label("ends"),
    ).join(
        appointments,
        (appointments.c.organization_id == hours.c.organization_id)
        & (appointments.c.therapist_id == hours.c.user_id)
        & (appointments.c.date == AS_OF)
        & (appointments.c.start_time >= hours.c.start_time)
        & (appointments.c.end_time <= hours.c.end_time)
        & counts,
    ),
    select(hours.c.id, opens, closes + GAP_MINUTES, null()),
).subquery()
end_before = func.coalesce(
    func.lag(sessions.c.ends).over(partition_by=sessions.c.id, order_by=sessions.c.starts),
    sessions.c.opens - GAP_MINUTES,
)
pauses = select(
    sessions.c.id, (sessions.c.starts - end_before - GAP_MINUTES).label("free_minutes")
).subquery()
# A session that fits in, with the pause after it.
ONE_SESSION = MINUTES + GAP_MINUTES
free = (
    select(pauses.c.id, pauses.c.free_minutes, func.count().over().label("times"))
    .where(pauses.c.free_minutes > 0)
    .subquery()
)

# The day has other hours, more sessions and more patients than seeded ones.
NOT_KEPT = (
    "every user has three to five weekly templates",
    "templates of a user are on different days",
    "every user has two to four availability exceptions",
    "exceptions lie within the 90 days after asOf",
    "every user has an available exception",
    "every user has an unavailable exception",
    "practitioners take two public holidays of their days, or fewer during a week away",
    "one practitioner in three has an exception within seven days of asOf",
    "one practitioner of a clinic is away for a whole week, if one has three templates",
    "the set has a whole-day exception",
    "the set has a part-day exception",
    "about one patient in 200 has the name of another, and none of the first 20",
    "mobile numbers of patients are distinct while the range lasts",
    "the first appointment of a plan is its initial assessment",
    "the status of an appointment fits its date",
    "one session of each clinic is in progress if it has any on asOf",
    "at most two thirds of the offered sessions of a week are booked",
)

SCENARIO = Scenario(
    name="busy-day",
    purpose="A day that is fully booked except for one half hour, for calendars and the search "
    "for free times.",
    build=busy_clinic,
    guarantees=(
        Rule(
            "every practitioner has hours on asOf",
            members.name,
            select(members.c.id)
            .where(
                ~some(
                    hours,
                    hours.c.organization_id == members.c.organization_id,
                    hours.c.user_id == members.c.user_id,
                )
            )
            .subquery(),
        ),
        Rule(
            "no time of asOf is free, except one that fits a half hour exactly",
            appointments.name,
            free,
            (free.c.free_minutes != ONE_SESSION) | (free.c.times > 1),
        ),
        all_true(
            "one half hour of asOf is free",
            appointments,
            some(free, free.c.free_minutes == ONE_SESSION),
        ),
        any_of(
            "an appointment of asOf is cancelled",
            appointments,
            appointments.c.date == AS_OF,
            appointments.c.status == CANCELLED,
        ),
        Rule(
            "all appointments are on asOf",
            appointments.name,
            appointments,
            appointments.c.date != AS_OF,
        ),
        *ordinary_rules(*NOT_KEPT),
    ),
)

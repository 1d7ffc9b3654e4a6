"""`shared-practitioner`: two clinics with one practitioner in both."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from msgspec.structs import replace

from app.auth.members import NewMember
from app.auth.models import Role
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.rules import counts
from app.clinic.availability.models import Location
from app.clinic.availability.rules import GAP_MINUTES, WEEKDAYS
from app.clinic.treatment_plans.models import PlanStatus
from app.database.bulk import Row
from app.seed.constants import MAX_EXCEPTIONS_PER_USER, MAX_TEMPLATES_PER_USER
from app.seed.data.absences import WHOLE_DAY_ABSENCES
from app.seed.randomness import row_id
from app.seed.request import SeedRequest
from app.seed.scenarios.api_checks import checked
from app.seed.scenarios.bookings import BookedSession, appointment_rows
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.ordinary import ordinary_rules
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.scenarios.sharing_rules import SHARING_RULES
from app.seed.scenarios.slots import ChangedHours, OfferedHours, exception_row, template_row
from app.seed.seeders.patients import patient_row
from app.seed.seeders.rooms import rooms_of
from app.seed.seeders.treatment_plans import plans_of
from app.seed.seeders.weekly_templates import CLOSING, OPENING, TemplateSlot, clock_time, week
from app.seed.workdays import is_holiday, workday_from

CLINICS, PRACTITIONERS, PATIENTS = 2, 4, 8
# An admin of the first clinic, who is a member of the second one.
SHARED = 2
SECOND_CLINIC = 1
ROOM_2 = 2
# The next patient of the second clinic after the others.
OWN_PATIENT = PATIENTS + 1
SHARED_DAYS = 2
LONGEST, SESSIONS = 4 * 60, 4
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
AWAY = WHOLE_DAY_ABSENCES.options[4]
REASON = "Practitioner away; to be rebooked"


def clinics_with_shared_practitioner(request: SeedRequest) -> ClinicContent:
    request = replace(request, organizations=CLINICS, users=PRACTITIONERS, patients=PATIENTS)
    ordinary = ordinary_content(request)
    rows, templates = ordinary.rows, list(_templates(request))
    away, later = islice(_days_in_both(request, rows["availability_exceptions"]), 2)
    bookings = [_booking(request, away, True), _booking(request, later, False)]
    number = PRACTITIONERS * MAX_EXCEPTIONS_PER_USER
    content = dataclasses.replace(
        ordinary,
        members=[*ordinary.members, _membership(request)],
        rows={
            **rows,
            "weekly_templates": [*rows["weekly_templates"], *templates],
            "availability_exceptions": [
                *rows["availability_exceptions"],
                exception_row(request, number, ChangedHours(SHARED, away, None, None, AWAY)),
            ],
            "patients": [*rows["patients"], patient_row(request, OWN_PATIENT)],
            "treatment_plans": [*rows["treatment_plans"], *_plans(request, later)],
            "rooms": _rooms(request),
            "appointments": [
                *(_kept(request, row, away) for row in rows["appointments"]),
                *appointment_rows(request, bookings),
            ],
        },
    )
    return checked(content, request.as_of)


def _membership(request: SeedRequest) -> NewMember:
    return NewMember(
        id=row_id(request.random_seed, "membership", PRACTITIONERS),
        organization_id=row_id(request.random_seed, "organization", SECOND_CLINIC),
        user_id=row_id(request.random_seed, "user", SHARED),
        role=Role.MEMBER,
    )


def _shared_slots(request: SeedRequest) -> Sequence[TemplateSlot]:
    """Return the hours in the first clinic of the days with hours in both."""
    return week(request.random_seed, SHARED)[:SHARED_DAYS]


def _templates(request: SeedRequest) -> Iterator[Row]:
    first = PRACTITIONERS * MAX_TEMPLATES_PER_USER
    for number, slot in enumerate(_shared_slots(request), first):
        start, end = map(clock_time, _other_hours(slot))
        template = OfferedHours(SHARED, slot.day, start, end, Location.CLINIC, SESSIONS)
        yield template_row(request, number, template, SECOND_CLINIC)


def _other_hours(slot: TemplateSlot) -> tuple[int, int]:
    """Return hours of the longer rest of the day, as near to the slot as the rules allow."""
    if slot.start - OPENING > CLOSING - slot.end:
        end = slot.start - GAP_MINUTES
        return max(OPENING, end - LONGEST), end
    start = slot.end + GAP_MINUTES
    return start, min(CLOSING, start + LONGEST)


def _days_in_both(request: SeedRequest, exceptions: Sequence[Row]) -> Iterator[date]:
    """Yield the coming dates with hours in both clinics that are like those of any week."""
    shared, [slot, *_] = row_id(request.random_seed, "user", SHARED), _shared_slots(request)
    others = {row["date"] for row in exceptions if row["user_id"] == shared}
    weekday = WEEKDAYS.index(slot.day)
    day = request.as_of + (1 + (weekday - request.as_of.weekday() - 1) % 7) * DAY
    while True:
        if day not in others and not is_holiday(day):
            yield day
        day += WEEK


def _booking(request: SeedRequest, day: date, is_confirmed: bool) -> BookedSession:
    start, _ = _other_hours(_shared_slots(request)[0])
    confirmed, scheduled = AppointmentStatus.CONFIRMED, AppointmentStatus.SCHEDULED
    return BookedSession(
        user=SHARED,
        patient=OWN_PATIENT,
        date=day,
        start=clock_time(start),
        status=confirmed if is_confirmed else scheduled,
        room=ROOM_2,
    )


def _plans(request: SeedRequest, last: date) -> Iterator[Row]:
    """Yield plans of the practitioner in the second clinic; the ongoing one ends late enough."""
    for plan in plans_of(request, OWN_PATIENT):
        end = plan["end_date"]
        if plan["status"] is PlanStatus.ONGOING:
            end = workday_from(max(end, last))
        yield {
            **plan,
            "therapist_id": row_id(request.random_seed, "user", SHARED),
            "end_date": end,
        }


def _rooms(request: SeedRequest) -> list[Row]:
    """Return the rooms of both clinics; the second one has a practitioner more."""
    with_one_more = replace(request, users=PRACTITIONERS + CLINICS)
    return [*rooms_of(request, 0), *rooms_of(with_one_more, SECOND_CLINIC)]


def _kept(request: SeedRequest, row: Row, away: date) -> Row:
    """Return an appointment, cancelled if the practitioner is away."""
    is_shared = row["therapist_id"] == row_id(request.random_seed, "user", SHARED)
    if not (is_shared and row["date"] == away and counts(row["status"])):
        return row
    return {
        **row,
        "status": AppointmentStatus.CANCELLED,
        "cancelled_at": datetime.combine(request.as_of - DAY, time(3), UTC),
        "cancellation_reason": REASON,
    }


# The shared practitioner has more hours, absences and plans than others.
NOT_KEPT = (
    "every user belongs to one organization",
    "every user has three to five weekly templates",
    "templates of a user are on different days",
    "templates of a user have different times",
    "every user has two to four availability exceptions",
    "practitioners take two public holidays of their days, or fewer during a week away",
    "therapists of an organization have as many plans, or one more",
    "the first appointment of a plan is its initial assessment",
)

SCENARIO = Scenario(
    name="shared-practitioner",
    purpose="Two clinics with one practitioner in both, for rules that hold across clinics and "
    "for what one clinic must not see of the other.",
    build=clinics_with_shared_practitioner,
    guarantees=(*SHARING_RULES, *ordinary_rules(*NOT_KEPT)),
)

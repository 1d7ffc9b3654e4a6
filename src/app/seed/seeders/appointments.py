"""Appointments of a practitioner in the weeks around `asOf`."""

from collections.abc import Iterator
from math import exp

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import Location
from app.database.bulk import Row
from app.seed.appointment_rules import check_appointments, check_booking_limits, hours_of
from app.seed.audit.appointments import APPOINTMENT_RULES
from app.seed.audit.bookings import BOOKING_RULES
from app.seed.data.rooms import APPOINTMENT_TYPES
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.schedule.records import record_of
from app.seed.schedule.sessions import CourseSession, sessions_of
from app.seed.schedule.status import status_of
from app.seed.seeders.appointment_types import type_id
from app.seed.seeders.availability_exceptions import exceptions_of
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.rooms import room_id
from app.seed.seeders.weekly_templates import clock_time, templates_of
from app.tables import METADATA

PRACTITIONERS_PER_BATCH = 20
MAX_SESSIONS = 64  # of a plan
INITIAL, FOLLOW_UP, EXTENDED, TELEHEALTH, HOME_VISIT = range(len(APPOINTMENT_TYPES))


def appointments_of(request: SeedRequest, user: int) -> Iterator[Row]:
    if user == 0:
        check_booking_limits()
    rows = [appointment_row(request, user, session) for session in sessions_of(request, user)]
    if rows:
        hours = hours_of(templates_of(request, user), exceptions_of(request, user))
        yield from check_appointments(rows, hours, request.as_of)


def appointment_row(request: SeedRequest, user: int, session: CourseSession) -> Row:
    draws = draws_of(request, session)
    kind = _type(draws, session)
    end = session.place.start + APPOINTMENT_TYPES[kind].minutes
    status = status_of(request, user, session, end, draws)
    return row_of(request, user, session, kind, status, draws)


def draws_of(request: SeedRequest, session: CourseSession) -> RandomDraws:
    return RandomDraws(request.random_seed, "appointment", _number(session))


def row_of(
    request: SeedRequest,
    user: int,
    session: CourseSession,
    kind: int,
    status: AppointmentStatus,
    draws: RandomDraws,
) -> Row:
    """Return the row of a session; `kind` is the place of its type in the list of types."""
    random_seed, course, place = request.random_seed, session.course, session.place
    organization = organization_index(request, course.patient % request.users)
    end = place.start + APPOINTMENT_TYPES[kind].minutes
    return {
        "id": row_id(random_seed, "appointment", _number(session)),
        "organization_id": shared_row_id(random_seed, "organization", organization),
        "patient_id": shared_row_id(random_seed, "patient", course.patient),
        "treatment_plan_id": shared_row_id(random_seed, "treatment plan", course.number),
        "therapist_id": shared_row_id(random_seed, "user", user),
        "room_id": None if place.room is None else room_id(request, organization, place.room),
        "appointment_type_id": type_id(request, organization, kind),
        "date": session.date,
        "start_time": clock_time(place.start),
        "end_time": clock_time(end),
        "location": place.location,
        "status": status,
        **record_of(draws, request.as_of, session, status, end),
    }


def _number(session: CourseSession) -> int:
    return session.course.number * MAX_SESSIONS + session.number


def _type(draws: RandomDraws, session: CourseSession) -> int:
    if session.is_first:
        return INITIAL
    if session.place.location is Location.CLINIC:
        return EXTENDED if draws.one_in(4) else FOLLOW_UP
    return HOME_VISIT if session.place.location is Location.HOME else TELEHEALTH


def _expected(request: SeedRequest) -> int:
    """Estimate the number of appointments; measured, as it depends on which plans find a place."""
    weeks, patients = request.appointment_weeks, request.patients / request.users
    most = 2 * weeks * (6.2 - 0.08 * weeks)
    wanted = patients * 24.5 * (1 - exp(-weeks / 8)) * (0.76 + 0.08 * request.plans_per_patient)
    return round(request.users * wanted / (1 + (wanted / most) ** 2.5) ** 0.4) if most else 0


KIND = LoadedKind(
    name="appointments",
    table=METADATA.tables["appointments"],
    expected=_expected,
    is_exact=False,
    rules=APPOINTMENT_RULES + BOOKING_RULES,
    groups=lambda request: request.users if request.appointment_weeks else 0,
    rows=appointments_of,
    groups_per_batch=PRACTITIONERS_PER_BATCH,
    has_empty_groups=True,
)

"""Appointments of scenarios: the records of seeded ones, at chosen times."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import Location
from app.database.bulk import Row
from app.seed.constants import MAX_PLANS_PER_PATIENT
from app.seed.randomness import row_id
from app.seed.request import SeedRequest
from app.seed.schedule.courses import Course, pain_of
from app.seed.schedule.places import WeeklyPlace
from app.seed.schedule.sessions import CourseSession
from app.seed.seeders.appointments import FOLLOW_UP, draws_of, row_of
from app.seed.seeders.treatment_plans import contents


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedSession:
    """An appointment of a patient's ongoing plan, which is the first one.

    `user`, `patient`, `room` and `kind` count the practitioners, patients, rooms and types.
    """

    user: int
    patient: int
    date: date
    start: time
    status: AppointmentStatus
    kind: int = FOLLOW_UP
    location: Location = Location.CLINIC
    room: int | None = None


def appointment_rows(request: SeedRequest, bookings: Iterable[BookedSession]) -> list[Row]:
    rows, sessions = [], Counter[int]()
    for booking in bookings:
        # The initial assessment of the plan was earlier.
        sessions[booking.patient] += 1
        session = _session(request, booking, sessions[booking.patient])
        draws = draws_of(request, session)
        rows.append(row_of(request, booking.user, session, booking.kind, booking.status, draws))
    return rows


def with_therapists(
    request: SeedRequest, plans: Iterable[Row], bookings: Sequence[BookedSession]
) -> list[Row]:
    """Return the plans; those with bookings have the practitioner of the bookings."""
    therapists = {
        row_id(request.random_seed, "treatment plan", _plan(booking)): row_id(
            request.random_seed, "user", booking.user
        )
        for booking in bookings
    }
    return [
        {**plan, "therapist_id": therapists.get(plan["id"], plan["therapist_id"])} for plan in plans
    ]


def _session(request: SeedRequest, booking: BookedSession, number: int) -> CourseSession:
    course = Course(
        patient=booking.patient,
        number=_plan(booking),
        plan=next(contents(request, booking.patient)),
        places=(),
        pain=pain_of(request, _plan(booking)),
    )
    start = booking.start.hour * 60 + booking.start.minute
    place = WeeklyPlace(booking.date.weekday(), start, booking.location, booking.room)
    return CourseSession(course, number, booking.date, place)


def _plan(booking: BookedSession) -> int:
    return booking.patient * MAX_PLANS_PER_PATIENT

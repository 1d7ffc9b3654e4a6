"""The status of a session: by its date, and on `asOf` by the session in progress at the clinic."""

from datetime import timedelta

from app.clinic.appointments.models import AppointmentStatus
from app.seed.randomness import RandomDraws, Weighted
from app.seed.request import SeedRequest
from app.seed.schedule.present import Present, present_of
from app.seed.schedule.sessions import CourseSession
from app.seed.seeders.memberships import organization_index

SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED, CANCELLED, NO_SHOW = AppointmentStatus
COMING_DAYS = timedelta(days=7)
# In a hundred. First sessions take place, so a bit fewer than 85 of the others are finished.
PAST = Weighted([(FINISHED, 84), (CANCELLED, 9), (NO_SHOW, 7)])
COMING = Weighted([(CONFIRMED, 80), (SCHEDULED, 13), (CANCELLED, 7)])
LATER = Weighted([(SCHEDULED, 87), (CONFIRMED, 7), (CANCELLED, 6)])


def status_of(
    request: SeedRequest, user: int, session: CourseSession, end: int, draws: RandomDraws
) -> AppointmentStatus:
    """Return the status of a session that ends so many minutes after midnight."""
    if session.date == request.as_of:
        present = present_of(request, organization_index(request, user))
        return _today(user, session.place.start, end, present)
    if session.date < request.as_of:
        return FINISHED if session.is_first else draws.weighted(PAST)
    is_coming = session.date <= request.as_of + COMING_DAYS
    drawn = draws.weighted(COMING if is_coming else LATER)
    return SCHEDULED if session.is_first and drawn is CANCELLED else drawn


def _today(user: int, start: int, end: int, present: Present | None) -> AppointmentStatus:
    """Return the status on `asOf`: one patient of the clinic is in the session right now."""
    if (user, start) == present:
        return IN_PROGRESS
    if present is None or start >= present.start:
        return CONFIRMED
    return FINISHED if end <= present.start else NO_SHOW

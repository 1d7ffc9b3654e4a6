"""The session that takes place while the data set is seeded: one in each clinic."""

from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import astuple

from app.clinic.availability.rules import WEEKDAYS
from app.seed.constants import MAX_ORGANIZATIONS
from app.seed.request import SeedRequest
from app.seed.schedule.courses import DAY
from app.seed.schedule.sessions import sessions_between
from app.seed.seeders.weekly_templates import week
from app.seed.workdays import is_holiday


class Present(NamedTuple):
    """The practitioner and the start of the session in progress, in minutes from midnight."""

    user: int
    start: int


def present_of(request: SeedRequest, organization: int) -> Present | None:
    """Return the session in progress at a clinic, or None if it has none on that day.

    It is one of the first practitioner who has any, so each process finds the same.
    """
    return _find_present(astuple(request), organization)


@lru_cache(maxsize=MAX_ORGANIZATIONS)
def _find_present(values: tuple[Any, ...], organization: int) -> Present | None:
    request = SeedRequest(*values)
    today = request.as_of
    if is_holiday(today):
        return None
    for user in range(organization, request.users, request.organizations):
        days = (WEEKDAYS.index(slot.day) for slot in week(request.random_seed, user))
        if today.weekday() in days:
            sessions = sessions_between(request, user, today, today + DAY)
            if starts := sorted(session.place.start for session in sessions):
                return Present(user, starts[len(starts) // 2])
    return None

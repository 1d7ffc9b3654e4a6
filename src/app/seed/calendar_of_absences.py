"""Which days practitioners are away for: public holidays, a whole week, and the coming week."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations

from app.clinic.availability.rules import WEEKDAYS
from app.seed.constants import EXCEPTION_DAYS, MAX_TEMPLATES_PER_USER, MIN_TEMPLATES_PER_USER
from app.seed.randomness import RandomDraws
from app.seed.request import SeedRequest
from app.seed.seeders.weekly_templates import week
from app.seed.workdays import is_holiday

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
SOON = 7  # days after `asOf`
SOON_IN = 3  # one practitioner of this many has an exception soon
MOST_HOLIDAYS = 2  # per practitioner


@lru_cache(maxsize=4)
def days_ahead(as_of: date) -> tuple[date, ...]:
    """Return the days that exceptions may have."""
    return tuple(as_of + ahead * DAY for ahead in range(1, EXCEPTION_DAYS + 1))


@lru_cache(maxsize=4)
def holidays_ahead(as_of: date) -> tuple[date, ...]:
    return tuple(day for day in days_ahead(as_of) if is_holiday(day))


def offered_weekdays(random_seed: int, user: int) -> set[int]:
    return {WEEKDAYS.index(slot.day) for slot in week(random_seed, user)}


def holidays_of(as_of: date, weekdays: Iterable[int]) -> list[date]:
    """Return the first public holidays on weekdays that a practitioner offers."""
    return [day for day in holidays_ahead(as_of) if day.weekday() in weekdays][:MOST_HOLIDAYS]


@lru_cache(maxsize=4)
def share_with_most_holidays(as_of: date) -> float:
    """Return how many of all practitioners offer days with two public holidays or more."""
    numbers = range(MIN_TEMPLATES_PER_USER, MAX_TEMPLATES_PER_USER + 1)
    shares = []
    for number in numbers:
        weeks = list(combinations(range(len(WEEKDAYS)), number))
        most = sum(len(holidays_of(as_of, week_)) == MOST_HOLIDAYS for week_ in weeks)
        shares.append(most / len(weeks))
    return sum(shares) / len(numbers)


def has_exception_soon(user: int) -> bool:
    """Return whether a practitioner has an exception in the coming week: one of each three.

    With three clinics, practitioners of all of them do.
    """
    return user % SOON_IN == user // SOON_IN % SOON_IN


def is_away_for_a_week(request: SeedRequest, user: int) -> bool:
    """Return whether a practitioner is the first of the clinic with three templates.

    With more there would be no exception left that adds time.
    """
    clinic = user % request.organizations
    members = (clinic, request.users, request.organizations)
    return user == _first_away(request.random_seed, *members)


@lru_cache(maxsize=1_000)
def _first_away(random_seed: int, clinic: int, users: int, organizations: int) -> int | None:
    return next(
        (
            user
            for user in range(clinic, users, organizations)
            if len(offered_weekdays(random_seed, user)) == MIN_TEMPLATES_PER_USER
        ),
        None,
    )


def week_away(random_seed: int, as_of: date, user: int) -> list[date]:
    """Return the days that a practitioner offers in one week.

    It is the week with most of the practitioner's public holidays, which are taken first, so that
    at most one is left. Without any, it begins after the coming week.
    """
    weekdays = sorted(offered_weekdays(random_seed, user))
    first, last = days_ahead(as_of)[0], days_ahead(as_of)[-1]
    holidays = holidays_of(as_of, weekdays)
    weeks = [[_monday(day) + weekday * DAY for weekday in weekdays] for day in holidays]
    possible = [days for days in weeks if first <= days[0] and days[-1] <= last]
    if possible:
        return max(possible, key=lambda days: len(set(days).intersection(holidays)))
    monday = _monday(as_of + SOON * DAY) + WEEK
    count = (last - monday).days // SOON
    monday += RandomDraws(random_seed, "week away", user).below(count) * WEEK
    return [monday + weekday * DAY for weekday in weekdays]


def _monday(day: date) -> date:
    return day - day.weekday() * DAY

"""The values with which the rules of a data set are checked."""

from collections import Counter
from datetime import date, timedelta
from math import ceil
from typing import Any

from app.clinic.availability.rules import WEEKDAYS
from app.seed.audit.rule import HOLIDAYS_ON, MONDAYS
from app.seed.constants import EXCEPTION_DAYS
from app.seed.request import SeedRequest
from app.seed.workdays import holidays_of

DAY = timedelta(days=1)
SOON = 7  # days
YEARS_OF_PLANS = 2  # before `asOf`
NAMESAKES_FROM, NAMESAKE_IN = 20, 200


def parameters(request: SeedRequest) -> dict[str, Any]:
    as_of, last = request.as_of, request.as_of + EXCEPTION_DAYS * DAY
    years = range(as_of.year - YEARS_OF_PLANS, last.year + 1)
    holidays = [day for year in years for day in holidays_of(year)]
    ahead = Counter(day.weekday() for day in holidays if as_of < day <= last)
    monday = as_of - as_of.weekday() * DAY
    groups = ceil(request.patients / NAMESAKE_IN) if request.patients > NAMESAKES_FROM else 0
    return {
        "as_of": as_of,
        "last_exception_on": last,
        "ten_years_before": _years_before(as_of, 10),
        "first_week": as_of - timedelta(weeks=request.appointment_weeks),
        "after_weeks": as_of + timedelta(weeks=request.appointment_weeks),
        "last_soon_on": as_of + SOON * DAY,
        "holidays": holidays,
        **{HOLIDAYS_ON[day].key: ahead[number] for number, day in enumerate(WEEKDAYS)},
        **{each.key: monday + 7 * number * DAY for number, each in enumerate(MONDAYS)},
        "youngest_born_on": _years_before(as_of, 5),
        "children_born_after": _years_before(as_of, 18),
        "under_64_born_after": _years_before(as_of, 64),
        "under_65_born_after": _years_before(as_of, 65),
        "over_80_born_on": _years_before(as_of, 81),
        "oldest_born_on": _years_before(as_of, 96) + DAY,
        "patients": request.patients,
        "plans_per_patient": request.plans_per_patient,
        "most_namesakes": 2 * groups,
    }


def _years_before(day: date, years: int) -> date:
    """Return the day of an earlier year: the date of birth of those who turn so old on a day."""
    if (day.month, day.day) == (2, 29):
        day -= DAY
    return day.replace(year=day.year - years)

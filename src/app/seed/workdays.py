"""Workdays and public holidays in Victoria.

The rules are those that have been in force since 2017, for all years. From 2017 to 2100 they give
the same dates as version 0.109 of the package `holidays`, which was compared once and is no
dependency: a correction in it would change the data set.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
MONDAY, TUESDAY, FRIDAY, SATURDAY, SUNDAY = 0, 1, 4, 5, 6
# The Friday before the AFL Grand Final is gazetted every year. It is the Friday before the last
# Saturday of September, except in these years.
GRAND_FINAL_FRIDAYS = {2015: date(2015, 10, 2), 2016: date(2016, 9, 30), 2020: date(2020, 10, 23)}
FIRST_GRAND_FINAL_FRIDAY = 2015
ONCE = {2022: (date(2022, 9, 22), "National Day of Mourning")}


def is_holiday(day: date) -> bool:
    return day in holidays_of(day.year)


def holiday_name(day: date) -> str:
    return holidays_of(day.year)[day]


# Most days are asked for again and again.
@lru_cache(maxsize=4_096)
def is_workday(day: date) -> bool:
    return day.weekday() <= FRIDAY and day not in holidays_of(day.year)


def workday_from(day: date) -> date:
    """Return the day itself, or the next day that is neither a public holiday nor on a weekend."""
    while not is_workday(day):
        day += DAY
    return day


# A data set has plans and exceptions within four years.
@lru_cache(maxsize=8)
def holidays_of(year: int) -> dict[date, str]:
    """Return the public holidays of a year with their names, in order."""
    # Two on one date have both names, such as Anzac Day on Easter Monday.
    named: dict[date, str] = {}
    for day, name in sorted(_holidays(year)):
        named[day] = f"{named[day]}, {name}" if day in named else name
    return named


def _holidays(year: int) -> Iterator[tuple[date, str]]:
    yield from _with_extra_monday(date(year, 1, 1), "New Year's Day")
    yield _moved_to_monday(date(year, 1, 26)), "Australia Day"
    yield _nth(date(year, 3, 1), MONDAY, 2), "Labour Day"
    easter = easter_sunday(year)
    yield easter - 2 * DAY, "Good Friday"
    yield easter - DAY, "Saturday before Easter Sunday"
    yield easter, "Easter Sunday"
    yield easter + DAY, "Easter Monday"
    yield date(year, 4, 25), "Anzac Day"
    yield _nth(date(year, 6, 1), MONDAY, 2), "King's Birthday"
    if year >= FIRST_GRAND_FINAL_FRIDAY:
        friday = GRAND_FINAL_FRIDAYS.get(year) or _nth(date(year, 10, 1), SATURDAY, 0) - DAY
        yield friday, "Friday before the AFL Grand Final"
    yield _nth(date(year, 11, 1), TUESDAY, 1), "Melbourne Cup Day"
    yield from _christmas(date(year, 12, 25))
    if year in ONCE:
        yield ONCE[year]


def _with_extra_monday(day: date, name: str) -> Iterator[tuple[date, str]]:
    yield day, name
    if day.weekday() > FRIDAY:
        yield _moved_to_monday(day), f"{name} (additional day)"


def _moved_to_monday(day: date) -> date:
    return day + (7 - day.weekday()) * DAY if day.weekday() > FRIDAY else day


def _christmas(day: date) -> Iterator[tuple[date, str]]:
    """Yield both days, and another one two days later for each that is on a weekend."""
    for holiday, name in ((day, "Christmas Day"), (day + DAY, "Boxing Day")):
        yield holiday, name
        if holiday.weekday() > FRIDAY:
            yield holiday + 2 * DAY, f"{name} (additional day)"


def _nth(first: date, weekday: int, number: int) -> date:
    """Return a weekday of the month that begins with `first`; number 0 is the one before it."""
    return first + ((weekday - first.weekday()) % 7 + 7 * (number - 1)) * DAY


def easter_sunday(year: int) -> date:
    """Return Easter Sunday (Meeus, Astronomical Algorithms, chapter 8)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    epact = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)

"""The days of a calendar that programs get wrong, nearest to a date."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

WEEK = 7
SUNDAY = 6
APRIL, OCTOBER, NOVEMBER = 4, 10, 11
# The years before the present rule of Victoria: last Sundays of March and October, but for these.
LAST_YEAR_OF_OLD_RULE = 2007
END_OF_2006, BEGIN_OF_2000 = date(2006, 4, 2), date(2000, 8, 27)
YEARS = range(1996, 2105)  # within four years of every `asOf`


class ClockChange(NamedTuple):
    """The Sundays of a year on which daylight saving ends and begins in Melbourne."""

    ends: date
    begins: date


def clock_change(year: int) -> ClockChange:
    """Return what the time zone database says, which not every system has.

    The days are the first Sundays of April and October since 2008 (Summer Time Act 1972, Victoria).
    """
    if year > LAST_YEAR_OF_OLD_RULE:
        return ClockChange(_first_sunday(year, APRIL), _first_sunday(year, OCTOBER))
    week = timedelta(days=WEEK)
    ends = _first_sunday(year, APRIL) - week
    begins = _first_sunday(year, NOVEMBER) - week
    return ClockChange(
        END_OF_2006 if year == END_OF_2006.year else ends,
        BEGIN_OF_2000 if year == BEGIN_OF_2000.year else begins,
    )


def _first_sunday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(SUNDAY - first.weekday()) % WEEK)


CLOCK_CHANGES = [clock_change(year) for year in YEARS]
LEAP_DAYS = [date(year, 2, 29) for year in filter(isleap, YEARS)]
NEW_YEARS = [date(year, 1, 1) for year in YEARS]


def nearest(days: Iterable[date], as_of: date) -> date:
    """Return the day that is nearest; of two, the earlier one."""
    return min(days, key=lambda day: (abs((day - as_of).days), day))


class CalendarDays(NamedTuple):
    leap_day: date
    last_of_year: date
    first_of_year: date
    clocks_forward: date
    clocks_back: date


def days_near(as_of: date) -> CalendarDays:
    first_of_year = nearest(NEW_YEARS, as_of)
    return CalendarDays(
        leap_day=nearest(LEAP_DAYS, as_of),
        last_of_year=first_of_year - timedelta(days=1),
        first_of_year=first_of_year,
        clocks_forward=nearest((each.begins for each in CLOCK_CHANGES), as_of),
        clocks_back=nearest((each.ends for each in CLOCK_CHANGES), as_of),
    )


def week_of(day: date) -> list[date]:
    """Return the days from Monday to Saturday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(SUNDAY)]

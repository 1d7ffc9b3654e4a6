"""The workdays of clinics in Victoria."""

from datetime import date, timedelta

# The public holidays of Victoria with a fixed date.
HOLIDAYS = frozenset({(1, 1), (1, 26), (4, 25), (12, 25), (12, 26)})
FRIDAY = 4


def is_holiday(day: date) -> bool:
    return (day.month, day.day) in HOLIDAYS


def workday(day: date) -> date:
    """Return the day itself, or the last workday before it, at most four days earlier."""
    while day.weekday() > FRIDAY or is_holiday(day):
        day -= timedelta(days=1)
    return day

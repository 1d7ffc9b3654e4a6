"""The public holidays of Victoria, written independently of the application."""

from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
GRAND_FINAL_EVES = {
    2015: (10, 2),
    2016: (9, 30),
    2017: (9, 29),
    2018: (9, 28),
    2019: (9, 27),
    2020: (10, 23),
    2021: (9, 24),
    2022: (9, 23),
    2023: (9, 29),
    2024: (9, 27),
    2025: (9, 26),
    2026: (9, 25),
}


@cache
def holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    days = {easter + shift * DAY for shift in (-2, -1, 0, 1)}
    days |= {date(year, 1, 1), date(year, 4, 25), date(year, 12, 25), date(year, 12, 26)}
    days |= {_weekdays(year, 3, 0)[1], _weekdays(year, 6, 0)[1], _weekdays(year, 11, 1)[0]}
    days |= {_australia_day(year), *_extra_days(year)}
    if year in GRAND_FINAL_EVES:
        days.add(date(year, *GRAND_FINAL_EVES[year]))
    elif year > max(GRAND_FINAL_EVES):
        days.add(_weekdays(year, 9, SATURDAY)[-1] - DAY)
    if year == 2022:
        days.add(date(2022, 9, 22))
    return frozenset(days)


def is_holiday(day: date) -> bool:
    return day in holidays(day.year)


def is_workday(day: date) -> bool:
    return day.weekday() < SATURDAY and not is_holiday(day)


def _australia_day(year: int) -> date:
    day = date(year, 1, 26)
    while day.weekday() >= SATURDAY:
        day += DAY
    return day


def _extra_days(year: int) -> set[date]:
    """Days off for holidays on a weekend."""
    extra = set()
    if (new_year := date(year, 1, 1).weekday()) >= SATURDAY:
        extra.add(date(year, 1, 3 if new_year == SATURDAY else 2))
    christmas = date(year, 12, 25).weekday()
    if christmas >= SATURDAY:
        extra.add(date(year, 12, 27))
    if christmas in {SATURDAY, 4}:
        extra.add(date(year, 12, 28))
    return extra


def _weekdays(year: int, month: int, weekday: int) -> list[date]:
    """Return each Monday, Tuesday or other weekday of a month."""
    days = (date(year, month, day) for day in range(1, 31))
    return [day for day in days if day.weekday() == weekday]


def _easter(year: int) -> date:
    """Gauss's rule for 1900 to 2099, and 2100."""
    m, n = (24, 5) if year < 2100 else (24, 6)
    d = (19 * (year % 19) + m) % 30
    e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + n) % 7
    day = date(year, 3, 22) + (d + e) * DAY
    if d == 29 and e == 6:
        return date(year, 4, 19)
    if d == 28 and e == 6 and year % 19 > 10:
        return date(year, 4, 18)
    return day

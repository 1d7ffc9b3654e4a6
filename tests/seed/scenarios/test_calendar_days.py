"""The days that `calendar-edges` is about, compared with the time zone database."""

from datetime import date, timedelta

from app.seed.scenarios.calendar_days import CLOCK_CHANGES, YEARS, days_near, nearest
from seed.scenarios.sentences_of_days import clocks_back, clocks_forward


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [day for n in range(366) if (day := first + timedelta(days=n)).year == year]


def test_clock_changes_are_those_of_melbourne() -> None:
    for year, change in zip(YEARS, CLOCK_CHANGES, strict=True):
        days = days_of(year)
        assert [*filter(clocks_back, days)] == [change.ends]
        assert [*filter(clocks_forward, days)] == [change.begins]


def test_the_nearest_day_may_be_before_or_after() -> None:
    days = [date(2024, 2, 29), date(2028, 2, 29)]
    assert nearest(days, date(2026, 2, 28)) == date(2024, 2, 29)
    assert nearest(days, date(2026, 3, 2)) == date(2028, 2, 29)
    assert nearest([date(2026, 1, 3), date(2026, 1, 1)], date(2026, 1, 2)) == date(2026, 1, 1)


def test_all_days_are_near_the_first_and_the_last_date_of_a_data_set() -> None:
    for as_of in (date(2000, 1, 1), date(2099, 12, 31)):
        days = days_near(as_of)
        assert all(abs((day - as_of).days) < 4 * 366 for day in days)
        assert days.last_of_year + timedelta(days=1) == days.first_of_year

"""What `calendar-edges` guarantees."""

from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, distinct, exists, extract, func, select

from app.seed.audit.bookings import API_RULES, template_there
from app.seed.audit.rule import Rule, count_if, table, week_of, weekday_of
from app.seed.scenarios.calendar_days import CLOCK_CHANGES
from app.seed.scenarios.rules import all_true, some

MIDNIGHT, LAST_SECOND = time(0), time(23, 59, 59)
CHANGED_HOUR = time(2), time(3)
MONDAY_TO_SATURDAY = 6
SUNDAY = 0  # in SQL

OnDay = Callable[[ColumnElement[Any]], ColumnElement[bool]]
plans, appointments = table("treatment_plans"), table("appointments")
templates = table("weekly_availability_templates")
exceptions = table("availability_exceptions")


def _each_year(month: int, day: int) -> OnDay:
    return lambda column: and_(extract("month", column) == month, extract("day", column) == day)


def _among(days: Iterable[date]) -> OnDay:
    known = list(days)
    return lambda column: column.in_(known)


NEW_YEAR = _each_year(1, 1)
CLOCKS_FORWARD = _among(change.begins for change in CLOCK_CHANGES)
CLOCKS_BACK = _among(change.ends for change in CLOCK_CHANGES)
DAYS: dict[str, OnDay] = {
    "29 February": _each_year(2, 29),
    "31 December": _each_year(12, 31),
    "1 January": NEW_YEAR,
    "the day on which daylight saving begins in Melbourne": CLOCKS_FORWARD,
    "the day on which daylight saving ends in Melbourne": CLOCKS_BACK,
}
of_new_year = (
    select(func.count())
    .select_from(appointments)
    .group_by(week_of(appointments.c.date))
    .having(
        count_if(NEW_YEAR(appointments.c.date)) > 0,
        func.count(distinct(case((weekday_of(appointments.c.date) != SUNDAY, appointments.c.date))))
        == MONDAY_TO_SATURDAY,
    )
)


def _on(name: str, is_on: OnDay) -> Rule:
    return all_true(
        f"plans start and end, hours change and appointments take place on {name}",
        appointments,
        some(plans, is_on(plans.c.start_date)),
        some(plans, is_on(plans.c.end_date)),
        some(exceptions, is_on(exceptions.c.date)),
        some(appointments, is_on(appointments.c.date)),
    )


def _in_changed_hour(is_on: OnDay) -> ColumnElement[bool]:
    start, end = CHANGED_HOUR
    return some(
        appointments,
        is_on(appointments.c.date),
        appointments.c.start_time >= start,
        appointments.c.end_time <= end,
    )


RULES = (
    *(_on(name, is_on) for name, is_on in DAYS.items()),
    all_true(
        "appointments take place on every day from Monday to Saturday in the week of 1 January",
        appointments,
        exists(of_new_year),
    ),
    all_true(
        "appointments begin in the first minute of the hours and end in their last one",
        appointments,
        some(
            appointments,
            exists().where(template_there, templates.c.start_time == appointments.c.start_time),
        ),
        some(
            appointments,
            exists().where(template_there, templates.c.end_time == appointments.c.end_time),
        ),
    ),
    all_true(
        "appointments begin at 00:00:00 and end at 23:59:59",
        appointments,
        some(appointments, appointments.c.start_time == MIDNIGHT),
        some(appointments, appointments.c.end_time == LAST_SECOND),
    ),
    all_true(
        "appointments take place in the hour in which the clocks change",
        appointments,
        _in_changed_hour(CLOCKS_FORWARD),
        _in_changed_hour(CLOCKS_BACK),
    ),
    *API_RULES,
)

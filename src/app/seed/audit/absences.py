"""Rules of public holidays, the coming week and weeks away."""

from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, select

from app.seed.audit.rule import (
    HOLIDAYS,
    HOLIDAYS_ON,
    LAST_SOON_ON,
    MONDAYS,
    Rule,
    count_if,
    table,
)
from app.seed.constants import MIN_TEMPLATES_PER_USER

SOON_IN = 3  # practitioners
MOST_HOLIDAYS = 2

users, organizations, members = table("users"), table("organizations"), table("members")
templates = table("weekly_availability_templates")
exceptions = table("availability_exceptions")

is_for_holiday = exceptions.c.reason == "holiday"
is_whole_day = exceptions.c.start_time.is_(None)


def _number_of_week(day: ColumnElement[Any]) -> ColumnElement[int]:
    return reduce(add, (case((day >= monday, 1), else_=0) for monday in MONDAYS))


whole_days = case(
    (
        is_whole_day & (exceptions.c.is_available == false()),
        _number_of_week(exceptions.c.date),
    )
)
offered = (
    select(
        templates.c.user_id,
        func.count().label("days"),
        func.sum(
            case(
                {day.value: number for day, number in HOLIDAYS_ON.items()},
                value=templates.c.day_of_week,
            )
        ).label("holidays"),
    )
    .group_by(templates.c.user_id)
    .subquery()
)
taken = (
    select(
        exceptions.c.user_id,
        count_if(is_for_holiday).label("holidays"),
        func.count(whole_days).label("whole_days"),
        func.min(whole_days).label("first_week"),
        func.max(whole_days).label("last_week"),
        count_if(exceptions.c.date <= LAST_SOON_ON).label("soon"),
    )
    .group_by(exceptions.c.user_id)
    .subquery()
)
is_away = and_(
    offered.c.days == MIN_TEMPLATES_PER_USER,
    taken.c.whole_days == offered.c.days,
    taken.c.first_week == taken.c.last_week,
)
practitioners = (
    select(
        users.c.id,
        offered.c.days,
        offered.c.holidays,
        taken.c.holidays.label("taken"),
        taken.c.soon,
        case((is_away, 1), else_=0).label("away"),
    )
    .join(offered, offered.c.user_id == users.c.id)
    .join(taken, taken.c.user_id == users.c.id)
    .subquery()
)
who = practitioners.c
most_holidays = case((who.holidays < MOST_HOLIDAYS, who.holidays), else_=MOST_HOLIDAYS)
of_clinics = (
    select(
        organizations.c.id,
        count_if(who.days == MIN_TEMPLATES_PER_USER).label("may_be_away"),
        func.coalesce(func.sum(who.away), 0).label("away"),
    )
    .join(members, members.c.organization_id == organizations.c.id)
    .join(practitioners, who.id == members.c.user_id)
    .group_by(organizations.c.id)
    .subquery()
)
clinics = of_clinics.c
with_soon = select(count_if(who.soon > 0)).select_from(practitioners).scalar_subquery()
all_users = select(func.count()).select_from(users).scalar_subquery()

ABSENCE_RULES = (
    Rule(
        "exceptions on public holidays are for the whole day and for no other reason",
        exceptions.name,
        exceptions,
        is_for_holiday != (exceptions.c.date.in_(HOLIDAYS) & is_whole_day),
    ),
    Rule(
        "practitioners take two public holidays of their days, or fewer during a week away",
        exceptions.name,
        practitioners,
        (who.taken > most_holidays) | ((who.taken < most_holidays) & (who.away == 0)),
    ),
    Rule(
        "one practitioner in three has an exception within seven days of asOf",
        exceptions.name,
        select(users.c.id).where(all_users >= SOON_IN * (with_soon + 1)).subquery(),
    ),
    Rule(
        "one practitioner of a clinic is away for a whole week, if one has three templates",
        "organizations",
        of_clinics,
        (clinics.may_be_away > 0) & (clinics.away == 0),
    ),
)

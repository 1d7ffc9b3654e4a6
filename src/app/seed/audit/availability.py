"""Rules of weekly templates and availability exceptions."""

from datetime import time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    distinct,
    exists,
    extract,
    false,
    func,
    select,
    true,
)

from app.availability.rules import GAP_MINUTES, WEEKDAYS
from app.seed import constants
from app.seed.audit.rule import (
    AS_OF,
    LAST_EXCEPTION_ON,
    Rule,
    count_not_between,
    minutes,
    repeated,
    table,
)

OPENING, CLOSING = time(8), time(19)

users = table("users")
templates = table("weekly_availability_templates")
exceptions = table("availability_exceptions")

weekday_of_template = case(
    {day.value: number for number, day in enumerate(WEEKDAYS, start=1)},
    value=templates.c.day_of_week,
)
template_that_day = and_(
    templates.c.user_id == exceptions.c.user_id,
    weekday_of_template == extract("dow", exceptions.c.date),
)
is_whole_day = exceptions.c.start_time.is_(None)
is_available = exceptions.c.is_available == true()
is_unavailable = exceptions.c.is_available == false()


def _too_close(slots: Table, day: ColumnElement[Any]) -> Select[Any]:
    """Select the slots that start too soon after the one before; whole days are left out."""
    end_before = func.lag(minutes(slots.c.end_time)).over(
        partition_by=(slots.c.user_id, day), order_by=(slots.c.start_time, slots.c.end_time)
    )
    gaps = (
        select(slots.c.id, (minutes(slots.c.start_time) - end_before).label("gap"))
        .where(slots.c.start_time.is_not(None))
        .subquery()
    )
    return select(gaps.c.id).where(gaps.c.gap < GAP_MINUTES)


def _beside_a_whole_day() -> Select[Any]:
    other = exceptions.alias()
    return select(exceptions.c.id).where(
        is_whole_day,
        exists().where(
            other.c.user_id == exceptions.c.user_id,
            other.c.date == exceptions.c.date,
            other.c.id != exceptions.c.id,
        ),
    )


def _users_without(kind: ColumnElement[bool]) -> Select[Any]:
    return select(users.c.id).where(~exists().where(exceptions.c.user_id == users.c.id, kind))


def _users_if_none_has(kind: ColumnElement[bool]) -> Select[Any]:
    return select(users.c.id).where(~exists(select(exceptions.c.id).where(kind)))


few_locations = (
    select(templates.c.user_id)
    .group_by(templates.c.user_id)
    .having(func.count(distinct(templates.c.location)) < 2)  # noqa: PLR2004
)

RULES = (
    Rule(
        "every user has three to five weekly templates",
        "users",
        count_not_between(
            users,
            templates,
            "user_id",
            constants.MIN_TEMPLATES_PER_USER,
            constants.MAX_TEMPLATES_PER_USER,
        ),
    ),
    Rule(
        "templates of a user are on different days",
        templates.name,
        repeated(templates, templates.c.user_id, templates.c.day_of_week),
    ),
    Rule(
        "templates of a user have different times",
        templates.name,
        repeated(templates, templates.c.user_id, templates.c.start_time, templates.c.end_time),
    ),
    Rule("templates of a user are at different locations", templates.name, few_locations),
    Rule(
        "templates lie within 08:00 to 19:00",
        templates.name,
        select(templates.c.id).where(
            (templates.c.start_time < OPENING) | (templates.c.end_time > CLOSING)
        ),
    ),
    Rule(
        "templates of a user are 15 minutes apart",
        templates.name,
        _too_close(templates, templates.c.day_of_week),
    ),
    Rule(
        "every user has two to four availability exceptions",
        "users",
        count_not_between(
            users,
            exceptions,
            "user_id",
            constants.MIN_EXCEPTIONS_PER_USER,
            constants.MAX_EXCEPTIONS_PER_USER,
        ),
    ),
    Rule(
        "exceptions lie within the 90 days after asOf",
        exceptions.name,
        select(exceptions.c.id).where(
            (exceptions.c.date <= AS_OF) | (exceptions.c.date > LAST_EXCEPTION_ON)
        ),
    ),
    Rule("every user has an available exception", "users", _users_without(is_available)),
    Rule("every user has an unavailable exception", "users", _users_without(is_unavailable)),
    Rule("the set has a whole-day exception", exceptions.name, _users_if_none_has(is_whole_day)),
    Rule("the set has a part-day exception", exceptions.name, _users_if_none_has(~is_whole_day)),
    Rule(
        "exceptions of a user are 15 minutes apart",
        exceptions.name,
        _too_close(exceptions, exceptions.c.date),
    ),
    Rule(
        "a whole-day exception is the only one of its date",
        exceptions.name,
        _beside_a_whole_day(),
    ),
    Rule(
        "an available exception adds time",
        exceptions.name,
        select(exceptions.c.id).where(
            is_available,
            exists().where(
                template_that_day,
                templates.c.start_time <= exceptions.c.start_time,
                templates.c.end_time >= exceptions.c.end_time,
            ),
        ),
    ),
    Rule(
        "an unavailable exception takes time that a template offers",
        exceptions.name,
        select(exceptions.c.id).where(
            is_unavailable,
            ~exists().where(
                template_that_day,
                is_whole_day
                | (
                    (templates.c.start_time < exceptions.c.end_time)
                    & (templates.c.end_time > exceptions.c.start_time)
                ),
            ),
        ),
    ),
)

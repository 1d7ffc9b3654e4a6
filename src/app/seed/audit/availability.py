"""Rules of weekly templates and availability exceptions."""

from datetime import time
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Table,
    and_,
    case,
    distinct,
    exists,
    false,
    func,
    select,
    true,
)

from app.clinic.availability.rules import GAP_MINUTES, WEEKDAYS
from app.seed import constants
from app.seed.audit.rule import (
    AS_OF,
    LAST_EXCEPTION_ON,
    Rule,
    count_if,
    minutes,
    repeated,
    table,
    weekday_of,
    with_counts,
)

OPENING, CLOSING = time(8), time(19)

users = table("users")
templates = table("weekly_availability_templates")
exceptions = table("availability_exceptions")
other = exceptions.alias()

weekday_of_template = case(
    {day.value: number for number, day in enumerate(WEEKDAYS, start=1)},
    value=templates.c.day_of_week,
)
template_that_day = and_(
    templates.c.organization_id == exceptions.c.organization_id,
    templates.c.user_id == exceptions.c.user_id,
    weekday_of_template == weekday_of(exceptions.c.date),
)
is_whole_day = exceptions.c.start_time.is_(None)
is_available = exceptions.c.is_available == true()
is_unavailable = exceptions.c.is_available == false()


def _too_close(slots: Table, day: ColumnElement[Any]) -> Subquery:
    """Select the slots that start too soon after the previous one, except whole days."""
    end_before = func.lag(minutes(slots.c.end_time)).over(
        partition_by=(slots.c.user_id, day), order_by=(slots.c.start_time, slots.c.end_time)
    )
    gaps = (
        select(slots.c.id, (minutes(slots.c.start_time) - end_before).label("gap"))
        .where(slots.c.start_time.is_not(None))
        .subquery()
    )
    return select(gaps.c.id).where(gaps.c.gap < GAP_MINUTES).subquery()


def _exceptions(*conditions: ColumnElement[bool]) -> Subquery:
    # PostgreSQL runs an EXISTS in a WHERE as one join, and in a count as a query per row.
    return select(exceptions.c.id).where(*conditions).subquery()


def _none_is(kind: ColumnElement[bool]) -> ColumnElement[bool]:
    return ~exists(select(exceptions.c.id).where(kind))


weeks = with_counts(
    users,
    {templates.c.user_id: users.c.id},
    templates=func.count(),
    locations=func.count(distinct(templates.c.location)),
)
breaks = with_counts(
    users,
    {exceptions.c.user_id: users.c.id},
    exceptions=func.count(),
    available=count_if(is_available),
    unavailable=count_if(is_unavailable),
)

TEMPLATE_RULES = (
    Rule(
        "every user has three to five weekly templates",
        "users",
        weeks,
        ~weeks.c.templates.between(
            constants.MIN_TEMPLATES_PER_USER, constants.MAX_TEMPLATES_PER_USER
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
    Rule(
        "templates of a user are at different locations",
        templates.name,
        weeks,
        weeks.c.locations == 1,
    ),
    Rule(
        "templates lie within 08:00 to 19:00",
        templates.name,
        templates,
        (templates.c.start_time < OPENING) | (templates.c.end_time > CLOSING),
    ),
    Rule(
        "templates of a user are 15 minutes apart",
        templates.name,
        _too_close(templates, templates.c.day_of_week),
    ),
)
EXCEPTION_RULES = (
    Rule(
        "every user has two to four availability exceptions",
        "users",
        breaks,
        ~breaks.c.exceptions.between(
            constants.MIN_EXCEPTIONS_PER_USER, constants.MAX_EXCEPTIONS_PER_USER
        ),
    ),
    Rule(
        "exceptions lie within the 90 days after asOf",
        exceptions.name,
        exceptions,
        (exceptions.c.date <= AS_OF) | (exceptions.c.date > LAST_EXCEPTION_ON),
    ),
    Rule("every user has an available exception", "users", breaks, breaks.c.available == 0),
    Rule("every user has an unavailable exception", "users", breaks, breaks.c.unavailable == 0),
    Rule("the set has a whole-day exception", exceptions.name, users, _none_is(is_whole_day)),
    Rule("the set has a part-day exception", exceptions.name, users, _none_is(~is_whole_day)),
    Rule(
        "exceptions of a user are 15 minutes apart",
        exceptions.name,
        _too_close(exceptions, exceptions.c.date),
    ),
    Rule(
        "a whole-day exception is the only one of its date",
        exceptions.name,
        _exceptions(
            is_whole_day,
            exists().where(
                other.c.organization_id == exceptions.c.organization_id,
                other.c.user_id == exceptions.c.user_id,
                other.c.date == exceptions.c.date,
                other.c.id != exceptions.c.id,
            ),
        ),
    ),
    Rule(
        "an available exception adds time",
        exceptions.name,
        _exceptions(
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
        _exceptions(
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

"""The guarantees of `conflict-week`."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, Table, and_, func, select

from app.clinic.appointments.rules import GAP_MINUTES as PAUSE
from app.clinic.availability.rules import GAP_MINUTES as GAP
from app.seed.audit.availability import (
    exceptions,
    is_available,
    is_unavailable,
    is_whole_day,
    template_that_day,
    templates,
)
from app.seed.audit.bookings import appointments, rooms, template_there
from app.seed.audit.bookings import counts as is_counted
from app.seed.audit.rule import AS_OF, LAST_SOON_ON, Rule, minutes
from app.seed.scenarios.rules import all_true, some

FULL_TEMPLATES = 2

other = templates.alias()


def _is_soon(date: ColumnElement[Any]) -> ColumnElement[bool]:
    return (date > AS_OF) & (date <= LAST_SOON_ON)


def _gaps(rows: Table, *of: ColumnElement[Any], where: ColumnElement[bool]) -> Subquery:
    """Select how many minutes after the previous one of the same day each row begins."""
    end_before = func.lag(minutes(rows.c.end_time)).over(
        partition_by=of, order_by=rows.c.start_time
    )
    gap = (minutes(rows.c.start_time) - end_before).label("gap")
    return select(rows.c.id, gap).where(where).subquery()


gaps_of_templates = _gaps(
    templates,
    templates.c.user_id,
    templates.c.day_of_week,
    where=templates.c.start_time.is_not(None),
)
gaps_of_absences = _gaps(
    exceptions,
    exceptions.c.user_id,
    exceptions.c.date,
    where=is_unavailable & ~is_whole_day & _is_soon(exceptions.c.date),
)
is_booked_soon = is_counted & _is_soon(appointments.c.date)
gaps_of_practitioners = _gaps(
    appointments, appointments.c.therapist_id, appointments.c.date, where=is_booked_soon
)
gaps_of_rooms = _gaps(
    appointments,
    appointments.c.room_id,
    appointments.c.date,
    where=is_booked_soon
    & appointments.c.room_id.in_(select(rooms.c.id).where(rooms.c.capacity == 1)),
)
full = (
    select(templates.c.id, templates.c.user_id)
    .join(appointments, template_there)
    .where(
        is_booked_soon,
        appointments.c.start_time >= templates.c.start_time,
        appointments.c.end_time <= templates.c.end_time,
    )
    .group_by(templates.c.id, templates.c.user_id, templates.c.max_sessions, appointments.c.date)
    .having(func.count() == templates.c.max_sessions)
    .subquery()
)
is_beside = and_(
    other.c.organization_id == templates.c.organization_id,
    other.c.user_id != templates.c.user_id,
    other.c.day_of_week == templates.c.day_of_week,
    other.c.start_time == templates.c.end_time,
)

CONFLICT_RULES = (
    all_true(
        "weekly templates of a practitioner are exactly 15 minutes apart",
        templates,
        some(gaps_of_templates, gaps_of_templates.c.gap == GAP),
    ),
    all_true(
        "absences of a practitioner on a day of the coming week are exactly 15 minutes apart",
        exceptions,
        some(gaps_of_absences, gaps_of_absences.c.gap == GAP),
    ),
    all_true(
        "a practitioner is absent for a whole day of the coming week that has hours",
        exceptions,
        some(
            exceptions,
            is_unavailable,
            is_whole_day,
            _is_soon(exceptions.c.date),
            some(templates, template_that_day),
        ),
    ),
    all_true(
        "a practitioner is available for a whole day of the coming week that has no hours",
        exceptions,
        some(
            exceptions,
            is_available,
            is_whole_day,
            _is_soon(exceptions.c.date),
            ~some(templates, template_that_day),
        ),
    ),
    all_true(
        "added hours of the coming week begin when those of a weekly template end",
        exceptions,
        some(
            exceptions,
            is_available,
            _is_soon(exceptions.c.date),
            some(
                templates,
                template_that_day,
                templates.c.end_time == exceptions.c.start_time,
            ),
        ),
    ),
    all_true(
        "a weekly template of a practitioner begins when that of another one ends",
        templates,
        some(templates, some(other, is_beside)),
    ),
    all_true(
        "two weekly templates are full in the coming week, of two practitioners",
        templates,
        select(func.count(full.c.user_id.distinct())).scalar_subquery() == FULL_TEMPLATES,
    ),
    all_true(
        "appointments of a practitioner in the coming week are exactly 5 minutes apart",
        appointments,
        some(gaps_of_practitioners, gaps_of_practitioners.c.gap == PAUSE),
    ),
    all_true(
        "in a room with one place, an appointment of the coming week begins when another one ends",
        appointments,
        some(gaps_of_rooms, gaps_of_rooms.c.gap == 0),
    ),
    Rule(
        "all exceptions are in the coming week",
        exceptions.name,
        exceptions,
        ~_is_soon(exceptions.c.date),
    ),
    Rule(
        "all appointments are in the coming week",
        appointments.name,
        appointments,
        ~_is_soon(appointments.c.date),
    ),
)

"""Rules of appointments beside each other: hours, full slots, rooms, practitioners, patients."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, select

from app.clinic.appointments.rules import GAP_MINUTES, NOT_COUNTED
from app.clinic.availability.models import Location
from app.seed.audit.availability import (
    exceptions,
    is_available,
    is_unavailable,
    is_whole_day,
    templates,
    weekday_of_template,
)
from app.seed.audit.rule import Rule, minutes, table, week_of, weekday_of

appointments, plans, rooms = table("appointments"), table("treatment_plans"), table("rooms")
other = appointments.alias()
counts = appointments.c.status.not_in(NOT_COUNTED)

template_there = and_(
    templates.c.organization_id == appointments.c.organization_id,
    templates.c.user_id == appointments.c.therapist_id,
    weekday_of_template == weekday_of(appointments.c.date),
    templates.c.location == appointments.c.location,
)
exception_then = and_(
    exceptions.c.organization_id == appointments.c.organization_id,
    exceptions.c.user_id == appointments.c.therapist_id,
    exceptions.c.date == appointments.c.date,
)


def _appointments(*conditions: ColumnElement[bool]) -> Subquery:
    # PostgreSQL runs an EXISTS in a WHERE as one join, and in a count as a query per row.
    return select(appointments.c.id).where(counts, *conditions).subquery()


def _within(hours: Any) -> ColumnElement[bool]:
    return and_(
        hours.c.start_time <= appointments.c.start_time,
        hours.c.end_time >= appointments.c.end_time,
    )


def _overlaps(hours: Any) -> ColumnElement[bool]:
    return and_(
        hours.c.start_time < appointments.c.end_time,
        hours.c.end_time > appointments.c.start_time,
    )


def _closer(gap_minutes: int, *of: ColumnElement[Any]) -> Subquery:
    """Select the appointments that begin too soon after the previous one of the same day."""
    end_before = func.lag(minutes(appointments.c.end_time)).over(
        partition_by=(*of, appointments.c.date),
        order_by=(appointments.c.start_time, appointments.c.end_time),
    )
    gaps = (
        select(appointments.c.id, (minutes(appointments.c.start_time) - end_before).label("gap"))
        .where(counts)
        .subquery()
    )
    return select(gaps.c.id).where(gaps.c.gap < gap_minutes).subquery()


in_room = (
    select(appointments.c.id)
    .join(
        rooms,
        and_(
            rooms.c.organization_id == appointments.c.organization_id,
            rooms.c.id == appointments.c.room_id,
        ),
    )
    .join(
        other,
        and_(
            other.c.organization_id == appointments.c.organization_id,
            other.c.room_id == appointments.c.room_id,
            other.c.date == appointments.c.date,
            other.c.start_time <= appointments.c.start_time,
            other.c.end_time > appointments.c.start_time,
        ),
    )
    .where(counts, other.c.status.not_in(NOT_COUNTED))
    .group_by(appointments.c.id, rooms.c.capacity)
    .having(func.count() > rooms.c.capacity)
    .subquery()
)
in_template = (
    select(templates.c.id)
    .join(appointments, template_there & _overlaps(templates))
    .where(counts)
    .group_by(templates.c.id, templates.c.max_sessions, appointments.c.date)
    .having(func.count() > templates.c.max_sessions)
    .subquery()
)
of_plan = and_(
    plans.c.organization_id == appointments.c.organization_id,
    plans.c.id == appointments.c.treatment_plan_id,
)
in_plan = (
    select(plans.c.id)
    .join(appointments, of_plan)
    .where(counts)
    .group_by(plans.c.id, plans.c.number_of_sessions)
    .having(func.count() > plans.c.number_of_sessions)
    .subquery()
)
in_week_of_plan = (
    select(plans.c.id)
    .join(appointments, of_plan)
    .group_by(plans.c.id, plans.c.session_frequency, week_of(appointments.c.date))
    .having(func.count() > plans.c.session_frequency)
    .subquery()
)
offered = (
    select(
        templates.c.organization_id,
        templates.c.user_id,
        func.sum(templates.c.max_sessions).label("sessions"),
    )
    .group_by(templates.c.organization_id, templates.c.user_id)
    .subquery()
)
# Rounded up: of ten sessions, seven can be taken.
in_week = (
    select(offered.c.user_id.label("id"))
    .join(
        appointments,
        and_(
            appointments.c.organization_id == offered.c.organization_id,
            appointments.c.therapist_id == offered.c.user_id,
        ),
    )
    .where(counts)
    .group_by(offered.c.user_id, offered.c.sessions, week_of(appointments.c.date))
    .having(func.count() * 3 > offered.c.sessions * 2 + 2)
    .subquery()
)

# What the API refuses to book.
API_RULES = (
    Rule(
        "appointments lie within offered hours at their location",
        appointments.name,
        _appointments(
            ~exists().where(template_there, _within(templates)),
            ~exists().where(exception_then, is_available, _within(exceptions)),
        ),
    ),
    Rule(
        "no practitioner has an appointment while unavailable",
        appointments.name,
        _appointments(
            exists().where(exception_then, is_unavailable, is_whole_day | _overlaps(exceptions))
        ),
    ),
    Rule("a template holds no more appointments than it offers", appointments.name, in_template),
    Rule(
        "appointments of a practitioner are 5 minutes apart",
        appointments.name,
        _closer(GAP_MINUTES, appointments.c.therapist_id),
    ),
    Rule(
        "appointments of a patient do not overlap",
        appointments.name,
        _closer(0, appointments.c.organization_id, appointments.c.patient_id),
    ),
    Rule("no room is fuller than its capacity", appointments.name, in_room),
    Rule(
        "rooms are booked only at the clinic",
        appointments.name,
        appointments,
        appointments.c.room_id.is_not(None) & (appointments.c.location != Location.CLINIC),
    ),
    Rule("a plan has no more appointments than sessions", appointments.name, in_plan),
)
BOOKING_RULES = (
    *API_RULES,
    Rule(
        "at most two thirds of the offered sessions of a week are booked",
        appointments.name,
        in_week,
    ),
    Rule(
        "a plan has no more appointments a week than its frequency",
        appointments.name,
        in_week_of_plan,
    ),
)

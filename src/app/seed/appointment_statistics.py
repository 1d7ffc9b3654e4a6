"""Counts appointments, and compares the booked time of practitioners with what they offer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, RowMapping, Select, and_, cast, func, select
from sqlmodel import col

from app.auth.models import Member, Organization, User
from app.clinic.appointments.models import Appointment, AppointmentStatus
from app.clinic.appointments.rules import NOT_COUNTED
from app.clinic.availability.models import AvailabilityException, WeeklyAvailabilityTemplate
from app.clinic.availability.rules import WEEKDAYS, TimeRange, effective, slot_of
from app.seed.audit.rule import minutes
from app.seed.counting import Condition, first_rows, of_clinic, plain
from app.seed.figures import (
    BOOKED_DAYS,
    PRACTITIONERS,
    AppointmentStatusFigures,
    BookedHoursFigures,
)

MINUTE = 60

Practitioner = tuple[UUID, UUID]


def count_appointments(connection: Connection, where: Condition) -> list[AppointmentStatusFigures]:
    status = col(Appointment.status)
    found = select(status, func.count()).where(where).group_by(status)
    numbers: dict[AppointmentStatus, int] = dict(connection.execute(found).all())
    return [
        AppointmentStatusFigures(status=each, appointments=numbers.get(each, 0))
        for each in AppointmentStatus
    ]


def list_booked_hours(
    connection: Connection, as_of: date, organization_id: UUID | None
) -> list[BookedHoursFigures]:
    """Return the practitioners with the most booked time, and the time they offer.

    Only the offers of these few are read, with two statements.
    """
    days = [as_of + timedelta(days=ahead) for ahead in range(BOOKED_DAYS)]
    busiest = _busiest(connection, days, organization_id)
    offers = _Offers(connection, {row["id"] for row in busiest}, days)
    return [
        BookedHoursFigures(**row, offered_minutes=offers.minutes(row["organization_id"], row["id"]))
        for row in busiest
    ]


def _busiest(
    connection: Connection, days: Sequence[date], organization_id: UUID | None
) -> Sequence[RowMapping]:
    length = minutes(col(Appointment.end_time)) - minutes(col(Appointment.start_time))
    booked = (
        select(
            col(Appointment.organization_id),
            col(Appointment.therapist_id),
            cast(func.sum(length), Integer).label("minutes"),
        )
        .where(
            col(Appointment.date).between(days[0], days[-1]),
            col(Appointment.status).not_in(NOT_COUNTED),
            of_clinic(organization_id, Appointment.organization_id),
        )
        .group_by(col(Appointment.organization_id), col(Appointment.therapist_id))
        .subquery()
    )
    sum_ = func.coalesce(booked.c.minutes, 0)
    clinic = col(Organization.name)
    found: Select[*tuple[Any, ...]] = (
        select(
            col(User.id),
            col(User.name),
            col(Organization.id).label("organization_id"),
            clinic.label("clinic"),
            sum_.label("booked_minutes"),
        )
        .join(Member, col(Member.user_id) == col(User.id))
        .join(Organization, col(Organization.id) == col(Member.organization_id))
        .outerjoin(
            booked,
            and_(
                booked.c.organization_id == col(Member.organization_id),
                booked.c.therapist_id == col(Member.user_id),
            ),
        )
        .where(of_clinic(organization_id, Member.organization_id))
    )
    names = (plain(connection, each) for each in (col(User.name), clinic))
    order = (sum_.desc(), *names, col(User.id), col(Organization.id))
    return first_rows(connection, found, PRACTITIONERS, *order)


class _Offers:
    """The weekly templates and exceptions of some practitioners."""

    def __init__(self, connection: Connection, users: set[UUID], days: Sequence[date]) -> None:
        template, exception = WeeklyAvailabilityTemplate, AvailabilityException
        self._days = days
        self._templates = _by_day(
            connection,
            select(*_slot_columns(template, col(template.day_of_week))).where(
                col(template.user_id).in_(users)
            ),
        )
        self._exceptions = _by_day(
            connection,
            select(
                *_slot_columns(exception, col(exception.date)), col(exception.is_available)
            ).where(
                col(exception.user_id).in_(users), col(exception.date).between(days[0], days[-1])
            ),
        )

    def minutes(self, organization_id: UUID, user_id: UUID) -> int:
        of = organization_id, user_id
        return sum(self._on(day, of) for day in self._days) // MINUTE

    def _on(self, day: date, practitioner: Practitioner) -> int:
        """Return the seconds that are offered on a date."""
        weekday = WEEKDAYS[day.weekday()] if day.weekday() < len(WEEKDAYS) else None
        templates = self._templates[(*practitioner, weekday)]
        exceptions = self._exceptions[(*practitioner, day)]
        offered = [*templates, *(each for each in exceptions if each["is_available"])]
        taken = [_range(each) for each in exceptions if not each["is_available"]]
        pieces = effective([(_range(each), None) for each in offered], taken)
        return sum(piece.slot.end - piece.slot.start for piece in pieces)


def _slot_columns(model: Any, day: Any) -> Iterable[Any]:
    names = ("organization_id", "user_id", "start_time", "end_time")
    return (*(col(getattr(model, name)) for name in names), day.label("day"))


def _by_day(
    connection: Connection, found: Select[*tuple[Any, ...]]
) -> Mapping[tuple[Any, ...], list[RowMapping]]:
    groups: defaultdict[tuple[Any, ...], list[RowMapping]] = defaultdict(list)
    for row in connection.execute(found).mappings():
        groups[row["organization_id"], row["user_id"], row["day"]].append(row)
    return groups


def _range(row: RowMapping) -> TimeRange:
    return slot_of(row["start_time"], row["end_time"])

"""Tables of weekly templates and availability exceptions."""

import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from app.database.columns import TIME_OF_DAY, ClinicRecord, enumeration


class DayOfWeek(StrEnum):
    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"


class Location(StrEnum):
    CLINIC = "clinic"
    HOME = "home"
    TELEHEALTH = "telehealth"


class ExceptionReason(StrEnum):
    VACATION = "vacation"
    HOLIDAY = "holiday"
    SICK = "sick"
    TRAINING = "training"
    MEETING = "meeting"
    PERSONAL = "personal"
    REDUCED_HOURS = "reduced_hours"
    OTHER = "other"


def _of_a_member() -> ForeignKeyConstraint:
    """Delete a slot together with the membership of its practitioner.

    There is no key to the organization, because creating a slot and deleting the organization at
    the same time would then be a deadlock.
    """
    return ForeignKeyConstraint(
        ("organization_id", "user_id"),
        ("members.organization_id", "members.user_id"),
        ondelete="CASCADE",
    )


class WeeklyAvailabilityTemplate(ClinicRecord, table=True):
    __tablename__ = "weekly_availability_templates"
    __table_args__ = (
        CheckConstraint("start_time < end_time", name="starts_before_it_ends"),
        CheckConstraint("max_sessions BETWEEN 1 AND 4", name="max_sessions"),
        _of_a_member(),
        Index(None, "organization_id", "user_id"),
        Index(None, "user_id", "day_of_week"),
    )

    user_id: UUID
    day_of_week: DayOfWeek = Field(sa_type=enumeration(DayOfWeek))
    start_time: datetime.time = Field(sa_type=TIME_OF_DAY)
    end_time: datetime.time = Field(sa_type=TIME_OF_DAY)
    location: Location = Field(sa_type=enumeration(Location))
    max_sessions: int

    @property
    def weekday(self) -> int:
        """Monday is 0."""
        return list(DayOfWeek).index(self.day_of_week)


class AvailabilityException(ClinicRecord, table=True):
    """A date that differs from the weekly templates; without times it is for the whole day."""

    __tablename__ = "availability_exceptions"
    __table_args__ = (
        CheckConstraint(
            "(start_time IS NULL AND end_time IS NULL)"
            " OR (start_time IS NOT NULL AND end_time IS NOT NULL AND start_time < end_time)",
            name="starts_before_it_ends",
        ),
        _of_a_member(),
        Index(None, "organization_id", "user_id"),
        Index(None, "user_id", "date"),
    )

    user_id: UUID
    date: datetime.date
    start_time: datetime.time | None = Field(default=None, sa_type=TIME_OF_DAY)
    end_time: datetime.time | None = Field(default=None, sa_type=TIME_OF_DAY)
    is_available: bool
    reason: ExceptionReason = Field(sa_type=enumeration(ExceptionReason))
    notes: str | None = None

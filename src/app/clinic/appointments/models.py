"""The table of appointments."""

import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from app.clinic.availability.models import Location
from app.database.columns import TIME_OF_DAY, ClinicRecord, UtcDateTime, enumeration


class AppointmentStatus(StrEnum):
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


def _to(column: str, table: str, key: str = "id") -> ForeignKeyConstraint:
    """Refer to another table of the clinic.

    Only deleting the organization deletes rows of these tables. Without CASCADE, PostgreSQL may
    refuse it: the order in which it deletes rows is not defined.
    """
    return ForeignKeyConstraint(
        ("organization_id", column),
        (f"{table}.organization_id", f"{table}.{key}"),
        ondelete="CASCADE",
    )


class Appointment(ClinicRecord, table=True):
    """`actual_start_time` and `actual_end_time` are local times of the clinic, as the others."""

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("start_time < end_time", name="starts_before_it_ends"),
        CheckConstraint("room_id IS NULL OR location = 'clinic'", name="room_only_at_clinic"),
        CheckConstraint("pain_before BETWEEN 0 AND 10", name="pain_before"),
        CheckConstraint("pain_after BETWEEN 0 AND 10", name="pain_after"),
        _to("patient_id", "patients"),
        _to("treatment_plan_id", "treatment_plans"),
        _to("therapist_id", "practitioners", "user_id"),
        _to("room_id", "rooms"),
        _to("appointment_type_id", "appointment_types"),
        Index(None, "organization_id", "date", "start_time", "id"),
        Index(None, "organization_id", "patient_id", "date"),
        Index(None, "organization_id", "treatment_plan_id"),
        Index(None, "organization_id", "therapist_id", "date"),
        Index(None, "organization_id", "room_id", "date"),
        Index(None, "organization_id", "appointment_type_id"),
        # For the rule of a practitioner across all clinics.
        Index(None, "therapist_id", "date"),
    )

    patient_id: UUID
    treatment_plan_id: UUID | None = None
    therapist_id: UUID
    room_id: UUID | None = None
    appointment_type_id: UUID
    date: datetime.date
    start_time: datetime.time = Field(sa_type=TIME_OF_DAY)
    end_time: datetime.time = Field(sa_type=TIME_OF_DAY)
    location: Location = Field(sa_type=enumeration(Location))
    status: AppointmentStatus = Field(
        default=AppointmentStatus.SCHEDULED, sa_type=enumeration(AppointmentStatus)
    )
    confirmed_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancellation_reason: str | None = None
    no_show_reason: str | None = None
    primary_concern: str | None = None
    observations: str | None = None
    session_notes: str | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    actual_start_time: datetime.time | None = Field(default=None, sa_type=TIME_OF_DAY)
    actual_end_time: datetime.time | None = Field(default=None, sa_type=TIME_OF_DAY)

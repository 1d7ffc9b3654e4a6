"""The table of treatment plans."""

import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from app.database.columns import ClinicRecord, UtcDateTime, enumeration, index_of_deleted_rows


class PlanStatus(StrEnum):
    PLANNED = "planned"
    ONGOING = "ongoing"
    COMPLETED = "completed"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class CoverageStatus(StrEnum):
    NOT_REQUIRED = "not_required"
    NOT_PROVIDED = "not_provided"
    TO_VERIFY = "to_verify"
    AWAITING_AGREEMENT = "awaiting_agreement"
    COVERED = "covered"
    PARTIALLY_COVERED = "partially_covered"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class TreatmentPlan(ClinicRecord, table=True):
    """`session_frequency` counts sessions per week."""

    __tablename__ = "treatment_plans"
    __table_args__ = (
        CheckConstraint("start_date <= end_date", name="starts_before_it_ends"),
        CheckConstraint("number_of_sessions > 0", name="number_of_sessions"),
        CheckConstraint("session_frequency > 0", name="session_frequency"),
        ForeignKeyConstraint(
            ("organization_id", "patient_id"),
            ("patients.organization_id", "patients.id"),
            ondelete="CASCADE",
        ),
        # A practitioner is deleted only with the organization. Without CASCADE, PostgreSQL may
        # refuse to delete an organization: the order in which it deletes rows is not defined.
        ForeignKeyConstraint(
            ("organization_id", "therapist_id"),
            ("practitioners.organization_id", "practitioners.user_id"),
            ondelete="CASCADE",
        ),
        Index(None, "organization_id", "start_date", "id"),
        Index(None, "organization_id", "patient_id", "start_date", "id"),
        Index(None, "organization_id", "therapist_id", "start_date", "id"),
        index_of_deleted_rows("treatment_plans", "organization_id", "start_date", "id"),
    )

    patient_id: UUID
    therapist_id: UUID
    title: str
    diagnosis: str | None = None
    objective: str | None = None
    start_date: datetime.date
    end_date: datetime.date | None = None
    number_of_sessions: int
    session_frequency: int
    status: PlanStatus = Field(default=PlanStatus.PLANNED, sa_type=enumeration(PlanStatus))
    prescribing_doctor: str | None = None
    prescription_date: datetime.date | None = None
    coverage_status: CoverageStatus = Field(
        default=CoverageStatus.TO_VERIFY, sa_type=enumeration(CoverageStatus)
    )
    insurance_info: str | None = None
    notes: str | None = None
    deleted_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)

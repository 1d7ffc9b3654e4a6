"""Availability, patients and treatment plans."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat")
LOCATIONS = ("clinic", "home", "telehealth")
REASONS = (
    "vacation",
    "holiday",
    "sick",
    "training",
    "meeting",
    "personal",
    "reduced_hours",
    "other",
)
PATIENT_STATUSES = ("active", "inactive", "discharged", "archived")
PLAN_STATUSES = ("planned", "ongoing", "completed", "paused", "cancelled")
COVERAGE_STATUSES = (
    "not_required",
    "not_provided",
    "to_verify",
    "awaiting_agreement",
    "covered",
    "partially_covered",
    "refused",
    "expired",
    "cancelled",
)

DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def record(*columns: sa.schema.SchemaItem) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            sa.ForeignKey("organizations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        *columns,
    )


def required(name: str, kind: Any = sa.String) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def reference(name: str, to: str, *, ondelete: str = "CASCADE") -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(f"{to}.id", ondelete=ondelete), nullable=False)


def one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "weekly_availability_templates",
        *record(
            reference("user_id", "users"),
            required("day_of_week", one_of("day_of_week", DAYS)),
            required("start_time", sa.Time),
            required("end_time", sa.Time),
            required("location", one_of("location", LOCATIONS)),
            required("max_sessions", sa.Integer),
            sa.CheckConstraint("start_time < end_time", name="starts_before_it_ends"),
            sa.CheckConstraint("max_sessions BETWEEN 1 AND 4", name="max_sessions"),
        ),
    )
    op.create_table(
        "availability_exceptions",
        *record(
            reference("user_id", "users"),
            required("date", sa.Date),
            sa.Column("start_time", sa.Time),
            sa.Column("end_time", sa.Time),
            required("is_available", sa.Boolean),
            required("reason", one_of("exception_reason", REASONS)),
            sa.Column("notes", sa.String),
            sa.CheckConstraint(
                "(start_time IS NULL AND end_time IS NULL)"
                " OR (start_time IS NOT NULL AND end_time IS NOT NULL AND start_time < end_time)",
                name="starts_before_it_ends",
            ),
        ),
    )
    op.create_table(
        "patients",
        *record(
            required("first_name"),
            required("last_name"),
            required("date_of_birth", sa.Date),
            sa.Column("gender", sa.String),
            sa.Column("email", sa.String),
            sa.Column("phone", sa.String),
            sa.Column("address", sa.String),
            sa.Column("city", sa.String),
            sa.Column("postal_code", sa.String),
            sa.Column("country", sa.String),
            required("emergency_contacts", DOCUMENT),
            required("medical_conditions", DOCUMENT),
            required("surgeries", DOCUMENT),
            required("allergies", DOCUMENT),
            required("medications", DOCUMENT),
            sa.Column("insurance_provider", sa.String),
            sa.Column("insurance_number", sa.String),
            sa.Column("referral_source", sa.String),
            required("status", one_of("patient_status", PATIENT_STATUSES)),
            sa.Column("notes", sa.String),
            sa.Column("deleted_at", INSTANT),
        ),
    )
    op.create_table(
        "treatment_plans",
        *record(
            reference("patient_id", "patients"),
            reference("therapist_id", "users", ondelete="RESTRICT"),
            required("title"),
            sa.Column("diagnosis", sa.String),
            sa.Column("objective", sa.String),
            required("start_date", sa.Date),
            sa.Column("end_date", sa.Date),
            required("number_of_sessions", sa.Integer),
            required("session_frequency", sa.Integer),
            required("status", one_of("plan_status", PLAN_STATUSES)),
            sa.Column("prescribing_doctor", sa.String),
            sa.Column("prescription_date", sa.Date),
            required("coverage_status", one_of("coverage_status", COVERAGE_STATUSES)),
            sa.Column("insurance_info", sa.String),
            sa.Column("notes", sa.String),
            sa.Column("deleted_at", INSTANT),
            sa.CheckConstraint("start_date <= end_date", name="starts_before_it_ends"),
            sa.CheckConstraint("number_of_sessions > 0", name="number_of_sessions"),
            sa.CheckConstraint("session_frequency > 0", name="session_frequency"),
        ),
    )
    op.create_index(None, "weekly_availability_templates", ["organization_id"])
    op.create_index(None, "weekly_availability_templates", ["user_id", "day_of_week"])
    op.create_index(None, "availability_exceptions", ["organization_id"])
    op.create_index(None, "availability_exceptions", ["user_id", "date"])
    op.create_index(None, "patients", ["organization_id"])
    op.create_index(None, "treatment_plans", ["organization_id"])
    op.create_index(None, "treatment_plans", ["patient_id"])
    op.create_index(None, "treatment_plans", ["therapist_id"])


def downgrade() -> None:
    op.drop_table("treatment_plans")
    op.drop_table("patients")
    op.drop_table("availability_exceptions")
    op.drop_table("weekly_availability_templates")

"""Rooms, appointment types and appointments."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ORGANIZATION = "organization_id"
LOCATIONS = ("clinic", "home", "telehealth")
STATUSES = ("scheduled", "confirmed", "in_progress", "finished", "cancelled", "no_show")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NOT_DELETED = sa.text("deleted_at IS NULL")
# The other tables that an appointment refers to, and their keys.
PARENTS = {
    "patient_id": ("patients", "id"),
    "treatment_plan_id": ("treatment_plans", "id"),
    "therapist_id": ("practitioners", "user_id"),
    "room_id": ("rooms", "id"),
    "appointment_type_id": ("appointment_types", "id"),
}
INDEXES = (
    (ORGANIZATION, "date", "start_time", "id"),
    (ORGANIZATION, "patient_id", "date"),
    (ORGANIZATION, "treatment_plan_id"),
    (ORGANIZATION, "therapist_id", "date"),
    (ORGANIZATION, "room_id", "date"),
    (ORGANIZATION, "appointment_type_id"),
    ("therapist_id", "date"),
)


def record(*organization_key: sa.schema.SchemaItem) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column(ORGANIZATION, sa.Uuid(), *organization_key, primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )


def required(name: str, kind: Any = sa.String) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def enumeration(name: str, values: tuple[str, ...]) -> Any:
    return sa.Enum(*values, native_enum=False, create_constraint=True, length=32, name=name)


def to_organizations() -> sa.ForeignKey:
    return sa.ForeignKey("organizations.id", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "rooms",
        *record(to_organizations()),
        required("name"),
        required("capacity", sa.Integer),
        required("wheelchair_accessible", sa.Boolean),
        required("equipment", DOCUMENT),
        sa.Column("notes", sa.String),
        sa.Column("deleted_at", INSTANT),
        sa.CheckConstraint("capacity BETWEEN 1 AND 10", name="capacity"),
    )
    op.create_index(
        "uq_rooms_organization_id_name",
        "rooms",
        [ORGANIZATION, "name"],
        unique=True,
        postgresql_where=NOT_DELETED,
        sqlite_where=NOT_DELETED,
    )
    op.create_table(
        "appointment_types",
        *record(to_organizations()),
        required("code"),
        required("title"),
        required("duration_minutes", sa.Integer),
        required("is_active", sa.Boolean),
        sa.CheckConstraint(
            "duration_minutes BETWEEN 15 AND 180 AND duration_minutes % 5 = 0",
            name="duration_minutes",
        ),
        sa.UniqueConstraint(ORGANIZATION, "code"),
    )
    op.create_table(
        "appointments",
        *record(),
        required("patient_id", sa.Uuid),
        sa.Column("treatment_plan_id", sa.Uuid),
        required("therapist_id", sa.Uuid),
        sa.Column("room_id", sa.Uuid),
        required("appointment_type_id", sa.Uuid),
        required("date", sa.Date),
        required("start_time", sa.Time),
        required("end_time", sa.Time),
        required("location", enumeration("location", LOCATIONS)),
        required("status", enumeration("appointment_status", STATUSES)),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("cancelled_at", INSTANT),
        sa.Column("cancellation_reason", sa.String),
        sa.Column("no_show_reason", sa.String),
        sa.Column("primary_concern", sa.String),
        sa.Column("observations", sa.String),
        sa.Column("session_notes", sa.String),
        sa.Column("pain_before", sa.Integer),
        sa.Column("pain_after", sa.Integer),
        sa.Column("actual_start_time", sa.Time),
        sa.Column("actual_end_time", sa.Time),
        sa.CheckConstraint("start_time < end_time", name="starts_before_it_ends"),
        sa.CheckConstraint("room_id IS NULL OR location = 'clinic'", name="room_only_at_clinic"),
        sa.CheckConstraint("pain_before BETWEEN 0 AND 10", name="pain_before"),
        sa.CheckConstraint("pain_after BETWEEN 0 AND 10", name="pain_after"),
        *(
            sa.ForeignKeyConstraint(
                (ORGANIZATION, column),
                (f"{parent}.{ORGANIZATION}", f"{parent}.{key}"),
                ondelete="CASCADE",
            )
            for column, (parent, key) in PARENTS.items()
        ),
    )
    for columns in INDEXES:
        op.create_index(None, "appointments", list(columns))


def downgrade() -> None:
    for table in ("appointments", "appointment_types", "rooms"):
        op.drop_table(table)

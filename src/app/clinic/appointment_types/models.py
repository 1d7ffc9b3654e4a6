"""The table of appointment types."""

from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.database.columns import ClinicRecord


class AppointmentType(ClinicRecord, table=True):
    """Appointments last `duration_minutes` unless their request says otherwise."""

    __tablename__ = "appointment_types"
    __table_args__ = (
        CheckConstraint(
            "duration_minutes BETWEEN 15 AND 180 AND duration_minutes % 5 = 0",
            name="duration_minutes",
        ),
        UniqueConstraint("organization_id", "code"),
    )

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organizations.id", ondelete="CASCADE"
    )
    code: str
    title: str
    duration_minutes: int
    is_active: bool = True

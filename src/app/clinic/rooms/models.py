"""The table of rooms."""

import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from app.database.columns import JSON_DOCUMENT, ClinicRecord, UtcDateTime

NOT_DELETED = text("deleted_at IS NULL")


class Room(ClinicRecord, table=True):
    """`capacity` counts the patients that can be treated in it at once."""

    __tablename__ = "rooms"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 1 AND 10", name="capacity"),
        Index(
            "uq_rooms_organization_id_name",
            "organization_id",
            "name",
            unique=True,
            postgresql_where=NOT_DELETED,
            sqlite_where=NOT_DELETED,
        ),
    )

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organizations.id", ondelete="CASCADE"
    )
    name: str
    capacity: int
    wheelchair_accessible: bool
    equipment: list[str] = Field(default_factory=list, sa_type=JSON_DOCUMENT, nullable=False)
    notes: str | None = None
    deleted_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)

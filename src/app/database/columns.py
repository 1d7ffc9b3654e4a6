"""Column types for both databases, and the columns of every table."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, Dialect, Enum, Index, String, Time, TypeDecorator, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel
from typing_extensions import override

from app import clock
from app.ids import new_id

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

# SQLite stores a time as text, which only compares well if all have the same form: HH:MM:SS.
TIME_OF_DAY = Time().with_variant(
    sqlite.TIME(storage_format="%(hour)02d:%(minute)02d:%(second)02d"),  # type: ignore[no-untyped-call]
    "sqlite",
)
# Compared by code points on both databases, so that an index can find by prefix.
PLAIN_TEXT = String().with_variant(String(collation="C"), "postgresql")
JSON_DOCUMENT = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite, which has no time zones, stores it in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enumeration(members: type[StrEnum]) -> Any:
    """Return a text type with a CHECK, named after the enumeration, that allows only its values."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        length=32,
        name="".join(f"_{c.lower()}" if c.isupper() else c for c in members.__name__).lstrip("_"),
        values_callable=lambda enum: [member.value for member in enum],
    )


def index_of_deleted_rows(table: str, *columns: str) -> Index:
    """Return an index of the soft-deleted rows only, which are few."""
    hidden = text("deleted_at IS NOT NULL")
    return Index(f"ix_{table}_hidden", *columns, postgresql_where=hidden, sqlite_where=hidden)


def _timestamp(**options: Any) -> Any:
    return Field(
        default_factory=clock.now,
        sa_type=UtcDateTime,
        nullable=False,
        sa_column_kwargs={"default": clock.now, **options},
    )


class Record(SQLModel):
    """The columns of a table that all clinics share."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = _timestamp()
    updated_at: datetime = _timestamp(onupdate=clock.now)


class ClinicRecord(SQLModel):
    """The columns of a table of one clinic.

    `organization_id` is the first column of every key, so that a row refers only to rows of its
    clinic, and the tables can be partitioned by it. An id is unique without it.
    """

    organization_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = _timestamp()
    updated_at: datetime = _timestamp(onupdate=clock.now)

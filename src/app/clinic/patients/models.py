"""The tables of patients and of the words they are searched by."""

import datetime
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field, SQLModel

from app.clinic.patients.search_words import name_key, search_words
from app.database.columns import (
    JSON_DOCUMENT,
    PLAIN_TEXT,
    ClinicRecord,
    UtcDateTime,
    enumeration,
    index_of_deleted_rows,
)


class PatientStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    DISCHARGED = "discharged"
    ARCHIVED = "archived"


def _list_of_text() -> Any:
    return Field(default_factory=list, sa_type=JSON_DOCUMENT, nullable=False)


def _key(of: Callable[[Mapping[str, Any]], str]) -> Any:
    """Return a column that is computed from others when a row is inserted."""

    def compute(context: DefaultExecutionContext) -> str:
        return of(context.get_current_parameters())  # type: ignore[no-untyped-call]

    return Field(
        default=None,
        sa_type=PLAIN_TEXT,
        nullable=False,
        sa_column_kwargs={"default": compute},
    )


KEYS = {"name_key": name_key, "search_words": search_words}


class Patient(ClinicRecord, table=True):
    """Lists sort by `name_key`, searches read `search_words`; see `search_words.py`."""

    __tablename__ = "patients"
    __table_args__ = (
        Index(None, "organization_id", "name_key", "id"),
        Index(None, "organization_id", "created_at", "id"),
        index_of_deleted_rows("patients", "organization_id", "name_key", "id"),
    )

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organizations.id", ondelete="CASCADE"
    )
    first_name: str
    last_name: str
    date_of_birth: datetime.date
    gender: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None
    emergency_contacts: list[dict[str, str]] = Field(
        default_factory=list, sa_type=JSON_DOCUMENT, nullable=False
    )
    medical_conditions: list[str] = _list_of_text()
    surgeries: list[str] = _list_of_text()
    allergies: list[str] = _list_of_text()
    medications: list[str] = _list_of_text()
    insurance_provider: str | None = None
    insurance_number: str | None = None
    referral_source: str | None = None
    status: PatientStatus = Field(default=PatientStatus.ACTIVE, sa_type=enumeration(PatientStatus))
    notes: str | None = None
    deleted_at: datetime.datetime | None = Field(default=None, sa_type=UtcDateTime)
    name_key: str = _key(name_key)
    search_words: str = _key(search_words)


class PatientWord(SQLModel, table=True):
    """One of the `search_words` of a patient, with the primary key that searches use.

    Only the organization has a foreign key: one to the patient, with the index that it needs, would
    double the time that these rows add to a seed.
    """

    __tablename__ = "patient_words"
    # All columns are in the key: without a rowid, SQLite stores them once.
    __table_args__ = {"sqlite_with_rowid": False}

    organization_id: UUID = Field(
        primary_key=True, foreign_key="organizations.id", ondelete="CASCADE"
    )
    word: str = Field(primary_key=True, sa_type=PLAIN_TEXT)
    patient_id: UUID = Field(primary_key=True)

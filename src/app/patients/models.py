"""The table of patients: who they are, how to reach them, and their medical history."""

import datetime
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlmodel import Field

from app.columns import (
    JSON_DOCUMENT,
    PLAIN_TEXT,
    Record,
    UtcDateTime,
    enumeration,
    hidden_rows,
)
from app.patients.search import digits, fold_name


class PatientStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    DISCHARGED = "discharged"
    ARCHIVED = "archived"


def _list_of_text() -> Any:
    return Field(default_factory=list, sa_type=JSON_DOCUMENT, nullable=False)


def _key(of: Callable[[Mapping[str, Any]], str | None], *, nullable: bool = False) -> Any:
    """Make a column that is worked out of others whenever a row is written."""

    def work_out(context: DefaultExecutionContext) -> str | None:
        return of(context.get_current_parameters())  # type: ignore[no-untyped-call]

    return Field(
        default=None,
        sa_type=PLAIN_TEXT,
        nullable=nullable,
        sa_column_kwargs={"default": work_out},
    )


def name_key(row: Mapping[str, Any]) -> str:
    return fold_name(row["last_name"], row["first_name"])


def first_name_key(row: Mapping[str, Any]) -> str:
    return fold_name(row["first_name"], row["last_name"])


def email_key(row: Mapping[str, Any]) -> str | None:
    return row["email"].strip().lower() if row["email"] else None


def phone_key(row: Mapping[str, Any]) -> str | None:
    return digits(row["phone"]) if row["phone"] else None


KEYS = {
    "name_key": name_key,
    "first_name_key": first_name_key,
    "email_key": email_key,
    "phone_key": phone_key,
}


class Patient(Record, table=True):
    """The last four columns are what a search compares; see `app.patients.search`."""

    __tablename__ = "patients"
    __table_args__ = (
        Index(None, "organization_id", "name_key", "id"),
        Index(None, "organization_id", "first_name_key"),
        Index(None, "organization_id", "email_key"),
        Index(None, "organization_id", "phone_key"),
        Index(None, "organization_id", "created_at", "id"),
        hidden_rows("patients", "organization_id", "name_key", "id"),
    )

    organization_id: UUID = Field(foreign_key="organizations.id", ondelete="CASCADE")
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
    first_name_key: str = _key(first_name_key)
    email_key: str | None = _key(email_key, nullable=True)
    phone_key: str | None = _key(phone_key, nullable=True)

"""The table of patients: who they are, how to reach them, and their medical history."""

import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.columns import JSON_DOCUMENT, Record, UtcDateTime, enumeration


class PatientStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    DISCHARGED = "discharged"
    ARCHIVED = "archived"


def _list_of_text() -> Any:
    return Field(default_factory=list, sa_type=JSON_DOCUMENT, nullable=False)


class Patient(Record, table=True):
    __tablename__ = "patients"

    organization_id: UUID = Field(foreign_key="organizations.id", ondelete="CASCADE", index=True)
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

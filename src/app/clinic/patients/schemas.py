"""The requests and responses of patients."""

import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.clinic.patients.models import PatientStatus
from app.web.schemas import Line, Next, Note, RequestBody, ResponseBody, Text, Total
from app.web.texts import TEXT

PersonName = Annotated[Text, Meta(min_length=1, max_length=200)]
Lines = Annotated[list[str], Meta(max_length=100, extra_json_schema={"extra": {"items": TEXT}})]


class EmergencyContactRequest(RequestBody):
    name: PersonName
    relationship: Line
    phone: Line


class EmergencyContact(ResponseBody):
    name: str
    relationship: str
    phone: str


class CreatePatient(RequestBody):
    first_name: Annotated[PersonName, Meta(examples=["Ada"])]
    last_name: Annotated[PersonName, Meta(examples=["Example"])]
    date_of_birth: Annotated[datetime.date, Meta(examples=["1980-02-29"])]
    gender: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    address: Line | None = None
    city: Line | None = None
    postal_code: Line | None = None
    country: Line | None = None
    emergency_contacts: list[EmergencyContactRequest] = []
    medical_conditions: Lines = []
    surgeries: Lines = []
    allergies: Lines = []
    medications: Lines = []
    insurance_provider: Line | None = None
    insurance_number: Line | None = None
    referral_source: Line | None = None
    status: PatientStatus = PatientStatus.ACTIVE
    notes: Note | None = None


class UpdatePatient(RequestBody):
    """Fields that are left out do not change."""

    first_name: PersonName | UnsetType = UNSET
    last_name: PersonName | UnsetType = UNSET
    date_of_birth: datetime.date | UnsetType = UNSET
    gender: Line | UnsetType | None = UNSET
    email: Line | UnsetType | None = UNSET
    phone: Line | UnsetType | None = UNSET
    address: Line | UnsetType | None = UNSET
    city: Line | UnsetType | None = UNSET
    postal_code: Line | UnsetType | None = UNSET
    country: Line | UnsetType | None = UNSET
    emergency_contacts: list[EmergencyContactRequest] | UnsetType = UNSET
    medical_conditions: Lines | UnsetType = UNSET
    surgeries: Lines | UnsetType = UNSET
    allergies: Lines | UnsetType = UNSET
    medications: Lines | UnsetType = UNSET
    insurance_provider: Line | UnsetType | None = UNSET
    insurance_number: Line | UnsetType | None = UNSET
    referral_source: Line | UnsetType | None = UNSET
    status: PatientStatus | UnsetType = UNSET
    notes: Note | UnsetType | None = UNSET


class PatientResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    first_name: str
    last_name: str
    date_of_birth: datetime.date
    gender: str | None
    email: str | None
    phone: str | None
    address: str | None
    city: str | None
    postal_code: str | None
    country: str | None
    emergency_contacts: list[EmergencyContact]
    medical_conditions: list[str]
    surgeries: list[str]
    allergies: list[str]
    medications: list[str]
    insurance_provider: str | None
    insurance_number: str | None
    referral_source: str | None
    status: PatientStatus
    notes: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    deleted_at: datetime.datetime | None


class PatientPage(ResponseBody):
    items: list[PatientResponse]
    next: Next
    total: Total = UNSET

"""The patients of an organization."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.clinic.errors import NotFound
from app.clinic.patients.models import KEYS, Patient, PatientStatus
from app.clinic.patients.rules import born_before
from app.clinic.patients.schemas import CreatePatient, UpdatePatient
from app.clinic.patients.search import find, index_patient
from app.clinic.treatment_plans.models import TreatmentPlan
from app.clinic.treatment_plans.rules import first_day
from app.database.pagination import Page, SortOrder, read_page
from app.errors import FieldError, UnusableRequest


class PatientSort(StrEnum):
    NAME = "name"
    NAME_DESCENDING = "-name"
    CREATED_AT = "createdAt"
    CREATED_AT_DESCENDING = "-createdAt"


TODAY = "today"
BY_NAME = (col(Patient.name_key), col(Patient.id))
BY_CREATION = (col(Patient.created_at), col(Patient.id))
ORDERS = {
    PatientSort.NAME: SortOrder(BY_NAME, tuple[str, UUID]),
    PatientSort.NAME_DESCENDING: SortOrder(BY_NAME, tuple[str, UUID], descending=True),
    PatientSort.CREATED_AT: SortOrder(BY_CREATION, tuple[datetime, UUID]),
    PatientSort.CREATED_AT_DESCENDING: SortOrder(
        BY_CREATION, tuple[datetime, UUID], descending=True
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFilter:
    """Which patients; `deleted` asks for those that are hidden, and for no others."""

    search: str | None = None
    status: PatientStatus | None = None
    therapist_id: UUID | None = None
    deleted: bool = False


async def list_patients(
    session: AsyncSession,
    organization_id: UUID,
    wanted: PatientFilter,
    sort: PatientSort,
    cursor: str | None,
    limit: int,
) -> Page[Patient]:
    condition, finds_few = col(Patient.organization_id) == organization_id, False
    if search := (wanted.search or "").strip():
        condition, finds_few = await find(session, organization_id, search)
    found = select(Patient).where(condition, _visible(wanted))
    if wanted.status:
        found = found.where(Patient.status == wanted.status)
    if wanted.therapist_id:
        treated = select(TreatmentPlan.patient_id).where(
            TreatmentPlan.therapist_id == wanted.therapist_id,
            TreatmentPlan.organization_id == organization_id,
            col(TreatmentPlan.deleted_at).is_(None),
        )
        found = found.where(col(Patient.id).in_(treated))
    return await read_page(session, found, ORDERS[sort], cursor, limit, find_first=finds_few)


async def get_patient(
    session: AsyncSession,
    organization_id: UUID,
    patient_id: UUID,
    *,
    deleted: bool = False,
    to_change: bool = False,
) -> Patient:
    """Find a patient, held until the transaction ends if it is `to_change`.

    Raises `NotFound`.
    """
    found = select(Patient).where(
        Patient.id == patient_id,
        Patient.organization_id == organization_id,
        _visible(PatientFilter(deleted=deleted)),
    )
    if to_change:
        found = found.with_for_update(key_share=True)
    patient = (await session.exec(found)).one_or_none()
    if patient is None:
        raise NotFound("patient")
    return patient


async def create_patient(
    session: AsyncSession, organization_id: UUID, new: CreatePatient
) -> Patient:
    """Raise `UnusableRequest` if a rule of patients is broken."""
    patient = Patient(organization_id=organization_id, **new.columns())
    _check(patient, clock.today(), TODAY)
    session.add(patient)
    await session.flush()
    await index_patient(session, patient)
    return patient


async def change_patient(
    session: AsyncSession, patient: Patient, changes: CreatePatient | UpdatePatient
) -> Patient:
    """Raise `UnusableRequest` if a rule of patients would be broken."""
    born = patient.date_of_birth
    for name, value in changes.columns().items():
        setattr(patient, name, value)
    if patient.date_of_birth != born:
        _check(patient, clock.today(), TODAY)
        if first := await _first_day_of_plans(session, patient.id):
            _check(patient, first, start_of_plans(first))
    row, indexed = patient.model_dump(), patient.search_words
    for name, key in KEYS.items():
        setattr(patient, name, key(row))
    await session.flush()
    if patient.search_words != indexed:
        await index_patient(session, patient, indexed)
    return patient


async def delete_patient(session: AsyncSession, patient: Patient) -> None:
    """Hide a patient together with the plans; everything is kept."""
    patient.deleted_at = clock.now()
    await session.flush()


async def restore_patient(session: AsyncSession, patient: Patient) -> Patient:
    patient.deleted_at = None
    await session.flush()
    return patient


def birth_too_late(what: str) -> UnusableRequest:
    return UnusableRequest(
        f"Nothing was changed. Please correct `dateOfBirth`: it must be before {what}.",
        [FieldError("dateOfBirth", f"must be before {what}")],
    )


def start_of_plans(first: date) -> str:
    return f"{first}, when a treatment plan starts or is prescribed"


def _check(patient: Patient, first: date, what: str) -> None:
    if not born_before(patient.date_of_birth, first):
        raise birth_too_late(what)


async def _first_day_of_plans(session: AsyncSession, patient_id: UUID) -> date | None:
    """Look at hidden plans too, for they may be shown again."""
    days = select(col(TreatmentPlan.start_date), col(TreatmentPlan.prescription_date))
    with session.no_autoflush:
        plans = await session.exec(days.where(TreatmentPlan.patient_id == patient_id))
    return min((first_day(start, prescription) for start, prescription in plans), default=None)


def _visible(wanted: PatientFilter) -> ColumnElement[bool]:
    deleted_at = col(Patient.deleted_at)
    return deleted_at.is_not(None) if wanted.deleted else deleted_at.is_(None)

"""The patients of an organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth.caller import Caller
from app.clinic.patients.models import KEYS, Patient, PatientStatus
from app.clinic.patients.rules import born_before
from app.clinic.patients.schemas import CreatePatient, UpdatePatient
from app.clinic.patients.search import index_patient, search_condition
from app.clinic.rows import get_row, is_deleted
from app.clinic.treatment_plans.models import TreatmentPlan
from app.clinic.treatment_plans.rules import first_day
from app.database.pagination import Page, SortOrder, count_rows, read_page
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
    """Which patients to list. With `deleted`, only deleted ones."""

    ids: Sequence[UUID] = ()
    search: str | None = None
    status: PatientStatus | None = None
    therapist_id: UUID | None = None
    born_from: date | None = None
    born_to: date | None = None
    deleted: bool = False


async def list_patients(
    session: AsyncSession,
    caller: Caller,
    wanted: PatientFilter,
    sort: PatientSort,
    cursor: str | None,
    limit: int,
) -> Page[Patient]:
    conditions, finds_few = await _find(session, caller, wanted)
    found = select(Patient).where(*conditions, is_deleted(Patient, wanted.deleted))
    return await read_page(session, found, ORDERS[sort], cursor, limit, find_first=finds_few)


async def count_patients(session: AsyncSession, caller: Caller, wanted: PatientFilter) -> int:
    """Count all patients that the pages of a list have.

    Deleted ones are few and have their own index: to subtract them is ten times as fast as to
    look at each patient.
    """
    conditions, _ = await _find(session, caller, wanted)
    deleted = select(Patient).where(*conditions, is_deleted(Patient, True))
    if wanted.deleted:
        return await count_rows(session, deleted)
    return await count_rows(session, select(Patient).where(*conditions), deleted)


async def _find(
    session: AsyncSession, caller: Caller, wanted: PatientFilter
) -> tuple[list[ColumnElement[bool]], bool]:
    """Return conditions for patients, deleted or not, and whether they find few."""
    organization_id = caller.organization_id
    organization, finds_few = col(Patient.organization_id), bool(wanted.ids)
    if search := (wanted.search or "").strip():
        condition, search_finds_few = await search_condition(session, organization_id, search)
        finds_few |= search_finds_few
    else:
        condition = organization == organization_id
    conditions = [condition]
    if wanted.ids:
        conditions.append(col(Patient.id).in_(wanted.ids))
    if wanted.status:
        conditions.append(col(Patient.status) == wanted.status)
    if wanted.born_from:
        conditions.append(col(Patient.date_of_birth) >= wanted.born_from)
    if wanted.born_to:
        conditions.append(col(Patient.date_of_birth) <= wanted.born_to)
    if wanted.therapist_id:
        treated = select(TreatmentPlan.patient_id).where(
            TreatmentPlan.therapist_id == wanted.therapist_id,
            TreatmentPlan.organization_id == organization_id,
            col(TreatmentPlan.deleted_at).is_(None),
        )
        conditions.append(col(Patient.id).in_(treated))
    return conditions, finds_few


async def get_patient(
    session: AsyncSession,
    caller: Caller,
    patient_id: UUID,
    *,
    deleted: bool = False,
    lock: bool = False,
) -> Patient:
    """Raise `NotFound`."""
    found = select(Patient).where(
        Patient.id == patient_id,
        Patient.organization_id == caller.organization_id,
        is_deleted(Patient, deleted),
    )
    return await get_row(session, found, "patient", lock=lock)


lock_patient = partial(get_patient, lock=True)
lock_deleted_patient = partial(get_patient, deleted=True, lock=True)


async def create_patient(session: AsyncSession, caller: Caller, new: CreatePatient) -> Patient:
    """Raise `UnusableRequest` if a rule of patients is broken."""
    patient = Patient(organization_id=caller.organization_id, **new.columns())
    _check(patient, clock.today(), TODAY)
    session.add(patient)
    await session.flush()
    await index_patient(session, patient)
    return patient


async def update_patient(
    session: AsyncSession, patient: Patient, changes: CreatePatient | UpdatePatient
) -> Patient:
    """Raise `UnusableRequest` if a rule of patients would be broken."""
    born = patient.date_of_birth
    for name, value in changes.columns().items():
        setattr(patient, name, value)
    if patient.date_of_birth != born:
        _check(patient, clock.today(), TODAY)
        if first := await _first_day_of_plans(session, patient):
            _check(patient, first, start_of_plans(first))
    row, indexed = patient.model_dump(), patient.search_words
    for name, key in KEYS.items():
        setattr(patient, name, key(row))
    await session.flush()
    if patient.search_words != indexed:
        await index_patient(session, patient, indexed)
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


async def _first_day_of_plans(session: AsyncSession, patient: Patient) -> date | None:
    """Return the first day of all plans, including deleted ones, which can be restored."""
    days = select(col(TreatmentPlan.start_date), col(TreatmentPlan.prescription_date)).where(
        TreatmentPlan.organization_id == patient.organization_id,
        TreatmentPlan.patient_id == patient.id,
    )
    with session.no_autoflush:
        plans = await session.exec(days)
    return min((first_day(start, prescription) for start, prescription in plans), default=None)

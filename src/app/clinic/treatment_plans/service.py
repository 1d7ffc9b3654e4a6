"""The treatment plans of an organization."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth.caller import Caller
from app.auth.members import find_member
from app.clinic.appointments.affected import check_plan as check_appointments
from app.clinic.appointments.affected import find_last_date
from app.clinic.errors import NotFound, StatusChangeNotAllowed
from app.clinic.patients.models import Patient
from app.clinic.patients.search import search_condition
from app.clinic.patients.service import lock_patient
from app.clinic.rows import get_row, is_deleted
from app.clinic.treatment_plans.models import PlanStatus, TreatmentPlan
from app.clinic.treatment_plans.rules import (
    STATUS_CHANGES,
    PlanDates,
    broken_rules,
    end_after_change,
    may_change_status,
    start_after_change,
)
from app.clinic.treatment_plans.schemas import CreatePlan, ReplacePlan, UpdatePlan
from app.database.pagination import Page, SortOrder, count_rows, read_page, unindexed_on_sqlite
from app.errors import FieldError, UnusableRequest


class PlanSort(StrEnum):
    START = "startDate"
    START_DESCENDING = "-startDate"


A_PLAN, TREATMENT_PLAN = "A plan", "treatment plan"
BY_START = (col(TreatmentPlan.start_date), col(TreatmentPlan.id))
PATIENT_OF_PLAN = and_(
    col(Patient.organization_id) == TreatmentPlan.organization_id,
    col(Patient.id) == TreatmentPlan.patient_id,
)
VALUES = tuple[datetime.date, UUID]
ORDERS = {
    PlanSort.START: SortOrder(BY_START, VALUES),
    PlanSort.START_DESCENDING: SortOrder(BY_START, VALUES, descending=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFilter:
    """Which plans to list. `search` is for their patients. With `deleted`, only deleted ones."""

    patient_id: UUID | None = None
    therapist_id: UUID | None = None
    status: PlanStatus | None = None
    diagnosis: str | None = None
    search: str | None = None
    deleted: bool = False


async def list_plans(
    session: AsyncSession,
    caller: Caller,
    wanted: PlanFilter,
    sort: PlanSort,
    cursor: str | None,
    limit: int,
) -> Page[TreatmentPlan]:
    search_finds_few = False
    if search := (wanted.search or "").strip():
        condition, search_finds_few = await search_condition(
            session, caller.organization_id, search
        )
    found = (
        select(TreatmentPlan)
        .join(Patient, PATIENT_OF_PLAN)
        .where(
            TreatmentPlan.organization_id == caller.organization_id,
            is_deleted(Patient, False),
            is_deleted(TreatmentPlan, wanted.deleted),
        )
    )
    found = found.where(*_filters(wanted))
    if search:
        found = found.where(condition)
    return await read_page(session, found, ORDERS[sort], cursor, limit, find_first=search_finds_few)


async def count_plans(session: AsyncSession, caller: Caller, wanted: PlanFilter) -> int:
    """Count all plans that the pages of a list have.

    Deleted plans and patients are few and have their own indexes: to subtract them is faster than
    to look at each plan and its patient.
    """
    organization_id = caller.organization_id
    of_patient, organization = col(TreatmentPlan.patient_id), col(TreatmentPlan.organization_id)
    filters = _filters(wanted)
    # SQLite looks at many plans several times as fast in the order of the table.
    many = not (wanted.patient_id or wanted.therapist_id) and (filters or wanted.search)
    all_plans = select(TreatmentPlan).where(
        *filters, (unindexed_on_sqlite(organization) if many else organization) == organization_id
    )
    if search := (wanted.search or "").strip():
        condition, _ = await search_condition(session, organization_id, search)
        matching = select(Patient.id).where(condition, is_deleted(Patient, False))
        return await count_rows(
            session,
            all_plans.where(is_deleted(TreatmentPlan, wanted.deleted), of_patient.in_(matching)),
        )
    deleted_patients = select(Patient.id).where(
        Patient.organization_id == organization_id, is_deleted(Patient, True)
    )
    deleted = select(TreatmentPlan).where(
        *filters, organization == organization_id, is_deleted(TreatmentPlan, True)
    )
    if wanted.deleted:
        return await count_rows(session, deleted.where(of_patient.not_in(deleted_patients)))
    of_deleted = select(TreatmentPlan).where(
        *filters,
        organization == organization_id,
        is_deleted(TreatmentPlan, False),
        of_patient.in_(deleted_patients),
    )
    return await count_rows(session, all_plans, deleted, of_deleted)


def _filters(wanted: PlanFilter) -> list[ColumnElement[bool]]:
    """Return the conditions for the plans themselves, deleted or not."""
    given = (
        (col(TreatmentPlan.patient_id), wanted.patient_id),
        (col(TreatmentPlan.therapist_id), wanted.therapist_id),
        (col(TreatmentPlan.status), wanted.status),
        (col(TreatmentPlan.diagnosis), wanted.diagnosis),
    )
    return [column == value for column, value in given if value is not None]


async def get_plan(
    session: AsyncSession,
    caller: Caller,
    plan_id: UUID,
    *,
    deleted: bool = False,
    lock: bool = False,
) -> TreatmentPlan:
    """Raise `NotFound`, also if the patient is deleted. Lock the patient as well."""
    found = (
        select(TreatmentPlan)
        .join(Patient, PATIENT_OF_PLAN)
        .where(
            TreatmentPlan.id == plan_id,
            TreatmentPlan.organization_id == caller.organization_id,
            is_deleted(Patient, False),
            is_deleted(TreatmentPlan, deleted),
        )
    )
    return await get_row(session, found, TREATMENT_PLAN, lock=lock)


lock_plan = partial(get_plan, lock=True)
lock_deleted_plan = partial(get_plan, deleted=True, lock=True)


async def create_plan(session: AsyncSession, caller: Caller, new: CreatePlan) -> TreatmentPlan:
    """Raise `NotFound` for the patient or the therapist, or `UnusableRequest`."""
    # Locked, so that nobody changes the date of birth or deletes the patient meanwhile.
    await lock_patient(session, caller, new.patient_id)
    columns = new.columns() | {"status": PlanStatus(new.status)}
    plan = TreatmentPlan(organization_id=caller.organization_id, **columns)
    await _check_therapist(session, plan)
    await _check_rules(session, plan)
    session.add(plan)
    await session.flush()
    return plan


async def update_plan(
    session: AsyncSession, plan: TreatmentPlan, changes: ReplacePlan | UpdatePlan
) -> TreatmentPlan:
    """Raise `NotFound` for a new therapist, `UnusableRequest` or `AppointmentsAffected`."""
    therapist_id, allowed = plan.therapist_id, _allowed_appointments(plan)
    with session.no_autoflush:
        for name, value in changes.columns().items():
            setattr(plan, name, value)
        # A therapist who has left the organization can stay the therapist of existing plans.
        if plan.therapist_id != therapist_id:
            await _check_therapist(session, plan)
    await _check_rules(session, plan)
    if _allowed_appointments(plan) != allowed:
        await check_appointments(session, plan)
    await session.flush()
    return plan


async def update_plan_status(
    session: AsyncSession, plan: TreatmentPlan, wanted: PlanStatus
) -> TreatmentPlan:
    """Raise `StatusChangeNotAllowed`, `UnusableRequest` or `AppointmentsAffected`."""
    if not may_change_status(plan.status, wanted):
        raise StatusChangeNotAllowed(A_PLAN, plan.status, wanted, STATUS_CHANGES[plan.status])
    start, end = plan.start_date, plan.end_date
    plan.start_date = start_after_change(wanted, start, clock.today(), clock.latest_today())
    # The date of the last session may be ahead of today in UTC.
    last = await find_last_date(session, plan, clock.latest_today())
    today = max(clock.today(), last or clock.today())
    plan.end_date = end_after_change(wanted, plan.start_date, end, today)
    plan.status = wanted
    if plan.prescription_date and plan.start_date < min(start, plan.prescription_date):
        raise not_prescribed(plan.prescription_date)
    await _check_rules(session, plan)
    if plan.end_date != end:
        await check_appointments(session, plan)
    await session.flush()
    return plan


def _allowed_appointments(plan: TreatmentPlan) -> tuple[object, ...]:
    return plan.start_date, plan.end_date, plan.number_of_sessions


def not_prescribed(prescription_date: datetime.date) -> UnusableRequest:
    return UnusableRequest(
        "Nothing was changed. The plan would start today, before its `prescriptionDate` "
        f"({prescription_date}). Correct `prescriptionDate` first.",
        [FieldError("prescriptionDate", f"must not be after today; it is {prescription_date}")],
    )


def against_rules(*rules: FieldError) -> UnusableRequest:
    listed = "; ".join(map(str, rules))
    return UnusableRequest(f"Nothing was changed. Please correct this: {listed}.", rules)


async def _check_therapist(session: AsyncSession, plan: TreatmentPlan) -> None:
    if not await find_member(session, plan.organization_id, plan.therapist_id):
        raise NotFound("practitioner")


async def _check_rules(session: AsyncSession, plan: TreatmentPlan) -> None:
    with session.no_autoflush:
        births = select(col(Patient.date_of_birth)).where(
            Patient.organization_id == plan.organization_id, Patient.id == plan.patient_id
        )
        born = (await session.exec(births)).one()
    course = PlanDates(
        status=plan.status,
        start_date=plan.start_date,
        end_date=plan.end_date,
        prescription_date=plan.prescription_date,
        born=born,
    )
    if broken := list(broken_rules(course, clock.latest_today())):
        raise against_rules(*broken)

"""The treatment plans of an organization."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth.members import find_member
from app.clinic.errors import NotFound
from app.clinic.patients.models import Patient
from app.clinic.patients.search import find
from app.clinic.patients.service import get_patient
from app.clinic.treatment_plans.errors import MoveNotAllowed
from app.clinic.treatment_plans.models import PlanStatus, TreatmentPlan
from app.clinic.treatment_plans.rules import (
    MOVES,
    Course,
    broken_rules,
    end_after_move,
    may_move,
    start_after_move,
)
from app.clinic.treatment_plans.schemas import CreatePlan, ReplacePlan, UpdatePlan
from app.database.pagination import Page, SortOrder, read_page, unindexed
from app.errors import FieldError, UnusableRequest


class PlanSort(StrEnum):
    START = "startDate"
    START_DESCENDING = "-startDate"


BY_START = (col(TreatmentPlan.start_date), col(TreatmentPlan.id))
VALUES = tuple[datetime.date, UUID]
ORDERS = {
    PlanSort.START: SortOrder(BY_START, VALUES),
    PlanSort.START_DESCENDING: SortOrder(BY_START, VALUES, descending=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFilter:
    """Which plans; `search` is of their patients. `deleted` asks for hidden ones, and no others."""

    patient_id: UUID | None = None
    therapist_id: UUID | None = None
    status: PlanStatus | None = None
    search: str | None = None
    deleted: bool = False


async def list_plans(
    session: AsyncSession,
    organization_id: UUID,
    wanted: PlanFilter,
    sort: PlanSort,
    cursor: str | None,
    limit: int,
) -> Page[TreatmentPlan]:
    search_finds_few = False
    if search := (wanted.search or "").strip():
        condition, search_finds_few = await find(session, organization_id, search)
    # Along an index of its own; else SQLite, which counts no rows, may walk through all plans.
    finds_few = bool(search_finds_few or wanted.therapist_id)
    organization, deleted_at = col(TreatmentPlan.organization_id), col(TreatmentPlan.deleted_at)
    found = (
        select(TreatmentPlan)
        .join(Patient, col(Patient.id) == TreatmentPlan.patient_id)
        .where(
            (unindexed(organization) if finds_few else organization) == organization_id,
            col(Patient.deleted_at).is_(None),
            deleted_at.is_not(None) if wanted.deleted else deleted_at.is_(None),
        )
    )
    if wanted.patient_id:
        found = found.where(TreatmentPlan.patient_id == wanted.patient_id)
    if wanted.therapist_id:
        found = found.where(TreatmentPlan.therapist_id == wanted.therapist_id)
    if wanted.status:
        found = found.where(TreatmentPlan.status == wanted.status)
    if search:
        found = found.where(condition)
    return await read_page(session, found, ORDERS[sort], cursor, limit, find_first=search_finds_few)


async def get_plan(
    session: AsyncSession,
    organization_id: UUID,
    plan_id: UUID,
    *,
    deleted: bool = False,
    to_change: bool = False,
) -> tuple[TreatmentPlan, Patient]:
    """Find a plan and its patient; both are held until the transaction ends if `to_change`.

    Raises `NotFound`, also for a plan whose patient is hidden.
    """
    deleted_at = col(TreatmentPlan.deleted_at)
    found = (
        select(TreatmentPlan, Patient)
        .join(Patient, col(Patient.id) == TreatmentPlan.patient_id)
        .where(
            TreatmentPlan.id == plan_id,
            TreatmentPlan.organization_id == organization_id,
            col(Patient.deleted_at).is_(None),
            deleted_at.is_not(None) if deleted else deleted_at.is_(None),
        )
    )
    if to_change:
        found = found.with_for_update(key_share=True)
    row = (await session.exec(found)).one_or_none()
    if row is None:
        raise NotFound("treatment plan")
    return row


async def create_plan(
    session: AsyncSession, organization_id: UUID, new: CreatePlan
) -> TreatmentPlan:
    """Raise `NotFound` for the patient or therapist, or `UnusableRequest`."""
    # Held, so that nobody changes the day of birth or hides the patient in between.
    patient = await get_patient(session, organization_id, new.patient_id, to_change=True)
    columns = new.columns() | {"status": PlanStatus(new.status)}
    plan = TreatmentPlan(organization_id=organization_id, **columns)
    await _check_therapist(session, plan)
    _check_rules(plan, patient)
    session.add(plan)
    await session.flush()
    return plan


async def change_plan(
    session: AsyncSession,
    plan: TreatmentPlan,
    patient: Patient,
    changes: ReplacePlan | UpdatePlan,
) -> TreatmentPlan:
    """Raise `NotFound` for a new therapist, or `UnusableRequest`."""
    therapist_id = plan.therapist_id
    with session.no_autoflush:
        for name, value in changes.columns().items():
            setattr(plan, name, value)
        # One who has left the organization stays the therapist of the plans that they had.
        if plan.therapist_id != therapist_id:
            await _check_therapist(session, plan)
    _check_rules(plan, patient)
    await session.flush()
    return plan


async def move_plan(
    session: AsyncSession, plan: TreatmentPlan, patient: Patient, wanted: PlanStatus
) -> TreatmentPlan:
    """Raise `MoveNotAllowed`, or `UnusableRequest` for dates that the new status does not allow."""
    if not may_move(plan.status, wanted):
        raise MoveNotAllowed(plan.status, wanted, MOVES[plan.status])
    start, end = plan.start_date, plan.end_date
    plan.start_date = start_after_move(wanted, start, clock.today(), clock.latest_today())
    plan.end_date = end_after_move(wanted, plan.start_date, end, clock.today())
    plan.status = wanted
    if plan.prescription_date and plan.start_date < min(start, plan.prescription_date):
        raise not_prescribed(plan.prescription_date)
    _check_rules(plan, patient)
    await session.flush()
    return plan


async def delete_plan(session: AsyncSession, plan: TreatmentPlan) -> None:
    """Hide a plan; it is kept."""
    plan.deleted_at = clock.now()
    await session.flush()


async def restore_plan(session: AsyncSession, plan: TreatmentPlan) -> TreatmentPlan:
    plan.deleted_at = None
    await session.flush()
    return plan


def not_prescribed(prescription_date: datetime.date) -> UnusableRequest:
    return UnusableRequest(
        "Nothing was changed. The plan would start today, before it is prescribed: correct "
        f"`prescriptionDate`, which is {prescription_date}, first.",
        [FieldError("prescriptionDate", f"is {prescription_date}, after today")],
    )


def against_rules(*rules: FieldError) -> UnusableRequest:
    told = "; ".join(map(str, rules))
    return UnusableRequest(f"Nothing was changed. Please correct this: {told}.", rules)


async def _check_therapist(session: AsyncSession, plan: TreatmentPlan) -> None:
    if not await find_member(session, plan.organization_id, plan.therapist_id):
        raise NotFound("practitioner")


def _check_rules(plan: TreatmentPlan, patient: Patient) -> None:
    course = Course(
        status=plan.status,
        start_date=plan.start_date,
        end_date=plan.end_date,
        prescription_date=plan.prescription_date,
        born=patient.date_of_birth,
    )
    if broken := list(broken_rules(course, clock.latest_today())):
        raise against_rules(*broken)

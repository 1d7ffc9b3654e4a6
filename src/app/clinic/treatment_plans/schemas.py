"""The requests and responses of treatment plans."""

import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.clinic.treatment_plans.models import CoverageStatus, PlanStatus
from app.web.schemas import Line, Next, Note, RequestBody, ResponseBody, Text, Total

Title = Annotated[Text, Meta(min_length=1, max_length=200, examples=["Shoulder rehabilitation"])]
Sessions = Annotated[int, Meta(ge=1, le=1_000)]
PerWeek = Annotated[int, Meta(ge=1, le=21, description="Sessions per week.")]


class FirstStatus(StrEnum):
    """The status that a new plan can have."""

    PLANNED = "planned"
    ONGOING = "ongoing"


class ReplacePlan(RequestBody, kw_only=True):
    """The patient cannot change. Change the status at `/status`."""

    title: Title
    therapist_id: UUID
    start_date: datetime.date
    number_of_sessions: Sessions
    session_frequency: PerWeek
    diagnosis: Note | None = None
    objective: Note | None = None
    end_date: datetime.date | None = None
    prescribing_doctor: Line | None = None
    prescription_date: datetime.date | None = None
    coverage_status: CoverageStatus = CoverageStatus.TO_VERIFY
    insurance_info: Note | None = None
    notes: Note | None = None


class CreatePlan(ReplacePlan, kw_only=True):
    patient_id: UUID
    status: FirstStatus = FirstStatus.PLANNED


class UpdatePlan(RequestBody):
    """Fields that are left out do not change. Change the status at `/status`."""

    title: Title | UnsetType = UNSET
    therapist_id: UUID | UnsetType = UNSET
    start_date: datetime.date | UnsetType = UNSET
    number_of_sessions: Sessions | UnsetType = UNSET
    session_frequency: PerWeek | UnsetType = UNSET
    diagnosis: Note | UnsetType | None = UNSET
    objective: Note | UnsetType | None = UNSET
    end_date: datetime.date | UnsetType | None = UNSET
    prescribing_doctor: Line | UnsetType | None = UNSET
    prescription_date: datetime.date | UnsetType | None = UNSET
    coverage_status: CoverageStatus | UnsetType = UNSET
    insurance_info: Note | UnsetType | None = UNSET
    notes: Note | UnsetType | None = UNSET


class UpdatePlanStatus(RequestBody):
    status: Annotated[PlanStatus, Meta(examples=["paused"])]


class PlanResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    patient_id: UUID
    therapist_id: UUID
    title: str
    diagnosis: str | None
    objective: str | None
    start_date: datetime.date
    end_date: datetime.date | None
    number_of_sessions: int
    session_frequency: int
    status: PlanStatus
    prescribing_doctor: str | None
    prescription_date: datetime.date | None
    coverage_status: CoverageStatus
    insurance_info: str | None
    notes: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    deleted_at: datetime.datetime | None


class PlanPage(ResponseBody):
    items: list[PlanResponse]
    next: Next
    total: Total = UNSET

"""Treatment plans over HTTP."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.openapi import SIGNED_IN
from app.clinic.error_responses import CHANGED, CREATED, FOUND, READ, SEARCHED, refusals
from app.clinic.patients.error_responses import NO_PATIENT
from app.clinic.patients.models import Patient
from app.clinic.patients.search import MAX_SEARCH
from app.clinic.treatment_plans import service
from app.clinic.treatment_plans.error_responses import MOVED, NO_PLAN, REWRITTEN, WRITTEN
from app.clinic.treatment_plans.models import PlanStatus, TreatmentPlan
from app.clinic.treatment_plans.schemas import (
    CreatePlan,
    MovePlan,
    PlanPage,
    PlanResponse,
    ReplacePlan,
    UpdatePlan,
)
from app.clinic.treatment_plans.service import PlanFilter, PlanSort
from app.database.pagination import DEFAULT_LIMIT, Cursor, Deleted, Limit
from app.web.etags import ANY_VERSION, IfMatch, hidden, refuse_stale, tagged
from app.web.openapi import ExampleOperation, HidingOperation, OrderedController, TaggedOperation
from app.web.schemas import WITHOUT_NUL, fields_of


class TreatmentPlanController(OrderedController):
    path = "/treatment-plans"
    tags = ("Treatment plans",)
    security = SIGNED_IN

    @get(
        "/",
        operation_id="listTreatmentPlans",
        operation_class=ExampleOperation,
        summary="The treatment plans of the active organization, or of one patient",
        responses=refusals(*FOUND, query=(*SEARCHED, "patientId")),
    )
    async def list_plans(
        self,
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        patient_id: Annotated[UUID | None, QueryParameter(name="patientId")] = None,
        therapist_id: Annotated[UUID | None, QueryParameter(name="therapistId")] = None,
        status: FromQuery[PlanStatus | None] = None,
        search: Annotated[
            str | None,
            QueryParameter(
                pattern=WITHOUT_NUL,
                max_length=MAX_SEARCH,
                description="Words of the patient, as for `listPatients`.",
            ),
        ] = None,
        deleted: Deleted = False,
        sort: FromQuery[PlanSort] = PlanSort.START_DESCENDING,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> PlanPage:
        wanted = PlanFilter(
            patient_id=patient_id,
            therapist_id=therapist_id,
            status=status,
            search=search,
            deleted=deleted,
        )
        page = await service.list_plans(
            session, caller.organization_id, wanted, sort, cursor, limit
        )
        return PlanPage(items=[_answer(row) for row in page.rows], next=page.next)

    @post(
        "/",
        operation_id="createTreatmentPlan",
        operation_class=TaggedOperation,
        summary="Write a plan down",
        responses=refusals(*WRITTEN, *CREATED, NO_PATIENT),
    )
    async def create_plan(
        self,
        data: JSONBody[CreatePlan],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[PlanResponse]:
        fields = fields_of(data) | {"status": PlanStatus(data.status)}
        plan = await service.create_plan(session, caller.organization_id, fields)
        return tagged(_answer(plan), 201)

    @get(
        "/{plan_id:uuid}",
        operation_id="getTreatmentPlan",
        operation_class=TaggedOperation,
        summary="A treatment plan",
        responses=refusals(*READ, NO_PLAN),
    )
    async def get_plan(
        self,
        plan_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
    ) -> Response[PlanResponse]:
        plan, _ = await service.get_plan(session, caller.organization_id, plan_id)
        return tagged(_answer(plan))

    @put(
        "/{plan_id:uuid}",
        operation_id="replaceTreatmentPlan",
        operation_class=TaggedOperation,
        summary="Write all of a plan anew, but for its patient and status",
        responses=refusals(*REWRITTEN, *CHANGED, NO_PLAN),
    )
    async def replace_plan(
        self,
        plan_id: FromPath[UUID],
        data: JSONBody[ReplacePlan],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        return await _change(session, caller, plan_id, if_match, fields_of(data))

    @patch(
        "/{plan_id:uuid}",
        operation_id="changeTreatmentPlan",
        operation_class=TaggedOperation,
        summary="Change some of a plan",
        responses=refusals(*REWRITTEN, *CHANGED, NO_PLAN),
    )
    async def change_plan(
        self,
        plan_id: FromPath[UUID],
        data: JSONBody[UpdatePlan],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        return await _change(session, caller, plan_id, if_match, fields_of(data))

    @post(
        "/{plan_id:uuid}/status",
        operation_id="moveTreatmentPlan",
        operation_class=TaggedOperation,
        summary="Start, pause, complete or cancel a plan",
        description="Planned becomes ongoing or cancelled; ongoing paused, completed or "
        "cancelled; paused ongoing or cancelled. Completed and cancelled are final. Completing "
        "sets the end date to today, and a plan that starts early starts today.",
        status_code=200,
        responses=refusals(*MOVED, *CHANGED, NO_PLAN),
    )
    async def move_plan(
        self,
        plan_id: FromPath[UUID],
        data: JSONBody[MovePlan],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        plan, patient = await _held(session, caller, plan_id, if_match)
        return tagged(_answer(await service.move_plan(session, plan, patient, data.status)))

    @delete(
        "/{plan_id:uuid}",
        operation_id="deleteTreatmentPlan",
        operation_class=HidingOperation,
        summary="Hide a plan",
        description="Nothing is lost: `restoreTreatmentPlan` shows it again.",
        responses=refusals(*CHANGED, NO_PLAN),
    )
    async def delete_plan(
        self,
        plan_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[None]:
        plan, _ = await _held(session, caller, plan_id, if_match)
        await service.delete_plan(session, plan)
        return hidden(_answer(plan))

    @post(
        "/{plan_id:uuid}/restore",
        operation_id="restoreTreatmentPlan",
        operation_class=TaggedOperation,
        summary="Show a plan again that was deleted",
        status_code=200,
        responses=refusals(*CHANGED, NO_PLAN),
    )
    async def restore_plan(
        self,
        plan_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        caller: NamedDependency[Caller],
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        plan, _ = await _held(session, caller, plan_id, if_match, deleted=True)
        return tagged(_answer(await service.restore_plan(session, plan)))


async def _change(
    session: AsyncSession,
    caller: Caller,
    plan_id: UUID,
    if_match: str,
    fields: dict[str, Any],
) -> Response[PlanResponse]:
    plan, patient = await _held(session, caller, plan_id, if_match)
    return tagged(_answer(await service.change_plan(session, plan, patient, fields)))


async def _held(
    session: AsyncSession,
    caller: Caller,
    plan_id: UUID,
    if_match: str,
    *,
    deleted: bool = False,
) -> tuple[TreatmentPlan, Patient]:
    """Find a plan to change, in the version that the change is for."""
    plan, patient = await service.get_plan(
        session, caller.organization_id, plan_id, deleted=deleted, to_change=True
    )
    refuse_stale(if_match, _answer(plan))
    return plan, patient


def _answer(plan: TreatmentPlan) -> PlanResponse:
    return msgspec.convert(plan, PlanResponse, from_attributes=True)

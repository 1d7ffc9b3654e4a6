"""Treatment plans over HTTP."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.clinic import routes
from app.clinic.parameters import (
    CurrentCaller,
    Cursor,
    DatabaseSession,
    Deleted,
    Diagnosis,
    GetDeleted,
    IncludeTotal,
    Limit,
    PatientId,
    Search,
    TherapistId,
)
from app.clinic.patients.error_responses import NO_PATIENT
from app.clinic.patients.models import Patient
from app.clinic.treatment_plans import examples, service
from app.clinic.treatment_plans.error_responses import (
    INVALID_CHANGE,
    INVALID_MOVE,
    INVALID_PLAN,
    NO_PLAN,
)
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
from app.database.pagination import DEFAULT_LIMIT
from app.web.etags import ANY_VERSION, IfMatch, check_version, hidden, tagged
from app.web.openapi import EXAMPLE_ID, OrderedController


class TreatmentPlanController(OrderedController):
    path = "/treatment-plans"
    tags = ("Treatment plans",)
    opt = {EXAMPLE_ID: examples.PLAN_ID}

    @routes.read_list(
        "listTreatmentPlans", "List treatment plans", routes.INVALID_SEARCH, response=examples.PAGE
    )
    async def list_plans(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        patient_id: PatientId = None,
        therapist_id: TherapistId = None,
        status: FromQuery[PlanStatus | None] = None,
        diagnosis: Diagnosis = None,
        search: Search = None,
        deleted: Deleted = False,
        sort: FromQuery[PlanSort] = PlanSort.START_DESCENDING,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
        include_total: IncludeTotal = False,
    ) -> PlanPage:
        wanted = PlanFilter(
            patient_id=patient_id,
            therapist_id=therapist_id,
            status=status,
            diagnosis=diagnosis,
            search=search,
            deleted=deleted,
        )
        organization_id = caller.organization_id
        page = await service.list_plans(session, organization_id, wanted, sort, cursor, limit)
        body = PlanPage.of(page)
        if include_total:
            body.total = await service.count_plans(session, organization_id, wanted)
        return body

    @routes.create(
        "createTreatmentPlan",
        "Create a treatment plan",
        *INVALID_PLAN,
        NO_PATIENT,
        request=examples.NEW_PLAN,
        response=examples.CREATED_PLAN,
    )
    async def create_plan(
        self, data: JSONBody[CreatePlan], session: DatabaseSession, caller: CurrentCaller
    ) -> Response[PlanResponse]:
        plan = await service.create_plan(session, caller.organization_id, data)
        return tagged(PlanResponse.of(plan), 201)

    @routes.read_row(
        "/{plan_id:uuid}",
        "getTreatmentPlan",
        "Get a treatment plan",
        NO_PLAN,
        response=examples.PLAN,
    )
    async def get_plan(
        self,
        plan_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        deleted: GetDeleted = False,
    ) -> Response[PlanResponse]:
        plan, _ = await service.get_plan(session, caller.organization_id, plan_id, deleted=deleted)
        return tagged(PlanResponse.of(plan))

    @routes.replace(
        "/{plan_id:uuid}",
        "replaceTreatmentPlan",
        "Replace a treatment plan, except its patient and status",
        *INVALID_CHANGE,
        NO_PLAN,
        request=examples.REPLACEMENT,
        response=examples.REPLACED_PLAN,
    )
    async def replace_plan(
        self,
        plan_id: FromPath[UUID],
        data: JSONBody[ReplacePlan],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        plan, patient = await _get_to_change(session, caller, plan_id, if_match)
        return tagged(PlanResponse.of(await service.change_plan(session, plan, patient, data)))

    @routes.update(
        "/{plan_id:uuid}",
        "changeTreatmentPlan",
        "Update a treatment plan",
        *INVALID_CHANGE,
        NO_PLAN,
        request=examples.CHANGES,
        response={**examples.PLAN, **examples.CHANGES},
    )
    async def update_plan(
        self,
        plan_id: FromPath[UUID],
        data: JSONBody[UpdatePlan],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        plan, patient = await _get_to_change(session, caller, plan_id, if_match)
        return tagged(PlanResponse.of(await service.change_plan(session, plan, patient, data)))

    @routes.act(
        "/{plan_id:uuid}/status",
        "moveTreatmentPlan",
        "Start, pause, complete or cancel a treatment plan",
        *INVALID_MOVE,
        NO_PLAN,
        description="A planned one can become ongoing or cancelled; an ongoing one paused, "
        "completed or cancelled; a paused one ongoing or cancelled. Completed and cancelled are "
        "final. Completing a plan sets its end date to today. Starting it before its start date "
        "sets that to today.",
        request={"status": "paused"},
        response={**examples.PLAN, "status": "paused"},
    )
    async def move_plan(
        self,
        plan_id: FromPath[UUID],
        data: JSONBody[MovePlan],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        plan, patient = await _get_to_change(session, caller, plan_id, if_match)
        return tagged(PlanResponse.of(await service.move_plan(session, plan, patient, data.status)))

    @routes.soft_delete(
        "/{plan_id:uuid}",
        "deleteTreatmentPlan",
        "Delete a treatment plan",
        NO_PLAN,
        description="It is kept, and `restoreTreatmentPlan` brings it back.",
    )
    async def delete_plan(
        self,
        plan_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[None]:
        plan, _ = await _get_to_change(session, caller, plan_id, if_match)
        await service.delete_plan(session, plan)
        return hidden(PlanResponse.of(plan))

    @routes.act(
        "/{plan_id:uuid}/restore",
        "restoreTreatmentPlan",
        "Restore a deleted treatment plan",
        NO_PLAN,
        response=examples.PLAN,
    )
    async def restore_plan(
        self,
        plan_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        if_match: IfMatch = ANY_VERSION,
    ) -> Response[PlanResponse]:
        plan, _ = await _get_to_change(session, caller, plan_id, if_match, deleted=True)
        return tagged(PlanResponse.of(await service.restore_plan(session, plan)))


async def _get_to_change(
    session: AsyncSession,
    caller: Caller,
    plan_id: UUID,
    if_match: str,
    *,
    deleted: bool = False,
) -> tuple[TreatmentPlan, Patient]:
    """Lock a plan and its patient, and raise `StaleVersion` if it is not the version to change."""
    plan, patient = await service.get_plan(
        session, caller.organization_id, plan_id, deleted=deleted, to_change=True
    )
    check_version(if_match, PlanResponse.of(plan))
    return plan, patient

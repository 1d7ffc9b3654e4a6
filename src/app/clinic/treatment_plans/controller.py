"""Treatment plans over HTTP."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.clinic import routes
from app.clinic.changes import CurrentChange
from app.clinic.parameters import (
    CurrentCaller,
    Cursor,
    DatabaseSession,
    Deleted,
    Diagnosis,
    GetDeleted,
    IncludeTotal,
    Limit,
    Search,
    TherapistId,
)
from app.clinic.rows import restore, soft_delete
from app.clinic.treatment_plans import examples, service
from app.clinic.treatment_plans.error_responses import (
    INVALID_CHANGE,
    INVALID_PLAN,
    INVALID_STATUS_CHANGE,
    NO_PLAN,
)
from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.schemas import (
    CreatePlan,
    PlanPage,
    PlanResponse,
    ReplacePlan,
    UpdatePlan,
    UpdatePlanStatus,
)
from app.clinic.treatment_plans.service import PlanFilter, PlanSort
from app.database.pagination import DEFAULT_LIMIT
from app.web.etags import empty_response
from app.web.openapi import EXAMPLE, OrderedController

PatientId = Annotated[UUID | None, QueryParameter(name="patientId")]


class TreatmentPlanController(OrderedController):
    path = "/treatment-plans"
    tags = ("Treatment plans",)
    opt = {EXAMPLE: examples.PLAN}

    @routes.read_list("listTreatmentPlans", "List treatment plans", routes.INVALID_SEARCH)
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
        page = await service.list_plans(session, caller, wanted, sort, cursor, limit)
        body = PlanPage.of(page)
        if include_total:
            body.total = await service.count_plans(session, caller, wanted)
        return body

    @routes.create(
        "createTreatmentPlan", "Create a treatment plan", *INVALID_PLAN, request=examples.NEW_PLAN
    )
    async def create_plan(
        self, data: JSONBody[CreatePlan], session: DatabaseSession, caller: CurrentCaller
    ) -> PlanResponse:
        return PlanResponse.of(await service.create_plan(session, caller, data))

    @routes.read_row("/{plan_id:uuid}", "getTreatmentPlan", "Get a treatment plan", NO_PLAN)
    async def get_plan(
        self,
        plan_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        deleted: GetDeleted = False,
    ) -> PlanResponse:
        return PlanResponse.of(await service.get_plan(session, caller, plan_id, deleted=deleted))

    @routes.replace(
        "/{plan_id:uuid}",
        "replaceTreatmentPlan",
        "Replace a treatment plan",
        *INVALID_CHANGE,
        request=examples.REPLACEMENT,
    )
    async def replace_plan(
        self, plan_id: FromPath[UUID], data: JSONBody[ReplacePlan], change: CurrentChange
    ) -> PlanResponse:
        plan = await change.lock(service.lock_plan, plan_id, PlanResponse)
        return PlanResponse.of(await service.update_plan(change.session, plan, data))

    @routes.update(
        "/{plan_id:uuid}",
        "updateTreatmentPlan",
        "Update a treatment plan",
        *INVALID_CHANGE,
        request=examples.CHANGES,
    )
    async def update_plan(
        self, plan_id: FromPath[UUID], data: JSONBody[UpdatePlan], change: CurrentChange
    ) -> PlanResponse:
        plan = await change.lock(service.lock_plan, plan_id, PlanResponse)
        return PlanResponse.of(await service.update_plan(change.session, plan, data))

    @routes.act(
        "/{plan_id:uuid}/status",
        "updateTreatmentPlanStatus",
        "Update the status of a treatment plan",
        *INVALID_STATUS_CHANGE,
        description="A planned plan can become ongoing or cancelled. An ongoing plan can become "
        "paused, completed or cancelled. A paused plan can become ongoing or cancelled. Completed "
        "and cancelled are final. Completing a plan sets its end date to today. Starting it early "
        "sets its start date to today.",
        request={"status": "paused"},
    )
    async def update_plan_status(
        self, plan_id: FromPath[UUID], data: JSONBody[UpdatePlanStatus], change: CurrentChange
    ) -> PlanResponse:
        plan = await change.lock(service.lock_plan, plan_id, PlanResponse)
        return PlanResponse.of(await service.update_plan_status(change.session, plan, data.status))

    @routes.soft_delete(
        "/{plan_id:uuid}",
        "deleteTreatmentPlan",
        "Delete a treatment plan",
        NO_PLAN,
        description="`restoreTreatmentPlan` restores it.",
    )
    async def delete_plan(self, plan_id: FromPath[UUID], change: CurrentChange) -> Response[None]:
        plan = await change.lock(service.lock_plan, plan_id, PlanResponse)
        await soft_delete(change.session, plan)
        return empty_response(PlanResponse.of(plan))

    @routes.act(
        "/{plan_id:uuid}/restore",
        "restoreTreatmentPlan",
        "Restore a deleted treatment plan",
        NO_PLAN,
    )
    async def restore_plan(self, plan_id: FromPath[UUID], change: CurrentChange) -> PlanResponse:
        plan = await change.lock(service.lock_deleted_plan, plan_id, PlanResponse)
        await restore(change.session, plan)
        return PlanResponse.of(plan)

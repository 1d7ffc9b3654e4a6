"""The pages of a clinic's treatment plans: a list, its export, and one plan."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.rules import STATUS_CHANGES
from app.clinic.treatment_plans.schemas import PlanResponse
from app.console.api import Api, ApiProblem
from app.console.deletable_rows import IsDeleted, read_row
from app.console.exports import ExportFormat, export
from app.console.lists import describe_page, render_part, render_refused
from app.console.members import read_members
from app.console.queries import SortableColumn, read_query
from app.console.view import View

FILTERS = ("search", "status", "therapistId", "diagnosis", "patientId", "deleted", "sort")
SORTABLE = (SortableColumn("startDate", "Start", descending=True),)
DEFAULT_SORT = "-startDate"


class TreatmentPlansController(Controller):
    path = "/treatment-plans"

    @get("/")
    async def show_all(
        self, view: NamedDependency[View], request: Request[Any, Any, Any]
    ) -> Template:
        query = read_query(request, self.path, *FILTERS)
        try:
            page = await view.api.get("/api/treatment-plans", **query.parameters)
        except ApiProblem as refusal:
            return render_refused(view, refusal, query)
        plans = page["items"]
        members = await _read_therapists(view, plans)
        found = {
            **describe_page(query, page, SORTABLE, DEFAULT_SORT),
            "patients": await _read_patients(view.api, plans),
            "therapists": members,
        }
        if view.is_part:
            return render_part(view, "plans", found)
        return view.render("treatment_plans.html", kind="plans", **found, statuses=[*PlanStatus])

    @get("/export/{file_format:str}")
    async def download(
        self, request: Request[Any, Any, Any], file_format: FromPath[ExportFormat]
    ) -> Stream:
        query = read_query(request, self.path, *FILTERS)
        path = "/api/treatment-plans"
        return await export(Api(request), path, query.asked, PlanResponse, file_format)

    @get("/{plan_id:uuid}")
    async def show_one(
        self,
        view: NamedDependency[View],
        plan_id: FromPath[UUID],
        is_deleted: IsDeleted = False,
    ) -> Template | Redirect:
        plan = await read_row(view.api, self.path, plan_id, is_deleted=is_deleted)
        if isinstance(plan, Redirect):
            return plan
        return view.render(
            "treatment_plan.html",
            plan=plan,
            patient=await view.api.get(f"/api/patients/{plan['patientId']}"),
            therapists=await read_members(view.api, plan["therapistId"]),
            moves=STATUS_CHANGES,
        )


async def _read_therapists(view: View, plans: list[dict[str, Any]]) -> dict[str, str]:
    """Return the names of those that the rows need; a page has a menu of all members."""
    if not view.is_part:
        return await read_members(view.api)
    ids = {plan["therapistId"] for plan in plans}
    return await read_members(view.api, *ids) if ids else {}


async def _read_patients(api: Api, plans: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    ids = sorted({plan["patientId"] for plan in plans})
    found = await api.get("/api/patients", ids=ids, limit=len(ids)) if ids else {"items": []}
    return {patient["id"]: patient for patient in found["items"]}

"""The pages of a clinic's treatment plans: a list, its export, and one plan."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Stream, Template

from app.clinic.treatment_plans.models import PlanStatus
from app.clinic.treatment_plans.rules import STATUS_CHANGES
from app.clinic.treatment_plans.schemas import PlanResponse
from app.console.api import Api, ApiProblem
from app.console.exports import ExportFormat, export
from app.console.lists import render_part, render_refused
from app.console.members import read_members
from app.console.queries import SortableColumn, read_query
from app.console.view import View
from app.web.prefix import link

FILTERS = ("search", "status", "therapistId", "diagnosis", "patientId", "deleted", "sort")
SORTABLE = (SortableColumn("startDate", "Start", descending=True),)
DEFAULT_SORT = "-startDate"

IsDeleted = Annotated[bool, QueryParameter(name="deleted")]


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
            "rows": plans,
            "query": query,
            "total": page.get("total", query.total),
            "more": query.next_page(page),
            "headers": query.headers(SORTABLE, DEFAULT_SORT),
            "patients": await _read_patients(view.api, plans),
            "therapists": members,
        }
        if view.is_part:
            return render_part(view, "plans", found)
        return view.render("treatment_plans.html", kind="plans", **found, statuses=[*PlanStatus])

    @get("/export/{file_format:str}")
    async def download(
        self,
        view: NamedDependency[View],
        request: Request[Any, Any, Any],
        file_format: FromPath[ExportFormat],
    ) -> Stream:
        query = read_query(request, self.path, *FILTERS)
        path = "/api/treatment-plans"
        return await export(view.api, path, query.asked, PlanResponse, file_format)

    @get("/{plan_id:uuid}")
    async def show_one(
        self,
        view: NamedDependency[View],
        plan_id: FromPath[UUID],
        is_deleted: IsDeleted = False,
    ) -> Template | Redirect:
        path = f"/api/treatment-plans/{plan_id}"
        try:
            plan = await view.api.get(path, deleted=is_deleted or None)
        except ApiProblem as refusal:
            if refusal.status != HTTPStatus.NOT_FOUND:
                raise
            await view.api.get(path, deleted=not is_deleted or None)
            other = "" if is_deleted else "?deleted=true"
            return Redirect(link(f"{self.path}/{plan_id}{other}"), status_code=303)
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

"""The pages of a clinic's patients: a list to search, and one of them."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Template

from app import clock
from app.clinic.patients.models import PatientStatus
from app.console.api import ApiProblem
from app.console.members import read_members
from app.console.view import View
from app.web.prefix import link

# The values of the API's `sort`, its default first.
SORTS = {
    "name": "Name, A to Z",
    "-name": "Name, Z to A",
    "createdAt": "Oldest first",
    "-createdAt": "Newest first",
}
# As many as the API gives at once.
MOST_PLANS = 200

# A form sends what is left empty as well; the API checks what is in it.
Asked = Annotated[str, QueryParameter()]


class PatientsController(Controller):
    path = "/patients"

    @get("/")
    async def show_all(
        self,
        view: NamedDependency[View],
        search: Asked = "",
        status: Asked = "",
        therapist_id: Annotated[str, QueryParameter(name="therapistId")] = "",
        deleted: Asked = "",
        sort: Asked = "",
        cursor: Asked = "",
    ) -> Template:
        given = {
            "search": search.strip(),
            "status": status,
            "therapistId": therapist_id,
            "deleted": deleted,
            "sort": sort,
        }
        asked = {name: value for name, value in given.items() if value}
        try:
            page = await view.api.get("/api/patients", **asked, cursor=cursor or None)
        except ApiProblem as refusal:
            if not view.is_part:
                raise
            return view.render(
                "patients_refused.html", problem=refusal.problem, continued=bool(cursor)
            )
        found: dict[str, Any] = {
            "patients": page["items"],
            "more": _path(asked, cursor=page["next"]) if page["next"] else None,
            "asked": asked,
            "continued": bool(cursor),
        }
        if not view.is_part:
            return view.render(
                "patients.html",
                **found,
                statuses=[*PatientStatus],
                sorts=SORTS,
                therapists=await read_members(view.api),
            )
        if cursor:
            return view.render("patients_more.html", **found)
        part = view.render("patients_found.html", **found)
        part.headers["HX-Replace-Url"] = _path(asked)
        return part

    @get("/{patient_id:uuid}")
    async def show_one(self, view: NamedDependency[View], patient_id: FromPath[UUID]) -> Template:
        patient = await view.api.get(f"/api/patients/{patient_id}")
        plans = await view.api.get(
            "/api/treatment-plans", patientId=patient_id, sort="startDate", limit=MOST_PLANS
        )
        therapist_ids = {plan["therapistId"] for plan in plans["items"]}
        return view.render(
            "patient.html",
            patient=patient,
            plans=plans["items"],
            more_plans=plans["next"] is not None,
            therapists=await read_members(view.api, *therapist_ids) if therapist_ids else {},
            today=clock.today().isoformat(),
        )


def _path(asked: dict[str, str], **more: str) -> str:
    query = urlencode(asked | more)
    return link(f"/patients?{query}" if query else "/patients")

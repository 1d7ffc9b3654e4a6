"""The pages of a clinic's patients: a list, its export, and one patient."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from app import clock
from app.clinic.appointments.rules import NOT_BOOKED
from app.clinic.patients.models import PatientStatus
from app.clinic.patients.schemas import PatientResponse
from app.clinic.treatment_plans.rules import STATUS_CHANGES
from app.console.api import Api, ApiProblem
from app.console.appointments import PATH as APPOINTMENTS
from app.console.appointments import ShownAppointment, read_names
from app.console.deletable_rows import IsDeleted, read_row
from app.console.exports import ExportFormat, export
from app.console.lists import describe_page, render_part, render_refused
from app.console.members import read_members
from app.console.plan_progress import progress_of, split_by_day
from app.console.queries import ListQuery, SortableColumn, read_query
from app.console.view import View
from app.names import MAX_LIMIT

FILTERS = ("search", "status", "therapistId", "bornFrom", "bornTo", "deleted", "sort")
SORTABLE = (
    SortableColumn("name", "Name"),
    SortableColumn("createdAt", "Created", descending=True),
)
DEFAULT_SORT = "name"
SHOWN_APPOINTMENTS = 10


class PatientsController(Controller):
    path = "/patients"

    @get("/")
    async def show_all(
        self, view: NamedDependency[View], request: Request[Any, Any, Any]
    ) -> Template:
        query = read_query(request, self.path, *FILTERS)
        try:
            page = await view.api.get("/api/patients", **query.parameters)
        except ApiProblem as refusal:
            return render_refused(view, refusal, query)
        found = describe_page(query, page, SORTABLE, DEFAULT_SORT)
        if view.is_part:
            return render_part(view, "patients", found)
        return view.render(
            "patients.html",
            kind="patients",
            **found,
            statuses=[*PatientStatus],
            therapists=await read_members(view.api),
        )

    @get("/export/{file_format:str}")
    async def download(
        self, request: Request[Any, Any, Any], file_format: FromPath[ExportFormat]
    ) -> Stream:
        query = read_query(request, self.path, *FILTERS)
        return await export(
            Api(request), "/api/patients", query.asked, PatientResponse, file_format
        )

    @get("/{patient_id:uuid}")
    async def show_one(
        self,
        view: NamedDependency[View],
        patient_id: FromPath[UUID],
        is_deleted: IsDeleted = False,
    ) -> Template | Redirect:
        patient = await read_row(view.api, self.path, patient_id, is_deleted=is_deleted)
        if isinstance(patient, Redirect):
            return patient
        if is_deleted:
            return view.render("patient.html", patient=patient, plans=[], more=None, therapists={})
        plans = await view.api.get(
            "/api/treatment-plans", patientId=patient_id, sort="startDate", limit=MAX_LIMIT
        )
        rows = await view.api.get_all(APPOINTMENTS, patientId=patient_id, sort="start")
        people = {row["therapistId"] for row in [*plans["items"], *rows]}
        names = await read_names(view.api, rows, patients=False, practitioners=people)
        upcoming, past = split_by_day([ShownAppointment(row, names) for row in rows], clock.today())
        all_plans = ListQuery("/treatment-plans", {"patientId": str(patient_id)})
        return view.render(
            "patient.html",
            patient=patient,
            plans=plans["items"],
            more=all_plans.address() if plans["next"] else None,
            therapists=names.practitioners,
            moves=STATUS_CHANGES,
            can_be_booked=patient["status"] not in NOT_BOOKED,
            upcoming=upcoming[:SHOWN_APPOINTMENTS],
            past=past[:SHOWN_APPOINTMENTS],
            appointments=len(rows),
            progress={plan["id"]: progress_of(plan, rows) for plan in plans["items"]},
            today=clock.today().isoformat(),
        )

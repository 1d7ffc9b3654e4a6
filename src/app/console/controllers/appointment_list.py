"""The list of a clinic's appointments, and its export."""

from typing import Any

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream, Template

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.schemas import AppointmentResponse
from app.console.api import Api, ApiProblem
from app.console.appointments import PATH, ShownAppointment, read_names
from app.console.exports import ExportFormat, export
from app.console.lists import describe_page, render_part, render_refused
from app.console.members import read_members
from app.console.queries import SortableColumn, read_query
from app.console.view import View

FILTERS = (
    *("status", "therapistId", "from", "to", "patientId", "treatmentPlanId", "roomId"),
    "sort",
)
SORTABLE = (SortableColumn("start", "Date"),)
DEFAULT_SORT = "start"


class AppointmentListController(Controller):
    path = "/appointments"

    @get("/")
    async def show_all(
        self, view: NamedDependency[View], request: Request[Any, Any, Any]
    ) -> Template:
        query = read_query(request, self.path, *FILTERS)
        try:
            page = await view.api.get(PATH, **query.parameters)
        except ApiProblem as refusal:
            return render_refused(view, refusal, query)
        members = await read_members(view.api)
        names = await read_names(view.api, page["items"], practitioners=())
        names.practitioners = members
        found = {
            **describe_page(query, page, SORTABLE, DEFAULT_SORT),
            "rows": [ShownAppointment(row, names) for row in page["items"]],
        }
        if view.is_part:
            return render_part(view, "appointments", found)
        return view.render(
            "appointments.html",
            kind="appointments",
            **found,
            statuses=[*AppointmentStatus],
            therapists=members,
        )

    @get("/export/{file_format:str}")
    async def download(
        self, request: Request[Any, Any, Any], file_format: FromPath[ExportFormat]
    ) -> Stream:
        query = read_query(request, self.path, *FILTERS)
        return await export(Api(request), PATH, query.asked, AppointmentResponse, file_format)

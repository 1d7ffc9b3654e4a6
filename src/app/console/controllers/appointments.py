"""One appointment: its details, and what moves it and changes its status."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.params import Body, FromPath, QueryParameter
from litestar.response import Template

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.schemas import UpdateAppointmentStatus
from app.console.agenda import hours_by_date, is_outside
from app.console.api import Api, ApiProblem
from app.console.appointment_forms import STATUS_CHANGES, WRITABLE, MoveForm, StatusForm
from app.console.appointments import PATH, ShownAppointment, read_names
from app.console.refusals import BookingRefusal, when_in_words
from app.console.request_fields import fields_of_request
from app.console.templating import plain
from app.console.view import View

CHANGED = "appointments-changed"
STALE = "Somebody else has changed this appointment. The calendar shows it as it is now."
UrlEncoded = Body(media_type=RequestEncodingType.URL_ENCODED)


class AppointmentPagesController(Controller):
    path = "/appointments"

    @get("/{appointment_id:uuid}")
    async def show(self, view: NamedDependency[View], appointment_id: FromPath[UUID]) -> Template:
        row = await view.api.get(f"{PATH}/{appointment_id}")
        appointment = ShownAppointment(row, await read_names(view.api, [row]))
        appointment.is_outside = await _is_outside(view.api, appointment)
        plan_id = row["treatmentPlanId"]
        return view.render(
            "appointment.html" if view.is_part else "appointment_page.html",
            appointment=appointment,
            plan=await _find_plan(view.api, plan_id) if plan_id else None,
            changes=STATUS_CHANGES,
            is_writable=appointment.is_open or row["status"] in WRITABLE,
        )

    @put("/{appointment_id:uuid}/times")
    async def move(
        self,
        view: NamedDependency[View],
        appointment_id: FromPath[UUID],
        data: Annotated[MoveForm, UrlEncoded],
    ) -> Template:
        """Save where an appointment was dragged to; return what the dialog says of a refusal."""
        path = f"{PATH}/{appointment_id}"
        try:
            row, version = await view.api.get_version(path)
            if row["updatedAt"] != data.updated_at:
                return render_changed(view, f"Not moved. {STALE}", is_error=True)
            moved = await view.api.patch(path, version, **data.fields())
        except ApiProblem as refusal:
            match refusal.status:
                case HTTPStatus.PRECONDITION_FAILED:
                    return render_changed(view, f"Not moved. {STALE}", is_error=True)
                case HTTPStatus.CONFLICT:
                    return view.render(
                        "appointment_not_moved.html",
                        appointment_id=appointment_id,
                        move=data,
                        refusal=BookingRefusal(refusal.problem),
                    )
            raise
        return render_changed(view, f"Moved: {when_in_words(moved)}.")

    @get("/{appointment_id:uuid}/status")
    async def show_status(
        self,
        view: NamedDependency[View],
        appointment_id: FromPath[UUID],
        status: Annotated[AppointmentStatus, QueryParameter(name="to")],
    ) -> Template:
        """Return a form with what can be said about the change to a status."""
        if status not in STATUS_CHANGES:
            raise ClientException("No appointment can change to this status.")
        row = await view.api.get(f"{PATH}/{appointment_id}")
        form = StatusForm(
            status, actual_start_time=row["startTime"], actual_end_time=row["endTime"]
        )
        return _render_status(view, appointment_id, form, row)

    @post("/{appointment_id:uuid}/status", status_code=HTTPStatus.OK)
    async def change_status(
        self,
        view: NamedDependency[View],
        appointment_id: FromPath[UUID],
        data: Annotated[StatusForm, UrlEncoded],
    ) -> Template:
        path = f"{PATH}/{appointment_id}"
        try:
            response = await view.api.post(f"{path}/status", **data.body())
        except ApiProblem as refusal:
            if not refusal.problem.get("errors") and refusal.status != HTTPStatus.CONFLICT:
                raise
            form = _render_status(
                view, appointment_id, data, await view.api.get(path), refusal.problem
            )
            form.headers["HX-Retarget"] = "#appointment-content"
            return form
        status = response.json()["status"].replace("_", " ")
        return render_changed(view, f"The appointment is {status} now.")


def render_changed(view: View, message: str, *, is_error: bool = False) -> Template:
    """Return nothing for the dialog, which closes, and have the calendar read again."""
    response = view.render("nothing.html")
    response.headers["HX-Trigger"] = CHANGED
    return view.toast(response, message, is_error=is_error)


async def _is_outside(api: Api, appointment: ShownAppointment) -> bool:
    row = appointment.row
    if not appointment.is_open or row["therapistId"] not in appointment.names.practitioners:
        return False
    on = {"from": row["date"], "to": row["date"]}
    hours = await api.get("/api/availability/effective", userId=row["therapistId"], **on)
    return is_outside(row, hours_by_date([hours]))


async def _find_plan(api: Api, plan_id: str) -> Any:
    """Return a treatment plan, unless it was deleted."""
    try:
        return await api.get(f"/api/treatment-plans/{plan_id}")
    except ApiProblem as refusal:
        if refusal.status != HTTPStatus.NOT_FOUND:
            raise
        return None


def _render_status(
    view: View,
    appointment_id: UUID,
    form: StatusForm,
    row: dict[str, Any],
    problem: dict[str, Any] | None = None,
) -> Template:
    status = AppointmentStatus(form.status)
    return view.render(
        "appointment_status.html",
        appointment_id=appointment_id,
        when=when_in_words(row),
        form=msgspec.to_builtins(form),
        wanted=status,
        change=STATUS_CHANGES[status],
        limits=fields_of_request(UpdateAppointmentStatus),
        problem=problem,
        message=plain(problem["detail"]) if problem else "",
        errors=view.field_errors(problem or {}),
    )

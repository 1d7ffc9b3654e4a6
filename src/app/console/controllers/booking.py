"""The forms that book an appointment and change it, and what can be chosen in them."""

import datetime
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Template

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.schemas import UpdateAppointment
from app.clinic.availability.models import Location
from app.clinic.patients.models import PatientStatus
from app.clinic.treatment_plans.models import PlanStatus
from app.console.api import ApiProblem
from app.console.appointment_forms import (
    LABELS,
    TEXTS,
    WRITABLE,
    AppointmentForm,
    form_of,
)
from app.console.appointments import NO_PATIENT, PATH, ROOMS_PATH, TYPES_PATH, read_patients
from app.console.controllers.appointments import UrlEncoded, render_changed
from app.console.members import read_members
from app.console.refusals import BookingRefusal, when_in_words
from app.console.request_fields import fields_of_request
from app.console.slots import Row, clock_in_words, end_in_words, times_in_words
from app.console.view import View

MOST_PATIENTS = 20
BookingBody = Annotated[AppointmentForm, UrlEncoded]


class BookingController(Controller):
    path = "/appointments"

    @get("/new")
    async def show_new(
        self,
        view: NamedDependency[View],
        date: Annotated[datetime.date, QueryParameter()],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        room: Annotated[UUID | None, QueryParameter()] = None,
        patient: Annotated[UUID | None, QueryParameter()] = None,
        start: Annotated[str, QueryParameter()] = "",
        end: Annotated[str, QueryParameter()] = "",
    ) -> Template:
        """Return a form that starts with the place that was clicked."""
        me = await view.api.get("/api/auth/organization/get-active-member")
        form = AppointmentForm(
            patient_id=str(patient or ""),
            date=date.isoformat(),
            start_time=clock_in_words(start),
            end_time=clock_in_words(end),
            therapist_id=str(practitioner or me["userId"]),
            room_id=str(room or ""),
        )
        return await _render_form(view, form)

    @post("/", status_code=HTTPStatus.OK)
    async def book(self, view: NamedDependency[View], data: BookingBody) -> Template:
        try:
            booked = await view.api.post(PATH, **data.new())
        except ApiProblem as refusal:
            return await _refuse(view, data, refusal)
        return render_changed(view, f"Booked: {when_in_words(booked.json())}.")

    @get("/{appointment_id:uuid}/edit")
    async def show_edit(
        self, view: NamedDependency[View], appointment_id: FromPath[UUID]
    ) -> Template:
        row, version = await view.api.get_version(f"{PATH}/{appointment_id}")
        return await _render_form(view, form_of(row, version), row)

    @put("/{appointment_id:uuid}")
    async def change(
        self, view: NamedDependency[View], appointment_id: FromPath[UUID], data: BookingBody
    ) -> Template:
        """Save the form, unless somebody else has changed the appointment: then say so."""
        path = f"{PATH}/{appointment_id}"
        row, version = await view.api.get_version(path)
        try:
            changes = data.changes(AppointmentStatus(row["status"]))
            await view.api.patch(path, data.version, **changes)
        except ApiProblem as refusal:
            if refusal.status == HTTPStatus.PRECONDITION_FAILED:
                data.version = version
            return await _refuse(view, data, refusal, row)
        return render_changed(view, "The appointment was saved.")

    @get("/choices/patients")
    async def list_patients(
        self,
        view: NamedDependency[View],
        search: Annotated[str, QueryParameter()] = "",
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        selected: Annotated[UUID | None, QueryParameter()] = None,
    ) -> Template:
        """Return the patients that a search finds, or else those of the practitioner.

        The only one that is found is selected.
        """
        found = await view.api.get(
            "/api/patients",
            search=search or None,
            therapistId=None if search else practitioner,
            status=PatientStatus.ACTIVE,
            limit=MOST_PATIENTS,
        )
        rows = found["items"]
        if selected and not search and not any(row["id"] == str(selected) for row in rows):
            rows += (await view.api.get("/api/patients", ids=str(selected)))["items"]
        options = [(row["id"], _describe(row)) for row in rows]
        chosen = rows[0]["id"] if search and len(rows) == 1 else str(selected)
        empty = "Choose …" if rows else "No active patient found"
        return _render_options(view, options, chosen, empty)

    @get("/choices/plans")
    async def list_plans(
        self,
        view: NamedDependency[View],
        patient: Annotated[UUID, QueryParameter()],
        date: Annotated[datetime.date | None, QueryParameter()] = None,
        selected: Annotated[UUID | None, QueryParameter()] = None,
    ) -> Template:
        """Return the plans of a patient; the only one that is ongoing is selected."""
        rows = await view.api.get_all("/api/treatment-plans", patientId=patient)
        options = [(row["id"], f"{row['title']} ({row['status']})") for row in rows]
        ongoing = [row["id"] for row in rows if _is_running(row, date)]
        chosen = str(selected) if selected else ongoing[0] if len(ongoing) == 1 else ""
        return _render_options(view, options, chosen, "No plan")

    @get("/choices/times")
    async def list_times(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID, QueryParameter()],
        date: Annotated[datetime.date, QueryParameter()],
        appointment_type: Annotated[UUID, QueryParameter(name="type")],
        room: Annotated[UUID | None, QueryParameter()] = None,
        patient: Annotated[UUID | None, QueryParameter()] = None,
    ) -> Template:
        """Return the times of a date at which an appointment of a type can start."""
        found = await view.api.get(
            f"{PATH}/free",
            userId=practitioner,
            typeId=appointment_type,
            roomId=room,
            patientId=patient,
            **{"from": date, "to": date},
        )
        options = [
            (clock_in_words(each["startTime"]), f"{times_in_words(each)}, {_places(each)}")
            for day in found["days"]
            for each in day["times"]
        ]
        empty = f"{len(options)} free times" if options else "No free time on this date"
        return _render_options(view, options, "", empty)


async def _render_form(
    view: View,
    form: AppointmentForm,
    row: Row | None = None,
    *,
    problem: dict[str, Any] | None = None,
) -> Template:
    """Return a new form, or that of a row."""
    is_conflict = problem is not None and "inTheWay" in problem
    is_record = row is not None and row["status"] in WRITABLE
    patient_id = row["patientId"] if row else ""
    patients = await read_patients(view.api, [patient_id]) if row else {}
    types = [] if is_record else await view.api.get_all(TYPES_PATH, isActive=True)
    return view.render(
        "appointment_form.html",
        form=form,
        row=row,
        patient=patients.get(patient_id, NO_PATIENT),
        now=f"{when_in_words(row)}, {row['status'].replace('_', ' ')}" if row else "",
        replaced=_replaced(form, row) if row else [],
        texts=_texts(row),
        is_record=is_record,
        problem=problem,
        refusal=BookingRefusal(problem) if problem and is_conflict else None,
        errors=view.field_errors(problem or {}),
        limits=fields_of_request(UpdateAppointment),
        types=types,
        end=_end_of(form, types) if is_conflict else form.end_time,
        rooms=[] if is_record else await view.api.get_all(ROOMS_PATH),
        practitioners={} if is_record else await read_members(view.api),
        locations=[*Location],
    )


def _texts(row: Row | None) -> Sequence[tuple[str, str]]:
    names = WRITABLE.get(AppointmentStatus(row["status"])) if row else None
    return [(name, TEXTS[name]) for name in names or ("primaryConcern",)]


def _end_of(form: AppointmentForm, types: Sequence[Row]) -> str:
    """Return the end that was asked for, or else the one that the type gives."""
    minutes = {row["id"]: row["durationMinutes"] for row in types}.get(form.appointment_type_id)
    if form.end_time or not form.start_time or minutes is None:
        return form.end_time
    return end_in_words(form.start_time, minutes)


def _replaced(form: AppointmentForm, row: Row) -> Sequence[tuple[str, str]]:
    """Return the fields of a row that the form would replace, with the texts that would be lost."""
    changes = form.changes(AppointmentStatus(row["status"]))
    return [
        (LABELS[name], (row[name] or "empty") if name in TEXTS else "")
        for name, value in changes.items()
        if row[name] != value
    ]


async def _refuse(
    view: View, form: AppointmentForm, refusal: ApiProblem, row: Row | None = None
) -> Template:
    """Return the form as it was sent, with what is wrong; other refusals are shown inside it."""
    shown = {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}
    if refusal.status not in shown and not refusal.problem.get("errors"):
        raise refusal
    part = await _render_form(view, form, row, problem=refusal.problem)
    part.headers["HX-Retarget"] = "#appointment-content"
    return part


def _render_options(
    view: View, options: Sequence[tuple[str, str]], selected: str, empty: str
) -> Template:
    return view.render("options.html", options=options, selected=selected, empty=empty)


def _describe(patient: Row) -> str:
    born = datetime.date.fromisoformat(patient["dateOfBirth"])
    return f"{patient['firstName']} {patient['lastName']}, born {born.day} {born:%b} {born.year}"


def _is_running(plan: Row, date: datetime.date | None) -> bool:
    """Return whether a plan is ongoing and has the date."""
    if plan["status"] != PlanStatus.ONGOING:
        return False
    day = date.isoformat() if date else plan["startDate"]
    return bool(plan["startDate"] <= day <= (plan["endDate"] or day))


def _places(free: Row) -> str:
    return " or ".join(free["locations"]) if len(free["locations"]) < len(Location) else "anywhere"

"""Slots of the calendar: their details, and the forms that create, edit, move and delete them."""

import datetime
from collections.abc import Iterable
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException
from litestar.params import Body, FromPath, QueryParameter
from litestar.response import Template

from app.auth.models import Role
from app.auth.roles import may_edit_hours
from app.clinic.availability.models import DayOfWeek, ExceptionReason, Location
from app.clinic.availability.schemas import CreateException, CreateTemplate
from app.console.affected import AFFECTED, name_patients
from app.console.api import ApiProblem
from app.console.conflicts import Conflict
from app.console.members import read_members
from app.console.request_fields import fields_of_request
from app.console.slots import (
    DAY_NAMES,
    REASONS,
    MoveSlotForm,
    Slot,
    SlotForm,
    SlotKind,
    clock_in_words,
    default_layer,
    form_of,
    free_hour,
    moved,
    usual_location,
)
from app.console.templating import plain
from app.console.view import View
from app.console.week import on_date, on_weekday, read_slots

NO_PRACTITIONER = "The clinic has no such practitioner."
SlotBody = Annotated[SlotForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


class SlotController(Controller):
    path = "/availability"

    @get("/slots/new")
    async def show_new(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID, QueryParameter()],
        date: Annotated[datetime.date, QueryParameter()],
        start: Annotated[str, QueryParameter()] = "",
        end: Annotated[str, QueryParameter()] = "",
        all_day: Annotated[bool, QueryParameter(name="allDay")] = False,
    ) -> Template:
        """Return a form that starts with the times that were drawn, or else with a free hour."""
        names = await read_members(view.api, str(practitioner))
        if str(practitioner) not in names:
            raise ClientException(NO_PRACTITIONER, status_code=HTTPStatus.NOT_FOUND)
        templates = await read_slots(view.api, SlotKind.TEMPLATES, userId=practitioner)
        exceptions = await read_slots(
            view.api, SlotKind.EXCEPTIONS, userId=practitioner, **{"from": date, "to": date}
        )
        free = {
            "template": free_hour(on_weekday(templates, date)),
            **dict.fromkeys(("adds", "takes"), free_hour(on_date(exceptions, date))),
        }
        if start and end:
            free = dict.fromkeys(free, (clock_in_words(start), clock_in_words(end)))
        layer = default_layer(date, all_day=all_day)
        weekday = list(DayOfWeek)[date.weekday() % len(DayOfWeek)]  # Monday for a Sunday
        slot = SlotForm(
            layer,
            str(practitioner),
            names[str(practitioner)],
            *free[layer],
            day_of_week=weekday,
            location=usual_location(templates),
            max_sessions="1",
            date=date.isoformat(),
            all_day="on" if all_day else "",
        )
        return _render_form(view, slot, free=free)

    @post("/slots")
    async def create(self, view: NamedDependency[View], data: SlotBody) -> Template:
        try:
            path = forced(data.slot_kind.path, data.force)
            await view.api.post(path, userId=data.user_id, **data.fields())
        except ApiProblem as refusal:
            return await _refuse(view, data, refusal)
        return _render_change(view, "The slot was created.")

    @get("/{kind:str}/{slot_id:uuid}")
    async def show(
        self, view: NamedDependency[View], kind: FromPath[SlotKind], slot_id: FromPath[UUID]
    ) -> Template:
        path = f"{kind.path}/{slot_id}"
        slot = Slot(kind, await view.api.get(path))
        user_id = slot.row["userId"]
        me = await view.api.get("/api/auth/organization/get-active-member")
        names = await read_members(view.api, user_id)
        return view.render(
            "availability_slot.html" if view.is_part else "availability_slot_page.html",
            slot=slot,
            practitioner=names.get(user_id, "A former member"),
            path=path,
            may_edit=may_edit_hours(Role(me["role"]), own=user_id == me["userId"]),
        )

    @get("/{kind:str}/{slot_id:uuid}/edit")
    async def show_edit(
        self, view: NamedDependency[View], kind: FromPath[SlotKind], slot_id: FromPath[UUID]
    ) -> Template:
        row, version = await view.api.get_version(f"{kind.path}/{slot_id}")
        names = await read_members(view.api, row["userId"])
        slot = form_of(Slot(kind, row), names.get(row["userId"], ""), version)
        return _render_form(view, slot, slot_id)

    @put("/{kind:str}/{slot_id:uuid}")
    async def replace(
        self,
        view: NamedDependency[View],
        kind: FromPath[SlotKind],
        slot_id: FromPath[UUID],
        data: SlotBody,
    ) -> Template:
        """Save the form, unless somebody else has changed the slot: then keep it, and say so."""
        path = f"{kind.path}/{slot_id}"
        try:
            await view.api.put(forced(path, data.force), data.version, **data.fields())
        except ApiProblem as refusal:
            if refusal.status != HTTPStatus.PRECONDITION_FAILED:
                return await _refuse(view, data, refusal, slot_id)
            row, data.version = await view.api.get_version(path)
            return await _refuse(view, data, refusal, slot_id, current=Slot(kind, row))
        return _render_change(view, "The slot was saved.")

    @put("/{kind:str}/{slot_id:uuid}/times")
    async def move(
        self,
        view: NamedDependency[View],
        kind: FromPath[SlotKind],
        slot_id: FromPath[UUID],
        data: Annotated[MoveSlotForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Template:
        """Save where a slot was dragged to; the calendar moves it back if that is refused."""
        path = f"{kind.path}/{slot_id}"
        try:
            row, version = await view.api.get_version(path)
            if row["updatedAt"] != data.updated_at:
                return _render_stale_move(view)
            fields, refused = moved(Slot(kind, row), data)
            if fields is None:
                return _say_not_moved(view, refused)
            now = Slot(kind, await view.api.put(forced(path, data.force), version, **fields))
        except ApiProblem as refusal:
            return await _refuse_move(view, data, refusal, f"/availability/{kind}/{slot_id}")
        return _render_change(view, f"Moved: {now.day}, {now.times.lower()}.")

    @delete("/{kind:str}/{slot_id:uuid}", status_code=HTTPStatus.OK)
    async def remove(
        self,
        view: NamedDependency[View],
        kind: FromPath[SlotKind],
        slot_id: FromPath[UUID],
        force: Annotated[str, QueryParameter()] = "",
    ) -> Template:
        try:
            await view.api.delete(forced(f"{kind.path}/{slot_id}", force))
        except ApiProblem as refusal:
            if AFFECTED not in refusal.problem:
                raise
            return view.render(
                "availability_not_deleted.html",
                path=f"/availability/{kind}/{slot_id}",
                problem=await name_patients(view.api, refusal.problem),
            )
        return _render_change(view, "The slot was deleted.")


def _render_form(
    view: View,
    slot: SlotForm,
    slot_id: UUID | None = None,
    *,
    free: dict[str, tuple[str, str]] | None = None,
    problem: dict[str, Any] | None = None,
    conflict: Conflict | None = None,
    current: Slot | None = None,
) -> Template:
    return view.render(
        "availability_form.html",
        slot=slot,
        slot_id=slot_id,
        free=free or {},
        problem=problem,
        errors=view.field_errors(problem or {}),
        conflict=conflict,
        current=current,
        day_choices=list(zip(DayOfWeek, DAY_NAMES, strict=False)),
        location_choices=_choices(Location),
        reason_choices=_choices(ExceptionReason),
        usual_reasons=REASONS,
        max_sessions=fields_of_request(CreateTemplate)["maxSessions"],
        notes=fields_of_request(CreateException)["notes"],
    )


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value.replace("_", " ").capitalize()) for value in values]


async def _refuse(
    view: View,
    slot: SlotForm,
    refusal: ApiProblem,
    slot_id: UUID | None = None,
    current: Slot | None = None,
) -> Template:
    """Return the form as it was sent, with what is wrong; other refusals are shown inside it."""
    conflict = None
    if AFFECTED not in refusal.problem:
        if refusal.status == HTTPStatus.CONFLICT:
            conflict = Conflict(refusal.problem, not slot.all_day)
        elif current is None and not refusal.problem.get("errors"):
            raise refusal
    problem = None if conflict or current else await name_patients(view.api, refusal.problem)
    form = _render_form(view, slot, slot_id, problem=problem, conflict=conflict, current=current)
    form.headers["HX-Retarget"] = "#slot-content"
    return form


def _render_change(view: View, message: str) -> Template:
    response = view.render("nothing.html")
    response.headers["HX-Trigger"] = "slots-changed"
    return view.toast(response, message)


def _render_stale_move(view: View) -> Template:
    response = view.render("nothing.html")
    response.headers["HX-Trigger"] = "slots-changed"
    message = "Not moved. Somebody else has changed this slot. The calendar shows it as it is now."
    return view.toast(response, message, is_error=True)


def forced(path: str, force: str) -> str:
    return f"{path}?force=true" if force else path


async def _refuse_move(view: View, move: MoveSlotForm, refusal: ApiProblem, path: str) -> Template:
    if refusal.status == HTTPStatus.PRECONDITION_FAILED:
        return _render_stale_move(view)
    if refusal.status != HTTPStatus.CONFLICT:
        return _say_not_moved(view, plain(refusal.problem["detail"]))
    if AFFECTED in refusal.problem:
        return await _ask_to_move(view, move, refusal.problem, path)
    conflict = Conflict(refusal.problem, bool(move.start_time))
    place = {"date": move.date.isoformat(), "start": move.start_time, "end": move.end_time}
    clash = conflict.clash["id"] if conflict.clash else ""
    return _say_not_moved(view, " ".join(conflict.sentences), clash=clash, **place)


async def _ask_to_move(
    view: View, move: MoveSlotForm, problem: dict[str, Any], path: str
) -> Template:
    """Return what the dialog says of a move that would leave appointments outside the hours."""
    named = await name_patients(view.api, problem)
    part = view.render("availability_not_moved.html", path=path, move=move, problem=named)
    part.headers |= {
        "HX-Retarget": "#slot-content",
        "HX-Reswap": "innerHTML",
        "HX-Trigger": "slot-not-moved",
    }
    return part


def _say_not_moved(view: View, message: str, **place: str) -> Template:
    response = view.render("nothing.html")
    if place:
        response.headers["HX-Trigger"] = msgspec.json.encode({"slot-refused": place}).decode()
    return view.toast(response, f"Not moved. {message}", is_error=True)

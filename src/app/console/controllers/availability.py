"""The page of a practitioner's week: what is offered, what differs from it, and what remains."""

import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter
from litestar.response import Template

from app import clock
from app.clinic.availability.models import DayOfWeek, ExceptionReason, Location
from app.clinic.availability.schemas import CreateException, CreateTemplate
from app.console.api import Api, ApiProblem
from app.console.members import read_members
from app.console.request_fields import fields_of_request
from app.console.view import View

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ROWS = 200


class SlotKind(StrEnum):
    """As the API has them in its paths."""

    TEMPLATES = "templates"
    EXCEPTIONS = "exceptions"


class SlotForm(msgspec.Struct, rename="camel"):
    """What the form says: a weekly template, or an exception that adds time or takes it."""

    kind: Literal["template", "adds", "takes"]
    user_id: str
    start_time: str = ""
    end_time: str = ""
    day_of_week: str = ""
    location: str = ""
    max_sessions: int = 0
    date: str = ""
    reason: str = ""
    notes: str = ""


class Day(msgspec.Struct):
    """What the API says of a date."""

    date: datetime.date
    templates: list[dict[str, Any]]
    exceptions: list[dict[str, Any]]
    remaining: list[dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.date:%A} {self.date.day} {self.date:%B}"


class Week(msgspec.Struct):
    """Monday to Sunday, of one practitioner."""

    user_id: str
    days: list[Day]


class AvailabilityController(Controller):
    path = "/availability"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        week: Annotated[datetime.date | None, QueryParameter()] = None,
    ) -> Template:
        """Show the week of a day: by default one's own, and that of today."""
        day = week or clock.today()
        shown = await _read_week(view.api, practitioner, day)
        if view.is_part:
            return view.render("availability_week.html", week=shown)
        return view.render(
            "availability.html",
            week=shown,
            day=day,
            days_of_week=[*DayOfWeek],
            locations=[*Location],
            reasons=[*ExceptionReason],
            max_sessions=fields_of_request(CreateTemplate)["maxSessions"],
            notes=fields_of_request(CreateException)["notes"],
        )

    @get("/practitioners")
    async def show_practitioners(
        self, view: NamedDependency[View], selected: Annotated[UUID | None, QueryParameter()] = None
    ) -> Template:
        """Return the options of the page's select."""
        try:
            members = await read_members(view.api)
        except ApiProblem as refusal:
            if not view.is_part:
                raise
            part = view.render("problem.html", problem=refusal.problem)
            part.headers["HX-Retarget"] = "#trouble"
            return part
        return view.render("practitioners.html", members=members, selected=str(selected))

    @post("/slots")
    async def create(
        self,
        view: NamedDependency[View],
        data: Annotated[SlotForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Template:
        """Say a conflict in the dialog that asked, for the calendar to show where it is."""
        kind, fields = _request_of(data)
        try:
            await view.api.post(f"/api/availability/{kind}", userId=data.user_id, **fields)
        except ApiProblem as refusal:
            if refusal.status != HTTPStatus.CONFLICT:
                raise
            return view.render("availability_conflict.html", conflict=refusal.problem, slot=data)
        return _render_change(view, "The slot was created.")

    @delete("/{kind:str}/{slot_id:uuid}", status_code=HTTPStatus.OK)
    async def remove(
        self, view: NamedDependency[View], kind: FromPath[SlotKind], slot_id: FromPath[UUID]
    ) -> Template:
        await view.api.delete(f"/api/availability/{kind}/{slot_id}")
        return _render_change(view, "The slot was deleted.")


def _request_of(slot: SlotForm) -> tuple[SlotKind, dict[str, Any]]:
    """Return the kind of slot and its fields as the API takes them; what is empty is none."""
    times = {"startTime": _time(slot.start_time), "endTime": _time(slot.end_time)}
    if slot.kind == "template":
        return SlotKind.TEMPLATES, {
            "dayOfWeek": slot.day_of_week,
            "location": slot.location,
            "maxSessions": slot.max_sessions,
            **times,
        }
    return SlotKind.EXCEPTIONS, {
        "date": slot.date,
        "isAvailable": slot.kind == "adds",
        "reason": slot.reason,
        "notes": slot.notes.strip() or None,
        **times,
    }


def _time(value: str) -> str | None:
    """Add the seconds that a browser leaves out where they are none."""
    return f"{value}:00" if value.count(":") == 1 else value or None


def _render_change(view: View, said: str) -> Template:
    answer = view.render("availability_changed.html", said=said)
    answer.headers["HX-Retarget"] = "#said"
    answer.headers["HX-Trigger"] = "slots-changed"
    return answer


async def _read_week(api: Api, practitioner: UUID | None, day: datetime.date) -> Week:
    monday = day.toordinal() - day.weekday()
    last = min(monday + 6, datetime.date.max.toordinal())
    dates = [datetime.date.fromordinal(ordinal) for ordinal in range(monday, last + 1)]
    between = {"from": dates[0], "to": dates[-1]}
    effective = await api.get("/api/availability/effective", userId=practitioner, **between)
    user_id = effective["userId"]
    templates = await _read_all(api, SlotKind.TEMPLATES, userId=user_id)
    exceptions = await _read_all(api, SlotKind.EXCEPTIONS, userId=user_id, **between)
    exceptions.sort(key=lambda row: row["startTime"] or "")
    days = [
        Day(
            date,
            [row for row in templates if row["dayOfWeek"] == WEEKDAYS[date.weekday()]],
            [row for row in exceptions if row["date"] == date.isoformat()],
            remaining["intervals"],
        )
        for date, remaining in zip(dates, effective["days"], strict=True)
    ]
    return Week(user_id, days)


async def _read_all(api: Api, kind: SlotKind, **filters: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = await api.get(f"/api/availability/{kind}", limit=MOST_ROWS, cursor=cursor, **filters)
        rows += page["items"]
        cursor = page["next"]
        if cursor is None:
            return rows

"""The page of a practitioner's week, and the parts beside its calendar."""

import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from app import clock
from app.auth.models import Role
from app.auth.roles import may_edit_hours
from app.console.api import ApiProblem
from app.console.members import read_members
from app.console.slots import Slot, SlotKind
from app.console.view import View
from app.console.week import read_week


class Period(StrEnum):
    WEEK = "week"
    DAY = "day"


class AvailabilityController(Controller):
    path = "/availability"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        week: Annotated[datetime.date | None, QueryParameter()] = None,
        period: Annotated[Period, QueryParameter(name="view")] = Period.WEEK,
    ) -> Template:
        """Show the week of a date: by default today's, of the signed-in user."""
        day = week or clock.today()
        shown = await read_week(view.api, practitioner, day)
        if view.is_part:
            return view.render("availability_week.html", week=shown)
        return view.render("availability.html", week=shown, day=day, period=period)

    @get("/practitioners")
    async def show_practitioners(
        self, view: NamedDependency[View], selected: Annotated[UUID | None, QueryParameter()] = None
    ) -> Template:
        """Return the options of the page's select, and whose hours the user may change."""
        try:
            members = await read_members(view.api)
            me = await view.api.get("/api/auth/organization/get-active-member")
        except ApiProblem as refusal:
            if not view.is_part:
                raise
            part = view.render("problem.html", problem=refusal.problem)
            part.headers["HX-Retarget"] = "#trouble"
            return part
        editable = {
            user_id
            for user_id in members
            if may_edit_hours(Role(me["role"]), own=user_id == me["userId"])
        }
        return view.render(
            "practitioners.html", members=members, selected=str(selected), editable=editable
        )

    @get("/next-exception")
    async def show_next_exception(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
    ) -> Template:
        """Return the first exception from today on, as a link to its week."""
        today = clock.today()
        filters = {"userId": practitioner, "from": today, "limit": 1}
        rows = (await view.api.get(SlotKind.EXCEPTIONS.path, **filters))["items"]
        date = datetime.date.fromisoformat(rows[0]["date"]) if rows else today
        return view.render(
            "availability_next.html",
            slot=Slot(SlotKind.EXCEPTIONS, rows[0]) if rows else None,
            date=date,
            is_this_year=date.year == today.year,
        )

"""The calendar: the appointments of a practitioner or a room, for a week or a day."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from app import clock
from app.clinic.appointments.models import AppointmentStatus
from app.console.agenda import Agenda, find_first_room, read_practitioner, read_room
from app.console.appointments import ROOMS_PATH, read_patients
from app.console.controllers.availability import Period
from app.console.team_agenda import read_team
from app.console.view import View
from app.console.week import day_in_words, shifted


class CalendarController(Controller):
    path = "/calendar"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        date: Annotated[datetime.date | None, QueryParameter()] = None,
        period: Annotated[Period, QueryParameter(name="view")] = Period.WEEK,
        patient: Annotated[UUID | None, QueryParameter()] = None,
    ) -> Template:
        """Show the week of a date: by default today's, of the signed-in user.

        `patient` is the one whose appointment is to be booked.
        """
        day = date or clock.today()
        agenda = await read_practitioner(view.api, practitioner, day)
        found = (
            await read_patients(view.api, [str(patient)]) if patient and not view.is_part else {}
        )
        return _render(view, agenda, day, period, found)

    @get("/room")
    async def show_room(
        self,
        view: NamedDependency[View],
        room: Annotated[UUID | None, QueryParameter()] = None,
        date: Annotated[datetime.date | None, QueryParameter()] = None,
        period: Annotated[Period, QueryParameter(name="view")] = Period.WEEK,
    ) -> Template:
        """Show the week of a room: by default of the first one."""
        day = date or clock.today()
        room_id = room or await find_first_room(view.api)
        if room_id is None:
            return view.render("calendar_no_room.html", day=day, period=period)
        return _render(view, await read_room(view.api, room_id, day), day, period)

    @get("/team")
    async def show_team(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        date: Annotated[datetime.date | None, QueryParameter()] = None,
        cursor: Annotated[str | None, QueryParameter()] = None,
    ) -> Template:
        """Show a date of some practitioners side by side.

        `practitioner` is the one whose calendar to go back to.
        """
        day = date or clock.today()
        team = await read_team(view.api, day, cursor)
        return view.render(
            "calendar_team_columns.html" if view.is_part else "calendar_team.html",
            team=team,
            practitioner=practitioner,
            day=day,
            title=f"{day_in_words(day)} {day.year}",
            before=shifted(day, -1),
            after=shifted(day, 1),
            today=clock.today(),
            statuses=[*AppointmentStatus],
        )

    @get("/rooms")
    async def list_rooms(
        self, view: NamedDependency[View], selected: Annotated[UUID | None, QueryParameter()] = None
    ) -> Template:
        """Return the options of the page's select."""
        rooms = await view.api.get_all(ROOMS_PATH)
        return view.render("calendar_rooms.html", rooms=rooms, selected=str(selected))


def _render(
    view: View,
    agenda: Agenda,
    day: datetime.date,
    period: Period,
    patients: Mapping[str, str] = MappingProxyType({}),
) -> Template:
    """`patients` has the name of the one to be booked, if there is one."""
    [(patient, name)] = patients.items() or [(None, "")]
    if view.is_part:
        return view.render("calendar_week.html", agenda=agenda)
    return view.render(
        "calendar.html",
        agenda=agenda,
        day=day,
        period=period,
        patient=patient,
        patient_name=name,
        statuses=[*AppointmentStatus],
    )

"""The appointments of a week, of one practitioner or in one room, and the hours behind them."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Literal
from uuid import UUID

import msgspec
from litestar.exceptions import ClientException

from app import clock
from app.console.api import Api
from app.console.appointments import (
    OPEN,
    PATH,
    ROOMS_PATH,
    ShownAppointment,
    is_outside_hours,
    read_names,
)
from app.console.slots import Row
from app.console.week import dates_of_week, day_in_words

NO_ROOM = "The clinic has no such room."
TEAM_PATH = "/api/availability/team"
# The intervals of a practitioner on a date.
Hours = Mapping[tuple[str, str], Sequence[Row]]


class AgendaDay(msgspec.Struct):
    date: datetime.date
    hours: Sequence[Row]
    appointments: list[ShownAppointment]

    @property
    def name(self) -> str:
        return day_in_words(self.date)


class Agenda(msgspec.Struct):
    """Monday to Sunday; `subject_id` is the id of the practitioner or the room."""

    subject: Literal["practitioner", "room"]
    subject_id: str
    days: list[AgendaDay]


async def read_practitioner(api: Api, practitioner: UUID | None, day: datetime.date) -> Agenda:
    """Return the week of a practitioner, by default of the signed-in user."""
    dates = dates_of_week(day)
    between = {"from": dates[0], "to": dates[-1]}
    effective = await api.get("/api/availability/effective", userId=practitioner, **between)
    user_id = effective["userId"]
    rows = await api.get_all(PATH, therapistId=user_id, **between)
    names = await read_names(api, rows, practitioners=())
    hours = hours_by_date([effective])
    shown = _on_dates([ShownAppointment(row, names, is_outside(row, hours)) for row in rows])
    days = [
        AgendaDay(date, hours[user_id, date.isoformat()], shown[date.isoformat()]) for date in dates
    ]
    return Agenda("practitioner", user_id, days)


async def read_room(api: Api, room: UUID, day: datetime.date) -> Agenda:
    """Return the week of a room, with the names of the practitioners.

    Raise `ClientException` with 404 if the clinic has no such room, or has deleted it.
    """
    dates = dates_of_week(day)
    between = {"from": dates[0], "to": dates[-1]}
    rows = await api.get_all(PATH, roomId=room, **between)
    team = await api.get_all(TEAM_PATH, **between)
    names = await read_names(api, rows, practitioners=())
    if str(room) not in names.rooms:
        raise ClientException(NO_ROOM, status_code=HTTPStatus.NOT_FOUND)
    names.practitioners = {each["userId"]: each["name"] for each in team}
    hours = hours_by_date(team)
    shown = _on_dates([ShownAppointment(row, names, is_outside(row, hours)) for row in rows])
    return Agenda(
        "room", str(room), [AgendaDay(date, [], shown[date.isoformat()]) for date in dates]
    )


async def find_first_room(api: Api) -> UUID | None:
    rooms = (await api.get(ROOMS_PATH, limit=1))["items"]
    return UUID(rooms[0]["id"]) if rooms else None


def hours_by_date(team: Sequence[Row]) -> Hours:
    """Return the intervals of practitioners as the API lists them."""
    return defaultdict(
        list,
        {(each["userId"], day["date"]): day["intervals"] for each in team for day in each["days"]},
    )


def is_outside(row: Row, hours: Hours) -> bool:
    """Return whether an upcoming appointment lies outside the hours."""
    is_ahead = row["status"] in OPEN and row["date"] >= clock.today().isoformat()
    return is_ahead and is_outside_hours(row, hours[row["therapistId"], row["date"]])


def _on_dates(appointments: list[ShownAppointment]) -> dict[str, list[ShownAppointment]]:
    by_date: defaultdict[str, list[ShownAppointment]] = defaultdict(list)
    for each in appointments:
        by_date[each.row["date"]].append(each)
    return by_date

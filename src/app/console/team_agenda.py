"""One date of all practitioners of a clinic: their hours and their appointments, side by side."""

import datetime
from collections import defaultdict
from collections.abc import Sequence

import msgspec

from app.console.agenda import TEAM_PATH, hours_by_date, is_outside
from app.console.api import Api
from app.console.appointments import PATH, ShownAppointment, read_names
from app.console.slots import Row

COLUMNS = 8
FIRST_HOUR, LAST_HOUR = 7, 20  # What a day shows at least.


class PractitionerDay(msgspec.Struct):
    user_id: str
    name: str
    hours: Sequence[Row]
    appointments: list[ShownAppointment]


class TeamAgenda(msgspec.Struct):
    """`next` is the cursor of the practitioners after these."""

    columns: list[PractitionerDay]
    hours: range
    next: str | None
    is_first: bool


async def read_team(api: Api, date: datetime.date, cursor: str | None) -> TeamAgenda:
    on = {"from": date, "to": date}
    team = await api.get(TEAM_PATH, limit=COLUMNS, cursor=cursor, **on)
    is_whole = cursor is None and team["next"] is None
    rows = await _read_rows(api, team["items"], date, is_whole=is_whole)
    names = await read_names(api, rows, practitioners=())
    hours = hours_by_date(team["items"])
    booked: defaultdict[str, list[ShownAppointment]] = defaultdict(list)
    for row in rows:
        booked[row["therapistId"]].append(ShownAppointment(row, names, is_outside(row, hours)))
    columns = [
        PractitionerDay(
            each["userId"],
            each["name"],
            each["days"][0]["intervals"],
            booked[each["userId"]],
        )
        for each in team["items"]
    ]
    return TeamAgenda(columns, _hours(columns), team["next"], cursor is None)


async def _read_rows(
    api: Api, team: Sequence[Row], date: datetime.date, *, is_whole: bool
) -> list[Row]:
    """Return the appointments of these practitioners; `is_whole` if the clinic has no others."""
    on = {"from": date, "to": date}
    if is_whole:
        return await api.get_all(PATH, **on)
    return [
        row for each in team for row in await api.get_all(PATH, therapistId=each["userId"], **on)
    ]


def _hours(columns: Sequence[PractitionerDay]) -> range:
    """Return the hours that a time axis needs for everything on it."""
    rows = [row for column in columns for row in column.hours]
    rows += [each.row for column in columns for each in column.appointments]
    first = min((int(row["startTime"][:2]) for row in rows), default=FIRST_HOUR)
    last = max((_hour_after(row["endTime"]) for row in rows), default=LAST_HOUR)
    return range(min(first, FIRST_HOUR), max(last, LAST_HOUR))


def _hour_after(time: str) -> int:
    return int(time[:2]) + (time[3:] != "00:00")

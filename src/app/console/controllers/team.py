"""The page of all practitioners of a clinic, side by side."""

import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Template

from app import clock
from app.console.controllers.availability import Period
from app.console.slots import clock_in_words
from app.console.view import View
from app.console.week import dates_of_week, shifted

ROWS = 25
FIRST_HOUR, LAST_HOUR = 7, 20  # What a day shows at least.


class Interval(msgspec.Struct):
    start: str
    end: str

    @property
    def start_minute(self) -> int:
        return _minute(self.start)

    @property
    def minutes(self) -> int:
        return _minute(self.end) - self.start_minute

    @property
    def short(self) -> str:
        return f"{clock_in_words(self.start)}\N{EN DASH}{clock_in_words(self.end)}"

    @property
    def words(self) -> str:
        return f"{clock_in_words(self.start)} to {clock_in_words(self.end)}"


class TeamDay(msgspec.Struct):
    date: datetime.date
    intervals: list[Interval]


class PractitionerWeek(msgspec.Struct):
    user_id: str
    name: str
    days: list[TeamDay]


class TeamPageController(Controller):
    path = "/availability/team"

    @get("/")
    async def show(
        self,
        view: NamedDependency[View],
        practitioner: Annotated[UUID | None, QueryParameter()] = None,
        week: Annotated[datetime.date | None, QueryParameter()] = None,
        period: Annotated[Period, QueryParameter(name="view")] = Period.WEEK,
        cursor: Annotated[str | None, QueryParameter()] = None,
    ) -> Template:
        """Show a page of practitioners, with what can be booked on the dates of a week or a day.

        `practitioner` is the one whose week to go back to.
        """
        day = week or clock.today()
        dates = dates_of_week(day) if period is Period.WEEK else [day]
        between = {"from": dates[0], "to": dates[-1]}
        team = await view.api.get("/api/availability/team", limit=ROWS, cursor=cursor, **between)
        people = [_practitioner(item) for item in team["items"]]
        hours = _hours(people)
        return view.render(
            "availability_team.html",
            practitioner=practitioner,
            people=people,
            next=team["next"],
            is_first=cursor is None,
            day=day,
            dates=dates,
            period=period,
            today=clock.today(),
            before=shifted(day, -7 if period is Period.WEEK else -1),
            after=shifted(day, 7 if period is Period.WEEK else 1),
            hours=hours,
        )


def _practitioner(item: dict[str, Any]) -> PractitionerWeek:
    days = [
        TeamDay(datetime.date.fromisoformat(day["date"]), _joined(day["intervals"]))
        for day in item["days"]
    ]
    return PractitionerWeek(item["userId"], item["name"], days)


def _joined(intervals: list[dict[str, Any]]) -> list[Interval]:
    """Join intervals that meet, which the API splits where their sources differ."""
    joined: list[Interval] = []
    for each in intervals:
        if joined and joined[-1].end == each["startTime"]:
            joined[-1].end = each["endTime"]
        else:
            joined.append(Interval(each["startTime"], each["endTime"]))
    return joined


def _hours(people: list[PractitionerWeek]) -> range:
    """Return the hours that a time axis needs for all intervals."""
    all_of_them = [each for one in people for day in one.days for each in day.intervals]
    first = min((each.start_minute // 60 for each in all_of_them), default=FIRST_HOUR)
    last = max((-(-_minute(each.end) // 60) for each in all_of_them), default=LAST_HOUR)
    return range(min(first, FIRST_HOUR), max(last, LAST_HOUR))


def _minute(time: str) -> int:
    hour, minute, *_ = map(int, time.split(":"))
    return hour * 60 + minute

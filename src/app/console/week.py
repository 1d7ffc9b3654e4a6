"""The week of a practitioner: what is offered, what differs from it, and what can be booked."""

import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.console.api import Api
from app.console.slots import WEEKDAYS, Row, Slot, SlotKind


class WeekDay(msgspec.Struct):
    """What the API returns for a date."""

    date: datetime.date
    templates: list[Slot]
    exceptions: list[Slot]
    bookable: list[Row]

    @property
    def name(self) -> str:
        return day_in_words(self.date)


class Week(msgspec.Struct):
    """Monday to Sunday, of one practitioner."""

    user_id: str
    days: list[WeekDay]


def day_in_words(date: datetime.date) -> str:
    return f"{date:%A} {date.day} {date:%B}"


def dates_of_week(day: datetime.date) -> list[datetime.date]:
    """Return Monday to Sunday; the last week that dates have ends on a Friday."""
    monday = day.toordinal() - day.weekday()
    last = min(monday + 6, datetime.date.max.toordinal())
    return [datetime.date.fromordinal(ordinal) for ordinal in range(monday, last + 1)]


def shifted(day: datetime.date, days: int) -> datetime.date | None:
    """Return a date some days later, or `None` if there is no such date."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None


async def read_week(api: Api, practitioner: UUID | None, day: datetime.date) -> Week:
    dates = dates_of_week(day)
    between = {"from": dates[0], "to": dates[-1]}
    effective = await api.get("/api/availability/effective", userId=practitioner, **between)
    user_id = effective["userId"]
    templates = await read_slots(api, SlotKind.TEMPLATES, userId=user_id)
    exceptions = await read_slots(api, SlotKind.EXCEPTIONS, userId=user_id, **between)
    days = [
        WeekDay(
            date,
            [Slot(SlotKind.TEMPLATES, row) for row in on_weekday(templates, date)],
            [Slot(SlotKind.EXCEPTIONS, row) for row in on_date(exceptions, date)],
            effective_day["intervals"],
        )
        for date, effective_day in zip(dates, effective["days"], strict=True)
    ]
    return Week(user_id, days)


def on_weekday(templates: list[Row], date: datetime.date) -> list[Row]:
    return [row for row in templates if row["dayOfWeek"] == WEEKDAYS[date.weekday()]]


def on_date(exceptions: list[Row], date: datetime.date) -> list[Row]:
    found = [row for row in exceptions if row["date"] == date.isoformat()]
    return sorted(found, key=lambda row: row["startTime"] or "")


async def read_slots(api: Api, kind: SlotKind, **filters: Any) -> list[Row]:
    return await api.get_all(kind.path, **filters)

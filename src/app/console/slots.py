"""Weekly templates and exceptions as the console shows them and as its forms send them."""

import datetime
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Literal

import msgspec

from app.clinic.availability.models import ExceptionReason, Location
from app.clinic.availability.rules import clock_time, next_free, slot_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
REASONS = {"adds": ExceptionReason.OTHER, "takes": ExceptionReason.VACATION}
FIRST_HOUR = slot_of(datetime.time(9), datetime.time(10))

Layer = Literal["template", "adds", "takes"]
Row = dict[str, Any]


class SlotKind(StrEnum):
    """As the API has them in its paths."""

    TEMPLATES = "templates"
    EXCEPTIONS = "exceptions"

    @property
    def path(self) -> str:
        return f"/api/availability/{self}"


class Slot(msgspec.Struct):
    """A row of the API, in words."""

    kind: SlotKind
    row: Row

    @property
    def layer(self) -> Layer:
        if self.kind is SlotKind.TEMPLATES:
            return "template"
        return "adds" if self.row["isAvailable"] else "takes"

    @property
    def label(self) -> str:
        return {"template": "Weekly template", "adds": "Extra hours", "takes": "Time off"}[
            self.layer
        ]

    @property
    def day(self) -> str:
        if self.kind is SlotKind.TEMPLATES:
            return f"Every {DAY_NAMES[WEEKDAYS.index(self.row['dayOfWeek'])]}"
        date = datetime.date.fromisoformat(self.row["date"])
        return f"{date:%A} {date.day} {date:%B} {date.year}"

    @property
    def times(self) -> str:
        return times_in_words(self.row)

    @property
    def about(self) -> str:
        """Location and sessions of a template, or why and with which notes a date differs."""
        if self.kind is SlotKind.TEMPLATES:
            count = self.row["maxSessions"]
            return (
                f"{self.row['location']}, up to {count} {'session' if count == 1 else 'sessions'}"
            )
        reason = self.row["reason"].replace("_", " ")
        return f"{reason}: {self.row['notes']}" if self.row["notes"] else reason

    @property
    def sentence(self) -> str:
        return f"{self.day}, {self.times.lower()}, {self.label.lower()}: {self.about}"


class SlotForm(msgspec.Struct, rename="camel"):
    """What a form sends; `version` is the `ETag` of the row that it edits.

    `force` keeps appointments that would then lie outside the hours.
    """

    kind: Layer
    user_id: str
    name: str = ""
    start_time: str = ""
    end_time: str = ""
    day_of_week: str = ""
    location: str = ""
    max_sessions: str = ""
    date: str = ""
    all_day: str = ""
    reason: str = ""
    notes: str = ""
    version: str = ""
    force: str = ""

    @property
    def slot_kind(self) -> SlotKind:
        return SlotKind.TEMPLATES if self.kind == "template" else SlotKind.EXCEPTIONS

    def fields(self) -> dict[str, Any]:
        """Return the body that the API takes, with `None` for what is empty."""
        times = {
            "startTime": time_with_seconds(self.start_time),
            "endTime": time_with_seconds(self.end_time),
        }
        if self.kind == "template":
            is_number = self.max_sessions.isdecimal()
            return {
                "dayOfWeek": self.day_of_week,
                "location": self.location,
                "maxSessions": int(self.max_sessions) if is_number else self.max_sessions,
                **times,
            }
        return {
            "date": self.date,
            "isAvailable": self.kind == "adds",
            "reason": self.reason,
            "notes": self.notes.strip() or None,
            **({"startTime": None, "endTime": None} if self.all_day else times),
        }


class MoveSlotForm(msgspec.Struct, rename="camel"):
    """Where a slot was dragged to; `updated_at` is that of the row that the calendar showed."""

    date: datetime.date
    updated_at: str
    start_time: str = ""
    end_time: str = ""
    force: str = ""


def form_of(slot: Slot, name: str, version: str) -> SlotForm:
    row = slot.row
    return SlotForm(
        slot.layer,
        row["userId"],
        name,
        clock_in_words(row["startTime"] or ""),
        clock_in_words(row["endTime"] or ""),
        day_of_week=row.get("dayOfWeek", ""),
        location=row.get("location", ""),
        max_sessions=str(row.get("maxSessions", "")),
        date=row.get("date", ""),
        all_day="" if row["startTime"] else "on",
        reason=row.get("reason", ""),
        notes=row.get("notes") or "",
        version=version,
    )


def default_layer(date: datetime.date, *, all_day: bool) -> Layer:
    """Return the kind that a new slot starts as: a template cannot be on a Sunday."""
    if all_day:
        return "takes"
    return "adds" if date.weekday() == len(WEEKDAYS) - 1 else "template"


def free_hour(rows: Sequence[Row]) -> tuple[str, str]:
    """Return the first hour after nine that is free beside the slots of a day, or else nine."""
    taken = [slot_of(_read_time(row["startTime"]), _read_time(row["endTime"])) for row in rows]
    free = next_free(FIRST_HOUR, taken) or FIRST_HOUR
    return clock_in_words(clock_time(free.start)), clock_in_words(clock_time(free.end))


def usual_location(templates: Sequence[Row]) -> str:
    """Return the most frequent one."""
    found = Counter(row["location"] for row in templates).most_common(1)
    return found[0][0] if found else Location.CLINIC


def moved(slot: Slot, move: MoveSlotForm) -> tuple[Row | None, str]:
    """Return the fields of the slot where it was dragged to, or why it cannot be there."""
    is_weekly = slot.kind is SlotKind.TEMPLATES
    if bool(move.start_time) != bool(slot.row["startTime"]):
        if is_weekly:
            return None, "A weekly template has a start and an end."
        return None, "Edit the slot to change whether it is all day."
    weekday = WEEKDAYS[move.date.weekday()]
    if is_weekly and weekday == "sun":
        return None, "A weekly template cannot be on a Sunday."
    names = ("location", "maxSessions") if is_weekly else ("isAvailable", "reason", "notes")
    return {
        **{name: slot.row[name] for name in names},
        **({"dayOfWeek": weekday} if is_weekly else {"date": move.date.isoformat()}),
        "startTime": time_with_seconds(move.start_time),
        "endTime": time_with_seconds(move.end_time),
    }, ""


def times_in_words(row: Row) -> str:
    if not row["startTime"]:
        return "All day"
    return f"{clock_in_words(row['startTime'])} to {clock_in_words(row['endTime'])}"


def clock_in_words(time: str) -> str:
    """Write a time of day without seconds that are zero."""
    return time.removesuffix(":00") if time.count(":") > 1 else time


def time_with_seconds(value: str) -> str | None:
    """Add the seconds that a browser leaves out where they are none."""
    return f"{value}:00" if value.count(":") == 1 else value or None


def end_in_words(start: str, minutes: int) -> str:
    """Return when something ends that starts at a time, at most the last minute of the day."""
    hour, minute = map(int, start.split(":")[:2])
    end = min(hour * 60 + minute + minutes, 24 * 60 - 1)
    return f"{end // 60:02}:{end % 60:02}"


def _read_time(value: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(value) if value else None

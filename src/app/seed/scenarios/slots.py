"""Weekly templates and availability exceptions of scenarios, at chosen times."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from app.clinic.availability.models import DayOfWeek, Location
from app.clinic.availability.rules import WEEKDAYS
from app.database.bulk import Row
from app.seed.data.absences import Absence
from app.seed.randomness import row_id
from app.seed.request import SeedRequest


@dataclass(frozen=True, slots=True)
class OfferedHours:
    user: int
    day: DayOfWeek
    start: time
    end: time
    location: Location
    max_sessions: int


@dataclass(frozen=True, slots=True)
class ChangedHours:
    """An exception; without times it is for the whole day."""

    user: int
    date: date
    start: time | None
    end: time | None
    why: Absence
    is_available: bool = False


def template_row(
    request: SeedRequest, number: int, template: OfferedHours, organization: int = 0
) -> Row:
    return {
        "id": row_id(request.random_seed, "weekly template", number),
        "organization_id": row_id(request.random_seed, "organization", organization),
        "user_id": row_id(request.random_seed, "user", template.user),
        "day_of_week": template.day,
        "start_time": template.start,
        "end_time": template.end,
        "location": template.location,
        "max_sessions": template.max_sessions,
    }


def exception_row(
    request: SeedRequest, number: int, change: ChangedHours, organization: int = 0
) -> Row:
    return {
        "id": row_id(request.random_seed, "availability exception", number),
        "organization_id": row_id(request.random_seed, "organization", organization),
        "user_id": row_id(request.random_seed, "user", change.user),
        "date": change.date,
        "start_time": change.start,
        "end_time": change.end,
        "is_available": change.is_available,
        "reason": change.why.reason,
        "notes": change.why.note,
    }


def coming(as_of: date, day: DayOfWeek | None) -> date:
    """Return the date of a weekday within the seven days after `as_of`; None is Sunday."""
    weekday = len(WEEKDAYS) if day is None else WEEKDAYS.index(day)
    return as_of + timedelta(days=1 + (weekday - as_of.weekday() - 1) % 7)

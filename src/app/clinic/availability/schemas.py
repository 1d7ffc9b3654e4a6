"""The requests and responses of availability."""

import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from app.clinic.availability.models import DayOfWeek, ExceptionReason, Location
from app.web.schemas import TIME_OF_DAY, Next, Note, RequestBody, ResponseBody

TimeOfDay = Annotated[
    str,
    Meta(
        pattern=TIME_OF_DAY,
        description="Local time of the clinic.",
        examples=["09:00:00"],
    ),
]


class SlotRequest(RequestBody):
    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        for name in ("start_time", "end_time"):
            if columns[name] is not None:
                columns[name] = datetime.time.fromisoformat(columns[name])
        return columns


class ReplaceTemplate(SlotRequest):
    day_of_week: DayOfWeek
    start_time: TimeOfDay
    end_time: TimeOfDay
    location: Location
    max_sessions: Annotated[int, Meta(ge=1, le=4)]


class CreateTemplate(ReplaceTemplate):
    user_id: Annotated[UUID | None, Meta(description="By default the caller.")] = None


class TemplateResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    user_id: UUID
    day_of_week: DayOfWeek
    start_time: datetime.time
    end_time: datetime.time
    location: Location
    max_sessions: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


class TemplatePage(ResponseBody):
    items: list[TemplateResponse]
    next: Next


class ReplaceException(SlotRequest):
    """Without times, the exception is for the whole day."""

    date: datetime.date
    is_available: bool
    reason: ExceptionReason
    start_time: TimeOfDay | None = None
    end_time: TimeOfDay | None = None
    notes: Note | None = None


class CreateException(ReplaceException):
    user_id: Annotated[UUID | None, Meta(description="By default the caller.")] = None


class ExceptionResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    user_id: UUID
    date: datetime.date
    start_time: datetime.time | None
    end_time: datetime.time | None
    is_available: bool
    reason: ExceptionReason
    notes: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


class ExceptionPage(ResponseBody):
    items: list[ExceptionResponse]
    next: Next


class SourceKind(StrEnum):
    TEMPLATE = "template"
    EXCEPTION = "exception"


class IntervalSource(ResponseBody):
    """A weekly template with its location and capacity, or an exception that adds time."""

    kind: SourceKind
    id: UUID
    location: Location | None = None
    max_sessions: int | None = None


class BookableInterval(ResponseBody):
    start_time: Annotated[str, Meta(examples=["09:00:00"])]
    end_time: Annotated[str, Meta(examples=["12:30:00"], description="A day ends at 24:00:00.")]
    sources: list[IntervalSource]


class EffectiveDay(ResponseBody):
    date: datetime.date
    intervals: list[BookableInterval]


class EffectiveAvailability(ResponseBody):
    user_id: UUID
    days: list[EffectiveDay]


class TeamMemberAvailability(ResponseBody):
    user_id: UUID
    name: str
    days: list[EffectiveDay]


class TeamPage(ResponseBody):
    items: list[TeamMemberAvailability]
    next: Next

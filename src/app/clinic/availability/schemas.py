"""Availability as it enters and leaves the API."""

import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from app.clinic.availability.models import DayOfWeek, ExceptionReason, Location
from app.web.schemas import TIME_OF_DAY, Next, Note, RequestBody, ResponseBody, fields_of

TimeOfDay = Annotated[
    str,
    Meta(
        pattern=TIME_OF_DAY,
        description="Local time of the clinic.",
        examples=["09:00:00"],
    ),
]


class ReplaceTemplate(RequestBody):
    day_of_week: DayOfWeek
    start_time: TimeOfDay
    end_time: TimeOfDay
    location: Location
    max_sessions: Annotated[int, Meta(ge=1, le=4)]


class CreateTemplate(ReplaceTemplate):
    user_id: Annotated[UUID | None, Meta(description="Whose; by default one's own.")] = None


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


class ReplaceException(RequestBody):
    """Without times it holds for the whole day."""

    date: datetime.date
    is_available: bool
    reason: ExceptionReason
    start_time: TimeOfDay | None = None
    end_time: TimeOfDay | None = None
    notes: Note | None = None


class CreateException(ReplaceException):
    user_id: Annotated[UUID | None, Meta(description="Whose; by default one's own.")] = None


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
    """A weekly template, with where and for how many; or an exception that adds time."""

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


def fields_of_slot(slot: ReplaceTemplate | ReplaceException) -> dict[str, Any]:
    """Give the fields in the names and types of the columns."""
    fields = fields_of(slot)
    for name in ("start_time", "end_time"):
        if fields[name] is not None:
            fields[name] = datetime.time.fromisoformat(fields[name])
    return fields

"""The requests and responses of appointments."""

import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.clinic.appointments.models import AppointmentStatus
from app.clinic.availability.models import Location
from app.clinic.availability.schemas import TimeOfDay
from app.web.schemas import Line, Next, Note, RequestBody, ResponseBody, Total

# Litestar leaves out a minimum of 0.
Pain = Annotated[int, Meta(ge=0, le=10, extra_json_schema={"extra": {"minimum": 0}})]


TIMES = ("start_time", "end_time", "actual_start_time", "actual_end_time")


class AppointmentRequest(RequestBody):
    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        return {
            name: datetime.time.fromisoformat(value) if name in TIMES and value else value
            for name, value in columns.items()
        }


class CreateAppointment(AppointmentRequest, kw_only=True):
    patient_id: UUID
    appointment_type_id: UUID
    date: datetime.date
    start_time: TimeOfDay
    end_time: (
        Annotated[TimeOfDay, Meta(description="By default as long after the start as the type.")]
        | None
    ) = None
    therapist_id: Annotated[UUID | None, Meta(description="By default the caller.")] = None
    treatment_plan_id: UUID | None = None
    location: Annotated[
        Location | None,
        Meta(description="By default `clinic` with a room; otherwise what the hours offer."),
    ] = None
    room_id: Annotated[UUID | None, Meta(description="Only at the location `clinic`.")] = None
    primary_concern: Note | None = None


class UpdateAppointment(AppointmentRequest):
    """Fields that are left out do not change.

    Until the session starts, everything but its record can change. `sessionNotes` and
    `observations` can change from its start on, and `primaryConcern` until its end.
    """

    appointment_type_id: UUID | UnsetType = UNSET
    date: datetime.date | UnsetType = UNSET
    start_time: TimeOfDay | UnsetType = UNSET
    end_time: TimeOfDay | UnsetType = UNSET
    therapist_id: UUID | UnsetType = UNSET
    treatment_plan_id: UUID | UnsetType | None = UNSET
    location: Location | UnsetType = UNSET
    room_id: UUID | UnsetType | None = UNSET
    primary_concern: Note | UnsetType | None = UNSET
    observations: Note | UnsetType | None = UNSET
    session_notes: Note | UnsetType | None = UNSET


class UpdateAppointmentStatus(AppointmentRequest):
    """Each of the other fields belongs to one status."""

    status: Annotated[AppointmentStatus, Meta(examples=["in_progress"])]
    cancellation_reason: (
        Annotated[Line, Meta(description="With `cancelled`.")] | UnsetType | None
    ) = UNSET
    no_show_reason: Annotated[Line, Meta(description="With `no_show`.")] | UnsetType | None = UNSET
    actual_start_time: (
        Annotated[TimeOfDay, Meta(description="With `in_progress`. By default the planned start.")]
        | UnsetType
    ) = UNSET
    pain_before: (
        Annotated[Pain, Meta(description="With `in_progress`, from 0 to 10.")] | UnsetType | None
    ) = UNSET
    actual_end_time: (
        Annotated[TimeOfDay, Meta(description="With `finished`. By default the planned end.")]
        | UnsetType
    ) = UNSET
    pain_after: (
        Annotated[Pain, Meta(description="With `finished`, from 0 to 10.")] | UnsetType | None
    ) = UNSET


class AppointmentResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    patient_id: UUID
    treatment_plan_id: UUID | None
    therapist_id: UUID
    room_id: UUID | None
    appointment_type_id: UUID
    date: datetime.date
    start_time: datetime.time
    end_time: datetime.time
    location: Location
    status: AppointmentStatus
    confirmed_at: datetime.datetime | None
    cancelled_at: datetime.datetime | None
    cancellation_reason: str | None
    no_show_reason: str | None
    primary_concern: str | None
    observations: str | None
    session_notes: str | None
    pain_before: int | None
    pain_after: int | None
    actual_start_time: datetime.time | None
    actual_end_time: datetime.time | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


class AppointmentPage(ResponseBody):
    items: list[AppointmentResponse]
    next: Next
    total: Total = UNSET


class FreeTime(ResponseBody):
    start_time: Annotated[str, Meta(examples=["09:00:00"])]
    end_time: Annotated[str, Meta(examples=["09:30:00"])]
    locations: list[Location]


class FreeDay(ResponseBody):
    date: datetime.date
    times: list[FreeTime]


class FreeTimes(ResponseBody):
    user_id: UUID
    duration_minutes: int
    days: list[FreeDay]

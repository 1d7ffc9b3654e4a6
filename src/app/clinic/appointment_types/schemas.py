"""The requests and responses of appointment types."""

import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.web.schemas import Next, RequestBody, ResponseBody, Text

Code = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$(?!\s)",
        max_length=64,
        description="Identifies the type within the clinic.",
        examples=["FOLLOW_UP"],
    ),
]
TypeTitle = Annotated[Text, Meta(min_length=1, max_length=200, examples=["Follow-up"])]
Duration = Annotated[
    int,
    Meta(
        ge=15,
        le=180,
        multiple_of=5,
        description="How long an appointment lasts unless its request says otherwise.",
    ),
]


class CreateAppointmentType(RequestBody):
    """No two types of a clinic have the same code. Only active types can be booked."""

    code: Code
    title: TypeTitle
    duration_minutes: Duration
    is_active: bool = True


class ReplaceAppointmentType(CreateAppointmentType):
    pass


class AppointmentTypeResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    code: str
    title: str
    duration_minutes: int
    is_active: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime


class AppointmentTypePage(ResponseBody):
    items: list[AppointmentTypeResponse]
    next: Next

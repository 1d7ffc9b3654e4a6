"""The requests and responses of rooms."""

import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.web.schemas import Next, Note, RequestBody, ResponseBody, Text
from app.web.texts import TEXT

RoomName = Annotated[Text, Meta(min_length=1, max_length=200, examples=["Room 2"])]
Capacity = Annotated[int, Meta(ge=1, le=10, description="Patients who can be treated at once.")]
Equipment = Annotated[list[str], Meta(max_length=100, extra_json_schema={"extra": {"items": TEXT}})]


class CreateRoom(RequestBody):
    """No two rooms of a clinic have the same name, unless one of them is deleted."""

    name: RoomName
    capacity: Capacity = 1
    wheelchair_accessible: bool = False
    equipment: Equipment = []
    notes: Note | None = None


class ReplaceRoom(CreateRoom):
    pass


class RoomResponse(ResponseBody):
    id: UUID
    organization_id: UUID
    name: str
    capacity: int
    wheelchair_accessible: bool
    equipment: list[str]
    notes: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    deleted_at: datetime.datetime | None


class RoomPage(ResponseBody):
    items: list[RoomResponse]
    next: Next

"""Rooms over HTTP."""

from uuid import UUID

from litestar import Response
from litestar.params import FromPath, JSONBody

from app.clinic import routes
from app.clinic.changes import CurrentChange
from app.clinic.parameters import (
    CurrentCaller,
    Cursor,
    DatabaseSession,
    Deleted,
    GetDeleted,
    Limit,
)
from app.clinic.rooms import examples, service
from app.clinic.rooms.error_responses import (
    CANNOT_DELETE,
    CANNOT_RESTORE,
    INVALID_CHANGE,
    INVALID_ROOM,
    NO_ROOM,
)
from app.clinic.rooms.schemas import CreateRoom, ReplaceRoom, RoomPage, RoomResponse
from app.database.pagination import DEFAULT_LIMIT
from app.web.etags import empty_response
from app.web.openapi import EXAMPLE, OrderedController


class RoomController(OrderedController):
    path = "/rooms"
    tags = ("Rooms",)
    opt = {EXAMPLE: examples.ROOM}

    @routes.read_list("listRooms", "List rooms", description="Sorted by name.")
    async def list_rooms(
        self,
        session: DatabaseSession,
        caller: CurrentCaller,
        deleted: Deleted = False,
        cursor: Cursor = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> RoomPage:
        return RoomPage.of(await service.list_rooms(session, caller, deleted, cursor, limit))

    @routes.create("createRoom", "Create a room", *INVALID_ROOM, request=examples.NEW_ROOM)
    async def create_room(
        self, data: JSONBody[CreateRoom], session: DatabaseSession, caller: CurrentCaller
    ) -> RoomResponse:
        return RoomResponse.of(await service.create_room(session, caller, data))

    @routes.read_row("/{room_id:uuid}", "getRoom", "Get a room", NO_ROOM)
    async def get_room(
        self,
        room_id: FromPath[UUID],
        session: DatabaseSession,
        caller: CurrentCaller,
        deleted: GetDeleted = False,
    ) -> RoomResponse:
        return RoomResponse.of(await service.get_room(session, caller, room_id, deleted=deleted))

    @routes.replace(
        "/{room_id:uuid}",
        "replaceRoom",
        "Replace a room",
        *INVALID_CHANGE,
        request=examples.REPLACEMENT,
    )
    async def replace_room(
        self, room_id: FromPath[UUID], data: JSONBody[ReplaceRoom], change: CurrentChange
    ) -> RoomResponse:
        room = await change.lock(service.lock_to_edit, room_id, RoomResponse)
        return RoomResponse.of(await service.replace_room(change.session, room, data))

    @routes.soft_delete(
        "/{room_id:uuid}",
        "deleteRoom",
        "Delete a room",
        *CANNOT_DELETE,
        description="Only a room without upcoming appointments can be deleted. `restoreRoom` "
        "restores it.",
    )
    async def delete_room(self, room_id: FromPath[UUID], change: CurrentChange) -> Response[None]:
        room = await change.lock(service.lock_to_edit, room_id, RoomResponse)
        await service.delete_room(change.session, room)
        return empty_response(RoomResponse.of(room))

    @routes.act("/{room_id:uuid}/restore", "restoreRoom", "Restore a deleted room", *CANNOT_RESTORE)
    async def restore_room(self, room_id: FromPath[UUID], change: CurrentChange) -> RoomResponse:
        room = await change.lock(service.lock_to_restore, room_id, RoomResponse)
        return RoomResponse.of(await service.restore_room(change.session, room))

"""The rooms of an organization."""

from functools import partial
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import roles
from app.auth.caller import Caller
from app.clinic.appointments.affected import check_room as check_appointments
from app.clinic.errors import OwnersAndAdminsOnly, Taken
from app.clinic.rooms.models import Room
from app.clinic.rooms.schemas import CreateRoom
from app.clinic.rows import get_row, is_deleted, restore, soft_delete
from app.database.causes import raise_on_duplicate
from app.database.pagination import Page, SortOrder, read_page

ORDER = SortOrder((col(Room.name), col(Room.id)), tuple[str, UUID])


async def list_rooms(
    session: AsyncSession, caller: Caller, deleted: bool, cursor: str | None, limit: int
) -> Page[Room]:
    found = select(Room).where(
        Room.organization_id == caller.organization_id, is_deleted(Room, deleted)
    )
    return await read_page(session, found, ORDER, cursor, limit)


async def get_room(
    session: AsyncSession,
    caller: Caller,
    room_id: UUID,
    *,
    deleted: bool = False,
    lock: bool = False,
) -> Room:
    """Raise `NotFound`."""
    found = select(Room).where(
        Room.id == room_id,
        Room.organization_id == caller.organization_id,
        is_deleted(Room, deleted),
    )
    return await get_row(session, found, "room", lock=lock)


lock_room = partial(get_room, lock=True)


async def lock_to_edit(
    session: AsyncSession, caller: Caller, room_id: UUID, *, deleted: bool = False
) -> Room:
    """Return a locked room. Raise `NotFound` or `OwnersAndAdminsOnly`."""
    room = await lock_room(session, caller, room_id, deleted=deleted)
    _check_role(caller)
    return room


lock_to_restore = partial(lock_to_edit, deleted=True)


async def create_room(session: AsyncSession, caller: Caller, new: CreateRoom) -> Room:
    """Raise `OwnersAndAdminsOnly`, or `Taken` if another room has the name."""
    _check_role(caller)
    room = Room(organization_id=caller.organization_id, **new.columns())
    await _check_name(session, room)
    session.add(room)
    with raise_on_duplicate(name_taken(room.name)):
        await session.flush()
    return room


async def replace_room(session: AsyncSession, room: Room, replacement: CreateRoom) -> Room:
    """Raise `Taken` if another room has the name, or `AppointmentsAffected` if it is too small."""
    if replacement.capacity < room.capacity:
        await check_appointments(session, room, replacement.capacity)
    with session.no_autoflush:
        room.sqlmodel_update(replacement.columns())
        await _check_name(session, room)
    with raise_on_duplicate(name_taken(room.name)):
        await session.flush()
    return room


async def delete_room(session: AsyncSession, room: Room) -> None:
    """Raise `AppointmentsAffected` if it has upcoming appointments."""
    await check_appointments(session, room)
    await soft_delete(session, room)


async def restore_room(session: AsyncSession, room: Room) -> Room:
    """Raise `Taken` if another room has got the name meanwhile."""
    await _check_name(session, room)
    with raise_on_duplicate(name_taken(room.name)):
        await restore(session, room)
    return room


def name_taken(name: str) -> Taken:
    return Taken("room", "name", name)


def not_allowed() -> OwnersAndAdminsOnly:
    return OwnersAndAdminsOnly("rooms")


def _check_role(caller: Caller) -> None:
    if not roles.may_edit_rooms(caller.role):
        raise not_allowed()


async def _check_name(session: AsyncSession, room: Room) -> None:
    """Check before the unique index does: two rooms that swap names would wait for each other."""
    found = select(Room.id).where(
        Room.organization_id == room.organization_id,
        Room.name == room.name,
        Room.id != room.id,
        is_deleted(Room, False),
    )
    if (await session.exec(found)).first():
        raise name_taken(room.name)

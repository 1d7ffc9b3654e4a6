"""The appointment types of an organization."""

from functools import partial
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import roles
from app.auth.caller import Caller
from app.clinic.appointment_types.models import AppointmentType
from app.clinic.appointment_types.schemas import CreateAppointmentType
from app.clinic.errors import OwnersAndAdminsOnly, Taken
from app.clinic.rows import get_row
from app.database.causes import raise_on_duplicate
from app.database.pagination import Page, SortOrder, read_page

ORDER = SortOrder((col(AppointmentType.code),), tuple[str])


async def list_types(
    session: AsyncSession, caller: Caller, is_active: bool | None, cursor: str | None, limit: int
) -> Page[AppointmentType]:
    found = select(AppointmentType).where(AppointmentType.organization_id == caller.organization_id)
    if is_active is not None:
        found = found.where(AppointmentType.is_active == is_active)
    return await read_page(session, found, ORDER, cursor, limit)


async def get_type(
    session: AsyncSession, caller: Caller, type_id: UUID, *, lock: bool = False
) -> AppointmentType:
    """Raise `NotFound`."""
    found = select(AppointmentType).where(
        AppointmentType.id == type_id, AppointmentType.organization_id == caller.organization_id
    )
    return await get_row(session, found, "appointment type", lock=lock)


lock_type = partial(get_type, lock=True)


async def lock_to_edit(session: AsyncSession, caller: Caller, type_id: UUID) -> AppointmentType:
    """Return a locked appointment type. Raise `NotFound` or `OwnersAndAdminsOnly`."""
    row = await lock_type(session, caller, type_id)
    _check_role(caller)
    return row


async def create_type(
    session: AsyncSession, caller: Caller, new: CreateAppointmentType
) -> AppointmentType:
    """Raise `OwnersAndAdminsOnly`, or `Taken` if another type has the code."""
    _check_role(caller)
    row = AppointmentType(organization_id=caller.organization_id, **new.columns())
    await _check_code(session, row)
    session.add(row)
    with raise_on_duplicate(code_taken(row.code)):
        await session.flush()
    return row


async def replace_type(
    session: AsyncSession, row: AppointmentType, replacement: CreateAppointmentType
) -> AppointmentType:
    """Raise `Taken` if another type has the code."""
    with session.no_autoflush:
        row.sqlmodel_update(replacement.columns())
        await _check_code(session, row)
    with raise_on_duplicate(code_taken(row.code)):
        await session.flush()
    return row


def code_taken(code: str) -> Taken:
    return Taken("appointment type", "code", code)


def not_allowed() -> OwnersAndAdminsOnly:
    return OwnersAndAdminsOnly("appointment types")


def _check_role(caller: Caller) -> None:
    if not roles.may_edit_rooms(caller.role):
        raise not_allowed()


async def _check_code(session: AsyncSession, row: AppointmentType) -> None:
    """Check before the constraint does: two types that swap codes would wait for each other."""
    found = select(AppointmentType.id).where(
        AppointmentType.organization_id == row.organization_id,
        AppointmentType.code == row.code,
        AppointmentType.id != row.id,
    )
    if (await session.exec(found)).first():
        raise code_taken(row.code)

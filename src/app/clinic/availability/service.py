"""Weekly templates and availability exceptions: slots of one practitioner never conflict.

The rules apply to a practitioner across all organizations. Each change therefore locks the
practitioner until the transaction ends, so that simultaneous changes run one after the other.
A slot is deleted with the membership, so the membership is locked as well. It is locked last, to
avoid deadlocks.
"""

import datetime
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

from msgspec import Meta
from sqlalchemy import ColumnElement, case
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import roles
from app.auth.caller import Caller
from app.auth.locks import lock_user
from app.auth.members import find_member, lock_member
from app.clinic.appointments.affected import check_hours
from app.clinic.availability.errors import NotOwnSlot, SlotConflict
from app.clinic.availability.models import (
    AvailabilityException,
    DayOfWeek,
    WeeklyAvailabilityTemplate,
)
from app.clinic.availability.rules import (
    GAP_MINUTES,
    WHOLE_DAY,
    TimeRange,
    clock_time,
    find_conflict,
    next_free,
    slot_of,
)
from app.clinic.availability.schemas import (
    CreateException,
    CreateTemplate,
    ReplaceException,
    ReplaceTemplate,
)
from app.clinic.errors import NotFound
from app.clinic.rows import get_row
from app.database.pagination import Page, SortOrder, read_page
from app.errors import FieldError, UnusableRequest

SlotRow = TypeVar("SlotRow", WeeklyAvailabilityTemplate, AvailabilityException)

OWN_ONLY = "You can only change your own availability. Ask an owner or an admin of the clinic."
NAMES: Mapping[type, str] = {
    WeeklyAvailabilityTemplate: "weekly template",
    AvailabilityException: "availability exception",
}
# Slots can only conflict if they have the same value here.
DAYS: Mapping[type, Any] = {
    WeeklyAvailabilityTemplate: col(WeeklyAvailabilityTemplate.day_of_week),
    AvailabilityException: col(AvailabilityException.date),
}
WEEKDAY = case(
    {day: place for place, day in enumerate(DayOfWeek)},
    value=col(WeeklyAvailabilityTemplate.day_of_week),
).label("weekday")
TEMPLATE_ORDER = SortOrder(
    (
        col(WeeklyAvailabilityTemplate.user_id),
        WEEKDAY,
        col(WeeklyAvailabilityTemplate.start_time),
        col(WeeklyAvailabilityTemplate.id),
    ),
    tuple[UUID, Annotated[int, Meta(ge=0, lt=len(DayOfWeek))], datetime.time, UUID],
)
EXCEPTION_ORDER = SortOrder(
    (col(AvailabilityException.date), col(AvailabilityException.id)), tuple[datetime.date, UUID]
)


async def list_templates(
    session: AsyncSession,
    caller: Caller,
    user_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[WeeklyAvailabilityTemplate]:
    found = select(WeeklyAvailabilityTemplate).where(
        WeeklyAvailabilityTemplate.organization_id == caller.organization_id
    )
    if user_id:
        found = found.where(WeeklyAvailabilityTemplate.user_id == user_id)
    return await read_page(session, found, TEMPLATE_ORDER, cursor, limit)


async def list_exceptions(
    session: AsyncSession,
    caller: Caller,
    user_id: UUID | None,
    first: datetime.date | None,
    last: datetime.date | None,
    cursor: str | None,
    limit: int,
) -> Page[AvailabilityException]:
    found = select(AvailabilityException).where(
        AvailabilityException.organization_id == caller.organization_id
    )
    if user_id:
        found = found.where(AvailabilityException.user_id == user_id)
    if first:
        found = found.where(AvailabilityException.date >= first)
    if last:
        found = found.where(AvailabilityException.date <= last)
    return await read_page(session, found, EXCEPTION_ORDER, cursor, limit)


async def create_slot(
    session: AsyncSession,
    caller: Caller,
    new: CreateTemplate | CreateException,
    kind: type[SlotRow],
    *,
    force: bool = False,
) -> SlotRow:
    """Raise `NotFound`, `NotOwnSlot`, `UnusableRequest`, `SlotConflict` or `AppointmentsAffected`.

    With `force`, upcoming appointments may be outside the hours. A new template only adds hours.
    """
    user_id = new.user_id or caller.user_id
    if not await find_member(session, caller.organization_id, user_id):
        raise NotFound("practitioner")
    await _lock_practitioner(session, caller, user_id, "practitioner")
    columns = {**new.columns(), "organization_id": caller.organization_id, "user_id": user_id}
    row = kind(**columns)
    await _check(session, caller, row)
    if not force and isinstance(row, AvailabilityException):
        await check_hours(session, None, row)
    session.add(row)
    await session.flush()
    return row


async def get_slot(
    session: AsyncSession, caller: Caller, slot_id: UUID, kind: type[SlotRow]
) -> SlotRow:
    """Raise `NotFound`."""
    found = select(kind).where(kind.id == slot_id, kind.organization_id == caller.organization_id)
    return await get_row(session, found, NAMES[kind])


async def lock_slot(
    session: AsyncSession, caller: Caller, slot_id: UUID, kind: type[SlotRow]
) -> SlotRow:
    """Return a slot, and lock all slots of its practitioner until the transaction ends.

    Raises `NotFound` or `NotOwnSlot`.
    """
    row = await get_slot(session, caller, slot_id, kind)
    await _lock_practitioner(session, caller, row.user_id, NAMES[kind])
    session.expire(row)
    return await get_slot(session, caller, slot_id, kind)


create_template = partial(create_slot, kind=WeeklyAvailabilityTemplate)
get_template = partial(get_slot, kind=WeeklyAvailabilityTemplate)
lock_template = partial(lock_slot, kind=WeeklyAvailabilityTemplate)
create_exception = partial(create_slot, kind=AvailabilityException)
get_exception = partial(get_slot, kind=AvailabilityException)
lock_exception = partial(lock_slot, kind=AvailabilityException)


async def replace_slot(
    session: AsyncSession,
    caller: Caller,
    row: SlotRow,
    replacement: ReplaceTemplate | ReplaceException,
    *,
    force: bool = False,
) -> SlotRow:
    """Raise `UnusableRequest`, `SlotConflict` or `AppointmentsAffected`; see `create_slot`."""
    columns = replacement.columns()
    after = type(row)(**{**row.model_dump(), **columns})
    await _check(session, caller, after)
    if not force:
        await check_hours(session, row, after)
    row.sqlmodel_update(columns)
    await session.flush()
    return row


async def delete_slot(session: AsyncSession, row: SlotRow, *, force: bool = False) -> None:
    """Raise `AppointmentsAffected`; see `create_slot`."""
    if not force:
        await check_hours(session, row, None)
    await session.delete(row)
    await session.flush()


async def _lock_practitioner(
    session: AsyncSession, caller: Caller, user_id: UUID, missing: str
) -> None:
    """Raise `NotOwnSlot`, or `NotFound` if the membership has ended."""
    if not roles.may_edit_hours(caller.role, own=user_id == caller.user_id):
        raise NotOwnSlot(OWN_ONLY)
    await lock_user(session, user_id)
    if not await lock_member(session, caller.organization_id, user_id):
        raise NotFound(missing)


async def _check(session: AsyncSession, caller: Caller, row: SlotRow) -> None:
    kind = type(row)
    slot = slot_of(row.start_time, row.end_time)
    if (row.start_time is None) != (row.end_time is None) or slot.start >= slot.end:
        raise no_slot()
    day = DAYS[kind]
    same_day: ColumnElement[bool] = day == getattr(row, day.key)
    found = (
        select(kind)
        .where(kind.user_id == row.user_id, same_day, kind.id != row.id)
        .order_by(col(kind.start_time))
    )
    others = sorted(
        await session.exec(found),
        # Name a slot of the caller's organization if there is one, and the earliest of them.
        key=lambda other: other.organization_id != caller.organization_id,
    )
    slots = [slot_of(other.start_time, other.end_time) for other in others]
    place = find_conflict(slot, slots)
    if place is not None:
        raise _conflict(caller, others[place], next_free(slot, slots), slot)


def _conflict(
    caller: Caller,
    other: WeeklyAvailabilityTemplate | AvailabilityException,
    free: TimeRange | None,
    wanted: TimeRange,
) -> SlotConflict:
    is_own = other.organization_id == caller.organization_id
    return SlotConflict(
        GAP_MINUTES,
        _describe_slot(other) if is_own else None,
        None if free is None else _times(free),
        whole_day=wanted == WHOLE_DAY,
    )


def _describe_slot(row: WeeklyAvailabilityTemplate | AvailabilityException) -> dict[str, str]:
    return {"id": str(row.id), **_times(slot_of(row.start_time, row.end_time))}


def _times(slot: TimeRange) -> dict[str, str]:
    return {"startTime": clock_time(slot.start), "endTime": clock_time(slot.end)}


def no_slot() -> UnusableRequest:
    return UnusableRequest(
        "Nothing was changed. Please correct `startTime` and `endTime`: the start must be before "
        "the end. An exception for the whole day has neither.",
        [FieldError("endTime", "must be after `startTime`; whole days have neither")],
    )

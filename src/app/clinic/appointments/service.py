"""The appointments of an organization: create, move and change them."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.caller import Caller
from app.auth.locks import lock_user
from app.auth.members import find_member
from app.clinic.appointment_types.models import AppointmentType
from app.clinic.appointments.booking import (
    check_appointment,
    check_plan,
    check_room,
    find_location,
    needs_of,
    time_of,
)
from app.clinic.appointments.calendar import Needs, read_calendar
from app.clinic.appointments.errors import AppointmentCannotChange
from app.clinic.appointments.locks import lock_parties, lock_practitioner
from app.clinic.appointments.models import Appointment
from app.clinic.appointments.rules import MOVABLE, WRITABLE
from app.clinic.appointments.schemas import CreateAppointment, UpdateAppointment
from app.clinic.availability.models import Location
from app.clinic.availability.rules import DAY, clock_time, slot_of
from app.clinic.errors import NotFound
from app.clinic.rows import get_row
from app.errors import FieldError, UnusableRequest

TYPE = "bookable appointment type"
FIELDS = {field.name: field.encode_name for field in msgspec.structs.fields(UpdateAppointment)}
# Changing one of these moves the appointment, so that all rules are checked.
MOVING = {"date", "start_time", "end_time", "therapist_id", "location"}


async def create_appointment(
    session: AsyncSession, caller: Caller, new: CreateAppointment
) -> Appointment:
    """Raise `NotFound`, `UnusableRequest` or `AppointmentRefused`."""
    columns = new.columns()
    columns["therapist_id"] = new.therapist_id or caller.user_id
    if not await find_member(session, caller.organization_id, columns["therapist_id"]):
        raise NotFound("practitioner")
    await lock_user(session, columns["therapist_id"])
    await lock_practitioner(session, caller, columns["therapist_id"])
    parties = await lock_parties(session, caller, columns)
    appointment_type = await get_type(session, caller, new.appointment_type_id)
    columns["end_time"] = columns["end_time"] or end_of(
        columns["start_time"], appointment_type.duration_minutes * 60
    )
    _check_values(columns)
    location = Location.CLINIC if parties.room and not new.location else new.location
    needs = Needs(
        organization_id=caller.organization_id,
        therapist_id=columns["therapist_id"],
        room=parties.room,
        patient_id=new.patient_id,
    )
    calendar = await read_calendar(session, needs, new.date, new.date)
    time = slot_of(columns["start_time"], columns["end_time"])
    columns["location"] = location or find_location(calendar, new.date, time)
    row = Appointment(organization_id=caller.organization_id, **columns)
    await check_appointment(session, calendar, row, parties)
    session.add(row)
    await session.flush()
    return row


async def update_appointment(
    session: AsyncSession, caller: Caller, row: Appointment, changes: UpdateAppointment
) -> Appointment:
    """Raise `NotFound`, `UnusableRequest`, `AppointmentCannotChange` or `AppointmentRefused`.

    Changes that move nothing, such as notes, do not check the rules of bookings again.
    """
    columns = await _with_end(session, caller, row, changes.columns())
    columns = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name in columns:
        if row.status not in (allowed := WRITABLE.get(name, MOVABLE)):
            raise AppointmentCannotChange(FIELDS[name], row.status, allowed)
    if "appointment_type_id" in columns:
        await get_type(session, caller, columns["appointment_type_id"])
    if columns.keys() & {*MOVING, "room_id", "treatment_plan_id"}:
        wanted = Appointment(**{**row.model_dump(), **columns})
        await _check_move(session, caller, wanted, columns)
    row.sqlmodel_update(columns)
    await session.flush()
    return row


async def _check_move(
    session: AsyncSession, caller: Caller, wanted: Appointment, changed: Mapping[str, Any]
) -> None:
    await lock_practitioner(
        session, caller, wanted.therapist_id, required="therapist_id" in changed
    )
    values = wanted.model_dump()
    parties = await lock_parties(
        session, caller, values, kept_plan="treatment_plan_id" not in changed
    )
    _check_values(values)
    calendar = await read_calendar(session, needs_of(wanted, parties), wanted.date, wanted.date)
    if changed.keys() & MOVING:
        await check_appointment(session, calendar, wanted, parties)
        return
    if "treatment_plan_id" in changed:
        await check_plan(session, wanted, parties)
    if "room_id" in changed:
        await check_room(session, calendar, wanted, parties)


async def get_type(session: AsyncSession, caller: Caller, type_id: UUID) -> AppointmentType:
    """Raise `NotFound`, also if the type cannot be booked any more."""
    found = select(AppointmentType).where(
        AppointmentType.id == type_id,
        AppointmentType.organization_id == caller.organization_id,
        AppointmentType.is_active,
    )
    return await get_row(session, found, TYPE)


async def _with_end(
    session: AsyncSession, caller: Caller, row: Appointment, columns: dict[str, Any]
) -> dict[str, Any]:
    """Add the end: that of a new type, or as long after a new start as before."""
    if "end_time" in columns:
        return columns
    start = columns.get("start_time", row.start_time)
    type_id = columns.get("appointment_type_id", row.appointment_type_id)
    time = time_of(row)
    length = time.end - time.start
    if type_id != row.appointment_type_id:
        length = (await get_type(session, caller, type_id)).duration_minutes * 60
    elif start == row.start_time:
        return columns
    return {**columns, "end_time": end_of(start, length)}


def end_of(start: datetime.time, length: int) -> datetime.time:
    """Return the end of an appointment of a length in seconds, or raise `UnusableRequest`."""
    end = slot_of(start, start).start + length
    if end >= DAY:
        raise past_midnight()
    return datetime.time.fromisoformat(clock_time(end))


def _check_values(columns: Mapping[str, Any]) -> None:
    if columns["end_time"] <= columns["start_time"]:
        raise ends_early()
    if columns["room_id"] and columns["location"] not in (None, Location.CLINIC):
        raise room_elsewhere()


def ends_early() -> UnusableRequest:
    return _wrong("endTime", "must be after `startTime`")


def past_midnight() -> UnusableRequest:
    return _wrong("startTime", "must be so early that the appointment ends before midnight")


def room_elsewhere() -> UnusableRequest:
    return _wrong("roomId", "is only possible at the location `clinic`")


def _wrong(field: str, message: str) -> UnusableRequest:
    return UnusableRequest(
        f"Nothing was changed. Please correct this: `{field}` {message}.",
        [FieldError(field, message)],
    )

"""List the appointments of an organization."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from app.auth.caller import Caller
from app.clinic.appointments.models import Appointment, AppointmentStatus
from app.database.pagination import Page, SortOrder, count_rows, read_page


class AppointmentSort(StrEnum):
    START = "start"
    START_DESCENDING = "-start"


BY_START = (col(Appointment.date), col(Appointment.start_time), col(Appointment.id))
VALUES = tuple[datetime.date, datetime.time, UUID]
ORDERS = {
    AppointmentSort.START: SortOrder(BY_START, VALUES),
    AppointmentSort.START_DESCENDING: SortOrder(BY_START, VALUES, descending=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFilter:
    """Which appointments to list; `first` and `last` are dates, both included."""

    first: datetime.date | None = None
    last: datetime.date | None = None
    therapist_id: UUID | None = None
    patient_id: UUID | None = None
    room_id: UUID | None = None
    treatment_plan_id: UUID | None = None
    status: AppointmentStatus | None = None


async def list_appointments(
    session: AsyncSession,
    caller: Caller,
    wanted: AppointmentFilter,
    sort: AppointmentSort,
    cursor: str | None,
    limit: int,
) -> Page[Appointment]:
    # Few appointments belong to one person, room or plan: find those, and sort them.
    finds_few = any((wanted.therapist_id, wanted.patient_id, wanted.room_id))
    finds_few |= wanted.treatment_plan_id is not None
    found, order = _find(caller, wanted), ORDERS[sort]
    return await read_page(session, found, order, cursor, limit, find_first=finds_few)


async def count_appointments(
    session: AsyncSession, caller: Caller, wanted: AppointmentFilter
) -> int:
    """Count all appointments that the pages of a list have."""
    return await count_rows(session, _find(caller, wanted))


def _find(caller: Caller, wanted: AppointmentFilter) -> SelectOfScalar[Appointment]:
    found = select(Appointment).where(Appointment.organization_id == caller.organization_id)
    if wanted.first:
        found = found.where(Appointment.date >= wanted.first)
    if wanted.last:
        found = found.where(Appointment.date <= wanted.last)
    given = (
        (col(Appointment.therapist_id), wanted.therapist_id),
        (col(Appointment.patient_id), wanted.patient_id),
        (col(Appointment.room_id), wanted.room_id),
        (col(Appointment.treatment_plan_id), wanted.treatment_plan_id),
        (col(Appointment.status), wanted.status),
    )
    return found.where(*(column == value for column, value in given if value is not None))

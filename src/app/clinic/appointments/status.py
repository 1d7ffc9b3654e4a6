"""Change the status of an appointment."""

import datetime
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.clinic.appointments.errors import AppointmentNotDue
from app.clinic.appointments.models import Appointment, AppointmentStatus
from app.clinic.appointments.rules import (
    CANCELLED,
    CONFIRMED,
    FIELDS_OF_STATUS,
    FINISHED,
    IN_PROGRESS,
    ON_THE_DAY,
    STATUS_CHANGES,
    may_change_status,
)
from app.clinic.appointments.schemas import UpdateAppointmentStatus
from app.clinic.errors import StatusChangeNotAllowed
from app.errors import FieldError, UnusableRequest

AN_APPOINTMENT = "An appointment"
STATUS_OF_FIELD = {name: status for status, names in FIELDS_OF_STATUS.items() for name in names}
FIELDS = {
    field.name: field.encode_name for field in msgspec.structs.fields(UpdateAppointmentStatus)
}


async def update_appointment_status(
    session: AsyncSession, row: Appointment, change: UpdateAppointmentStatus
) -> Appointment:
    """Raise `UnusableRequest`, `StatusChangeNotAllowed` or `AppointmentNotDue`."""
    columns, wanted = change.columns(), change.status
    for name in columns:
        if wanted is not (status := STATUS_OF_FIELD.get(name, wanted)):
            raise other_status(FIELDS[name], status)
    if not may_change_status(row.status, wanted):
        raise StatusChangeNotAllowed(AN_APPOINTMENT, row.status, wanted, STATUS_CHANGES[row.status])
    if wanted in ON_THE_DAY and row.date > clock.latest_today():
        raise AppointmentNotDue(wanted, str(row.date))
    row.sqlmodel_update(columns | _recorded(row, wanted, columns))
    await session.flush()
    return row


def _recorded(
    row: Appointment, wanted: AppointmentStatus, sent: Mapping[str, Any]
) -> dict[str, Any]:
    """Return when it happened."""
    if wanted is CONFIRMED:
        return {"confirmed_at": clock.now()}
    if wanted is CANCELLED:
        return {"cancelled_at": clock.now()}
    if wanted is IN_PROGRESS:
        return {"actual_start_time": sent.get("actual_start_time", row.start_time)}
    if wanted is FINISHED:
        started = row.actual_start_time or row.start_time
        end: datetime.time = sent.get("actual_end_time", max(row.end_time, started))
        if end < started:
            raise ended_before(started)
        return {"actual_end_time": end}
    return {}


def other_status(field: str, status: AppointmentStatus) -> UnusableRequest:
    message = f"is only possible with the status `{status}`"
    return UnusableRequest(
        f"Nothing was changed. `{field}` {message}. Leave it out.", [FieldError(field, message)]
    )


def ended_before(started: datetime.time) -> UnusableRequest:
    message = f"must not be before `actualStartTime`, which is {started}"
    return UnusableRequest(
        f"Nothing was changed. Please correct this: `actualEndTime` {message}.",
        [FieldError("actualEndTime", message)],
    )

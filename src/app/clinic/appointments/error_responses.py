"""The errors of the routes of appointments, in addition to those of every route.

Those of bookings are about two practitioners who work from 9 to 12 on Mondays, and one of them on
Tuesdays as well.
"""

import datetime

from app.clinic.appointments import refusals
from app.clinic.appointments.errors import (
    AppointmentCannotChange,
    AppointmentNotDue,
    AppointmentRefused,
)
from app.clinic.appointments.free import MAX_FREE_DAYS
from app.clinic.appointments.rules import CANCELLED, FINISHED, IN_PROGRESS, NO_SHOW, SCHEDULED
from app.clinic.appointments.service import TYPE, ends_early, past_midnight, room_elsewhere
from app.clinic.appointments.status import AN_APPOINTMENT, ended_before, other_status
from app.clinic.availability.effective import too_long
from app.clinic.availability.models import Location
from app.clinic.errors import NotFound, StatusChangeNotAllowed
from app.clinic.patients.error_responses import NO_PATIENT
from app.clinic.patients.models import PatientStatus
from app.clinic.rooms.error_responses import NO_ROOM
from app.clinic.routes import NO_PRACTITIONER, invalid, missing
from app.clinic.treatment_plans.error_responses import NO_PLAN

NO_APPOINTMENT, NO_TYPE = NotFound("appointment"), NotFound(TYPE)
_CLASH = {
    "id": "6d9a9d1e-7f0c-4b7e-9a53-1f0f3a2f6a11",
    "date": "2031-02-03",
    "startTime": "09:00:00",
    "endTime": "09:30:00",
}
_NEXT = {"date": "2031-02-03", "startTime": "09:30:00", "endTime": "10:00:00"}
_NEXT_DAY = {"date": "2031-02-04", "startTime": "09:00:00", "endTime": "09:30:00"}
_NEXT_WEEK = {"date": "2031-02-10", "startTime": "09:00:00", "endTime": "09:30:00"}
_PLAN = datetime.date(2020, 1, 1), datetime.date(2030, 12, 31)
_INVALID = (
    invalid("startTime"),
    invalid("date"),
    ends_early(),
    past_midnight(),
    room_elsewhere(),
    *map(
        AppointmentRefused,
        (
            refusals.not_bookable(PatientStatus.DISCHARGED),
            refusals.plan_of_another(),
            refusals.outside_plan(*_PLAN),
            refusals.plan_full(1),
        ),
    ),
    AppointmentRefused(refusals.outside_hours(Location.CLINIC), _NEXT_WEEK),
    AppointmentRefused(refusals.practitioner_busy(_CLASH), _NEXT_DAY),
    AppointmentRefused(refusals.room_full(1, _CLASH), _NEXT),
    AppointmentRefused(refusals.patient_busy(_CLASH), _NEXT),
    AppointmentRefused(refusals.slot_full(), _NEXT_DAY),
    NO_PATIENT,
    NO_PRACTITIONER,
    NO_PLAN,
    NO_ROOM,
    NO_TYPE,
)
NO_DAY = invalid("from")
MISSING_TYPE = missing("typeId")
TOO_MANY_FREE_DAYS = too_long(MAX_FREE_DAYS)
INVALID_APPOINTMENT = _INVALID
INVALID_CHANGE = (
    *_INVALID,
    AppointmentCannotChange("sessionNotes", SCHEDULED, (IN_PROGRESS, FINISHED)),
    NO_APPOINTMENT,
)
INVALID_STATUS_CHANGE = (
    invalid("status", "Invalid enum value 'done'"),
    invalid("painAfter", "Expected `int` <= 10"),
    other_status("cancellationReason", CANCELLED),
    ended_before(datetime.time(9)),
    StatusChangeNotAllowed(AN_APPOINTMENT, CANCELLED, "confirmed", ()),
    AppointmentNotDue(NO_SHOW, "2031-02-03"),
    NO_APPOINTMENT,
)

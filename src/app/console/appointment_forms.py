"""What the forms of appointments send, and the JSON for it."""

from typing import Any

import msgspec

from app.clinic.appointments.models import AppointmentStatus
from app.console.slots import Row, clock_in_words, time_with_seconds

# What can be written of a session, by the status of its appointment; in others everything else can.
RECORD = ("observations", "sessionNotes")
WRITABLE = {
    AppointmentStatus.IN_PROGRESS: ("primaryConcern", *RECORD),
    AppointmentStatus.FINISHED: RECORD,
}
TEXTS = {
    "primaryConcern": "Primary concern",
    "observations": "Observations",
    "sessionNotes": "Session notes",
}
# As the form names its fields.
LABELS = TEXTS | {
    "appointmentTypeId": "Type",
    "date": "Date",
    "startTime": "Start",
    "endTime": "End",
    "therapistId": "Practitioner",
    "treatmentPlanId": "Treatment plan",
    "location": "Location",
    "roomId": "Room",
}


class StatusField(msgspec.Struct):
    """A field that belongs to a status; `type` is that of an input."""

    name: str
    label: str
    type: str = "text"


class StatusChange(msgspec.Struct):
    """How the console names the change to a status, and what can be said with it."""

    verb: str
    fields: tuple[StatusField, ...] = ()


STATUS_CHANGES = {
    AppointmentStatus.CONFIRMED: StatusChange("Confirm"),
    AppointmentStatus.IN_PROGRESS: StatusChange(
        "Start",
        (
            StatusField("actualStartTime", "Started at", "time"),
            StatusField("painBefore", "Pain before", "number"),
        ),
    ),
    AppointmentStatus.FINISHED: StatusChange(
        "Finish",
        (
            StatusField("actualEndTime", "Ended at", "time"),
            StatusField("painAfter", "Pain after", "number"),
        ),
    ),
    AppointmentStatus.NO_SHOW: StatusChange("No show", (StatusField("noShowReason", "Reason"),)),
    AppointmentStatus.CANCELLED: StatusChange(
        "Cancel appointment", (StatusField("cancellationReason", "Reason"),)
    ),
}


class AppointmentForm(msgspec.Struct, rename="camel"):
    """`version` is the `ETag` of the row that is edited."""

    patient_id: str = ""
    appointment_type_id: str = ""
    date: str = ""
    start_time: str = ""
    end_time: str = ""
    therapist_id: str = ""
    treatment_plan_id: str = ""
    location: str = ""
    room_id: str = ""
    primary_concern: str = ""
    observations: str = ""
    session_notes: str = ""
    version: str = ""

    def new(self) -> dict[str, Any]:
        """Return the body that books the appointment, without what the API has defaults for."""
        return {"patientId": self.patient_id} | self._plan()

    def changes(self, status: AppointmentStatus) -> dict[str, Any]:
        """Return the body that changes it; from its start on, only its record can change."""
        texts = {
            "primaryConcern": self.primary_concern,
            "observations": self.observations,
            "sessionNotes": self.session_notes,
        }
        if status in WRITABLE:
            return {name: texts[name].strip() or None for name in WRITABLE[status]}
        return self._plan()

    def _plan(self) -> dict[str, Any]:
        optional = {
            "endTime": time_with_seconds(self.end_time),
            "therapistId": self.therapist_id,
            "location": self.location,
        }
        return {
            "appointmentTypeId": self.appointment_type_id,
            "date": self.date,
            "startTime": time_with_seconds(self.start_time) or "",
            "treatmentPlanId": self.treatment_plan_id or None,
            "roomId": self.room_id or None,
            "primaryConcern": self.primary_concern.strip() or None,
            **{name: value for name, value in optional.items() if value},
        }


class MoveForm(msgspec.Struct, rename="camel"):
    """Where an appointment was dragged to; `updated_at` is that of the row that was shown."""

    date: str
    start_time: str
    end_time: str
    updated_at: str

    def fields(self) -> dict[str, Any]:
        return {
            "date": self.date,
            "startTime": time_with_seconds(self.start_time),
            "endTime": time_with_seconds(self.end_time),
        }


class StatusForm(msgspec.Struct, rename="camel"):
    status: str
    cancellation_reason: str = ""
    no_show_reason: str = ""
    actual_start_time: str = ""
    actual_end_time: str = ""
    pain_before: str = ""
    pain_after: str = ""

    def body(self) -> dict[str, Any]:
        """Return the status with its fields that are not empty."""
        given: dict[str, Any] = {
            "cancellationReason": self.cancellation_reason.strip(),
            "noShowReason": self.no_show_reason.strip(),
            "actualStartTime": time_with_seconds(self.actual_start_time),
            "actualEndTime": time_with_seconds(self.actual_end_time),
            "painBefore": _number(self.pain_before),
            "painAfter": _number(self.pain_after),
        }
        return {"status": self.status} | {
            name: value for name, value in given.items() if value not in {None, ""}
        }


def form_of(row: Row, version: str) -> AppointmentForm:
    given = {name: value for name, value in row.items() if value is not None}
    times = {name: clock_in_words(given[name]) for name in ("startTime", "endTime")}
    return msgspec.convert({**given, **times, "version": version}, AppointmentForm)


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() else text

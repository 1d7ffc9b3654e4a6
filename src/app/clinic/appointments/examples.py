"""The examples of appointments; see `app.auth.examples`."""

from datetime import date
from typing import Any
from uuid import UUID

from app.auth.examples import A_DAY, CLINIC_ID, USER_ID
from app.clinic.appointment_types.examples import TYPE_ID
from app.clinic.appointments.errors import AffectedAppointment
from app.clinic.examples import NEW_ID
from app.clinic.patients.examples import PATIENT_ID

# Of the week after `asOf` in every default data set.
APPOINTMENT_ID = "000017ca-03b5-8b0c-865e-51b0fcf13ff7"
TELEHEALTH_ID = "00000003-76e7-84d9-bce4-bd30d72c9d38"

APPOINTMENT = {
    "id": APPOINTMENT_ID,
    "organizationId": CLINIC_ID,
    "patientId": "00000013-958a-8784-97b9-13335eaf86eb",
    "treatmentPlanId": "0000005f-e8c3-8020-a584-1dc349d1a395",
    "therapistId": "00000009-d8b3-8f92-8029-9114d5088609",
    "roomId": None,
    "appointmentTypeId": TELEHEALTH_ID,
    "date": "2026-12-02",
    "startTime": "14:30:00",
    "endTime": "15:00:00",
    "location": "telehealth",
    "status": "confirmed",
    "confirmedAt": "2026-11-23T01:18:00.000Z",
    "cancelledAt": None,
    "cancellationReason": None,
    "noShowReason": None,
    "primaryConcern": None,
    "observations": None,
    "sessionNotes": None,
    "painBefore": None,
    "painAfter": None,
    "actualStartTime": None,
    "actualEndTime": None,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
}
NEW_APPOINTMENT = {
    "patientId": PATIENT_ID,
    "appointmentTypeId": TYPE_ID,
    "therapistId": USER_ID,
    "date": "2027-06-03",
    "startTime": "09:00:00",
    "endTime": "10:00:00",
    "location": "clinic",
    "primaryConcern": "Stairs are difficult since the weekend.",
}
CREATED = (
    APPOINTMENT
    | NEW_APPOINTMENT
    | {
        "id": NEW_ID,
        "treatmentPlanId": None,
        "status": "scheduled",
        "confirmedAt": None,
    }
)
CHANGES = {"primaryConcern": "Stairs are difficult since the weekend."}
STATUS = {"status": "cancelled", "cancellationReason": "The patient is travelling."}
AFFECTED = [
    AffectedAppointment(
        id=UUID("6d9a9d1e-7f0c-4b7e-9a53-1f0f3a2f6a11"),
        date=date(2031, 3, 11),
        start_time="11:30:00",
        end_time="12:15:00",
        patient_id=UUID("0c7b2d4e-91f3-4a58-8e6d-5b2a7c1f9d30"),
    )
]
CANCELLED = APPOINTMENT | STATUS | {"cancelledAt": A_DAY}
FREE: dict[str, Any] = {
    "userId": USER_ID,
    "durationMinutes": 60,
    "days": [
        {
            "date": "2026-11-26",
            "times": [
                {"startTime": "08:30:00", "endTime": "09:30:00", "locations": ["clinic"]},
                {"startTime": "08:35:00", "endTime": "09:35:00", "locations": ["clinic"]},
            ],
        },
    ],
}

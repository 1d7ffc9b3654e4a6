"""The examples of appointments; see `app.auth.examples`."""

from datetime import date
from typing import Any
from uuid import UUID

from app.auth.examples import A_DAY, CLINIC_ID, USER_ID
from app.clinic.appointment_types.examples import TYPE_ID
from app.clinic.appointments.errors import AffectedAppointment
from app.clinic.examples import NEW_ID
from app.clinic.patients.examples import PATIENT_ID
from app.clinic.rooms.examples import ROOM_ID
from app.clinic.treatment_plans.examples import PLAN_ID

APPOINTMENT_ID = "00000000-0000-8000-8000-000000000001"

APPOINTMENT = {
    "id": APPOINTMENT_ID,
    "organizationId": CLINIC_ID,
    "patientId": PATIENT_ID,
    "treatmentPlanId": PLAN_ID,
    "therapistId": USER_ID,
    "roomId": ROOM_ID,
    "appointmentTypeId": TYPE_ID,
    "date": "2026-11-26",
    "startTime": "09:00:00",
    "endTime": "09:30:00",
    "location": "clinic",
    "status": "confirmed",
    "confirmedAt": A_DAY,
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
    "date": "2027-06-02",
    "startTime": "09:00:00",
    "endTime": "10:00:00",
    "location": "telehealth",
    "primaryConcern": "Stairs are difficult since the weekend.",
}
CREATED = (
    APPOINTMENT
    | NEW_APPOINTMENT
    | {
        "id": NEW_ID,
        "treatmentPlanId": None,
        "roomId": None,
        "status": "scheduled",
        "confirmedAt": None,
    }
)
CHANGES = {"primaryConcern": "Stairs are difficult since the weekend."}
STATUS = {"status": "cancelled", "cancellationReason": "The patient is travelling."}
AFFECTED = [
    AffectedAppointment(
        id=UUID(APPOINTMENT_ID),
        date=date(2031, 3, 11),
        start_time="11:30:00",
        end_time="12:15:00",
        patient_id=UUID(PATIENT_ID),
    )
]
FREE: dict[str, Any] = {
    "userId": USER_ID,
    "durationMinutes": 30,
    "days": [
        {
            "date": "2026-11-26",
            "times": [
                {"startTime": "10:00:00", "endTime": "10:30:00", "locations": ["clinic"]},
            ],
        }
    ],
}

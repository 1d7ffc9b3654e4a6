"""The examples of treatment plans; see `app.auth.examples`."""

from app.auth.examples import A_DAY, CLINIC_ID, COLLEAGUE_ID, USER_ID
from app.clinic.patients.examples import PATIENT_ID

# An ongoing plan in every default data set.
PLAN_ID = "0000000f-e8c3-8020-a584-1dc349d1a395"

PLAN = {
    "id": PLAN_ID,
    "organizationId": CLINIC_ID,
    "patientId": PATIENT_ID,
    "therapistId": USER_ID,
    "title": "Kneecap pain programme",
    "diagnosis": "Patellofemoral pain syndrome",
    "objective": "Climb three flights of stairs and squat to 90 degrees with pain below 2 out of "
    "10.",
    "startDate": "2026-11-17",
    "endDate": "2027-01-05",
    "numberOfSessions": 7,
    "sessionFrequency": 1,
    "status": "ongoing",
    "prescribingDoctor": "Dr Toby D'Aubigny",
    "prescriptionDate": "2026-11-12",
    "coverageStatus": "covered",
    "insuranceInfo": "All sessions of this plan are approved by the WorkCover agent.",
    "notes": "Home programme explained and handed over in writing.",
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "deletedAt": None,
}
NEW_PLAN = {
    "patientId": PATIENT_ID,
    "title": "Shoulder rehabilitation",
    "therapistId": USER_ID,
    "startDate": "2027-02-01",
    "numberOfSessions": 12,
    "sessionFrequency": 2,
    "objective": "Reach a shelf above the head without pain.",
}
REPLACEMENT = {
    "title": "Knee strengthening programme",
    "therapistId": COLLEAGUE_ID,
    "startDate": "2026-11-17",
    "numberOfSessions": 14,
    "sessionFrequency": 1,
    "coverageStatus": "covered",
}
CHANGES = {"numberOfSessions": 10, "notes": "Three sessions more, as agreed with the insurer."}

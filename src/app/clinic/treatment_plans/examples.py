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
    "title": "Ankle sprain rehabilitation",
    "diagnosis": "Grade II lateral ankle ligament sprain",
    "objective": "Balance on the injured leg for 30 seconds and walk on uneven ground without "
    "pain.",
    "startDate": "2026-11-17",
    "endDate": "2026-12-08",
    "numberOfSessions": 6,
    "sessionFrequency": 2,
    "status": "ongoing",
    "prescribingDoctor": "Dr Toby D'Aubigny",
    "prescriptionDate": "2026-11-09",
    "coverageStatus": "covered",
    "insuranceInfo": "All sessions of this plan are approved by the WorkCover agent.",
    "notes": "Progress to be reviewed with the patient halfway through the plan.",
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
    "title": "Ankle strengthening programme",
    "therapistId": COLLEAGUE_ID,
    "startDate": "2026-11-17",
    "numberOfSessions": 14,
    "sessionFrequency": 1,
    "coverageStatus": "covered",
}
CHANGES = {"numberOfSessions": 12, "notes": "Three sessions more, as agreed with the insurer."}

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
    "title": "Hip osteoarthritis exercise programme",
    "diagnosis": "Osteoarthritis of the hip",
    "objective": "Put on shoes and socks unaided and walk for 30 minutes with pain of no more "
    "than 3 out of 10.",
    "startDate": "2026-10-22",
    "endDate": "2026-12-24",
    "numberOfSessions": 9,
    "sessionFrequency": 1,
    "status": "ongoing",
    "prescribingDoctor": "Dr Käthe Tsakalos",
    "prescriptionDate": "2026-10-12",
    "coverageStatus": "partially_covered",
    "insuranceInfo": "The insurer pays part of each session; the patient pays the gap.",
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
    "title": "Hip strengthening programme",
    "therapistId": COLLEAGUE_ID,
    "startDate": "2026-10-22",
    "numberOfSessions": 14,
    "sessionFrequency": 1,
    "coverageStatus": "covered",
}
CHANGES = {"numberOfSessions": 12, "notes": "Three sessions more, as agreed with the insurer."}

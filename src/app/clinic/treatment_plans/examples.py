"""The examples of treatment plans; see `app.clinic.examples`."""

from collections.abc import Mapping
from typing import Any

from app.auth.examples import A_DAY, CLINIC_ID, COLLEAGUE_ID, USER_ID
from app.clinic.patients.examples import PATIENT_ID

# An ongoing one, whenever the data set is made.
_PLAN_ID = "0000000f-e8c3-8020-a584-1dc349d1a395"

_PLAN = {
    "id": _PLAN_ID,
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
_COURSE = {
    "title": "Shoulder rehabilitation",
    "therapistId": USER_ID,
    "startDate": "2027-02-01",
    "numberOfSessions": 12,
    "sessionFrequency": 2,
    "objective": "Reach a shelf above the head without pain.",
}
_ANEW = {
    "title": "Hip strengthening programme",
    "therapistId": COLLEAGUE_ID,
    "startDate": "2026-10-22",
    "endDate": "2027-01-28",
    "numberOfSessions": 14,
    "sessionFrequency": 1,
    "coverageStatus": "covered",
}
_LEFT_OUT = {
    **dict.fromkeys(("diagnosis", "objective", "endDate", "prescribingDoctor")),
    **dict.fromkeys(("prescriptionDate", "insuranceInfo", "notes")),
}
_CHANGES = {"numberOfSessions": 12, "notes": "Three sessions more, as agreed with the insurer."}

REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "createTreatmentPlan": {"patientId": PATIENT_ID, **_COURSE},
    "replaceTreatmentPlan": _ANEW,
    "changeTreatmentPlan": _CHANGES,
    "moveTreatmentPlan": {"status": "paused"},
}
ANSWERS: Mapping[str, Any] = {
    "listTreatmentPlans": {"items": [_PLAN], "next": None},
    "createTreatmentPlan": {
        **_PLAN,
        "id": "c5e18b70-4d3a-4f92-b6c8-1a7f90d2e354",
        **_LEFT_OUT,
        "status": "planned",
        "coverageStatus": "to_verify",
        **_COURSE,
    },
    "getTreatmentPlan": _PLAN,
    "replaceTreatmentPlan": {**_PLAN, **_LEFT_OUT, **_ANEW},
    "changeTreatmentPlan": {**_PLAN, **_CHANGES},
    "moveTreatmentPlan": {**_PLAN, "status": "paused"},
    "deleteTreatmentPlan": None,
    "restoreTreatmentPlan": _PLAN,
}
_ONE = {"plan_id": _PLAN_ID}
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "getTreatmentPlan": _ONE,
    "replaceTreatmentPlan": _ONE,
    "changeTreatmentPlan": _ONE,
    "moveTreatmentPlan": _ONE,
    "deleteTreatmentPlan": _ONE,
    "restoreTreatmentPlan": _ONE,
}

"""The examples of availability; see `app.auth.examples`.

The dates are Sundays, on which the seed has nobody work, and days long past, which it leaves alone.
"""

from typing import Any

from app.auth.examples import A_DAY, CLINIC_ID, USER, USER_ID

TEMPLATE_ID = "00000001-8b9f-87c5-8083-bb44450b4ef4"
EXCEPTION_ID = "00000002-36d9-8a1b-87b7-d8e448c5b3ab"
MADE = {"createdAt": A_DAY, "updatedAt": A_DAY}

TEMPLATE = {
    "id": TEMPLATE_ID,
    "organizationId": CLINIC_ID,
    "userId": USER_ID,
    "dayOfWeek": "wed",
    "startTime": "08:30:00",
    "endTime": "11:30:00",
    "location": "telehealth",
    "maxSessions": 1,
    **MADE,
}
NEW_TEMPLATE = {
    "dayOfWeek": "tue",
    "startTime": "09:00:00",
    "endTime": "12:00:00",
    "location": "clinic",
    "maxSessions": 2,
}
TEMPLATE_REPLACEMENT = {
    "dayOfWeek": "wed",
    "startTime": "13:00:00",
    "endTime": "17:00:00",
    "location": "clinic",
    "maxSessions": 2,
}
EXCEPTION = {
    "id": EXCEPTION_ID,
    "organizationId": CLINIC_ID,
    "userId": USER_ID,
    "date": "2027-02-20",
    "startTime": None,
    "endTime": None,
    "isAvailable": False,
    "reason": "vacation",
    "notes": "Annual leave",
    **MADE,
}
NEW_EXCEPTION = {
    "date": "2027-01-03",
    "isAvailable": True,
    "reason": "other",
    "startTime": "10:00:00",
    "endTime": "13:00:00",
    "notes": "Open house",
}
EXCEPTION_REPLACEMENT = {"date": "2027-01-10", "isAvailable": False, "reason": "training"}
TEMPLATE_PAGE = {"items": [TEMPLATE], "next": None}
CREATED_TEMPLATE = {
    **TEMPLATE,
    "id": "7d1f0c4b-92a6-4e3d-8b57-c0a9e6f21d38",
    **NEW_TEMPLATE,
}
REPLACED_TEMPLATE = {**TEMPLATE, **TEMPLATE_REPLACEMENT}
EXCEPTION_PAGE = {"items": [EXCEPTION], "next": None}
CREATED_EXCEPTION = {
    **EXCEPTION,
    "id": "b8e6a2d5-3c70-4f19-a4d8-5e9b17c0f263",
    **NEW_EXCEPTION,
}
REPLACED_EXCEPTION = {**EXCEPTION, **EXCEPTION_REPLACEMENT, "notes": None}
EFFECTIVE: dict[str, Any] = {
    "userId": USER_ID,
    "days": [
        {"date": "2026-01-06", "intervals": []},
        {
            "date": "2026-01-07",
            "intervals": [
                {
                    "startTime": "08:30:00",
                    "endTime": "11:30:00",
                    "sources": [
                        {
                            "kind": "template",
                            "id": TEMPLATE_ID,
                            "location": "telehealth",
                            "maxSessions": 1,
                        }
                    ],
                }
            ],
        },
    ],
}
TEAM_PAGE = {
    "items": [{"userId": USER_ID, "name": USER["name"], "days": EFFECTIVE["days"]}],
    "next": None,
}

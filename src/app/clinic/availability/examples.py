"""The examples of availability; see `app.auth.examples`.

The dates are Sundays and long past days, for which the seed creates no slots.
"""

from typing import Any

from app.auth.examples import A_DAY, CLINIC_ID, USER, USER_ID

TEMPLATE_ID = "00000001-8b9f-87c5-8083-bb44450b4ef4"
EXCEPTION_ID = "00000000-36d9-8a1b-87b7-d8e448c5b3ab"
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
    "date": "2026-12-25",
    "startTime": None,
    "endTime": None,
    "isAvailable": False,
    "reason": "holiday",
    "notes": "Public holiday: Christmas Day",
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

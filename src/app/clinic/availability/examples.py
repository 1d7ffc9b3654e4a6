"""The examples of availability; see `app.clinic.examples`.

The dates are Sundays, on which the seed has nobody work, and days long past, which it leaves alone.
"""

from collections.abc import Mapping
from typing import Any

from app.auth.examples import A_DAY, CLINIC_ID, USER_ID

_TEMPLATE_ID = "00000001-8b9f-87c5-8083-bb44450b4ef4"
_EXCEPTION_ID = "00000002-36d9-8a1b-87b7-d8e448c5b3ab"
_MADE = {"createdAt": A_DAY, "updatedAt": A_DAY}

_TEMPLATE = {
    "id": _TEMPLATE_ID,
    "organizationId": CLINIC_ID,
    "userId": USER_ID,
    "dayOfWeek": "wed",
    "startTime": "08:30:00",
    "endTime": "11:30:00",
    "location": "telehealth",
    "maxSessions": 1,
    **_MADE,
}
_NEW_TEMPLATE = {
    "dayOfWeek": "tue",
    "startTime": "09:00:00",
    "endTime": "12:00:00",
    "location": "clinic",
    "maxSessions": 2,
}
_OTHER_HOURS = {
    "dayOfWeek": "wed",
    "startTime": "13:00:00",
    "endTime": "17:00:00",
    "location": "clinic",
    "maxSessions": 2,
}
_EXCEPTION = {
    "id": _EXCEPTION_ID,
    "organizationId": CLINIC_ID,
    "userId": USER_ID,
    "date": "2027-02-20",
    "startTime": None,
    "endTime": None,
    "isAvailable": False,
    "reason": "vacation",
    "notes": "Annual leave",
    **_MADE,
}
_NEW_EXCEPTION = {
    "date": "2027-01-03",
    "isAvailable": True,
    "reason": "other",
    "startTime": "10:00:00",
    "endTime": "13:00:00",
    "notes": "Open house",
}
_OTHER_DATE = {"date": "2027-01-10", "isAvailable": False, "reason": "training"}

REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "createTemplate": _NEW_TEMPLATE,
    "replaceTemplate": _OTHER_HOURS,
    "createException": _NEW_EXCEPTION,
    "replaceException": _OTHER_DATE,
}
ANSWERS: Mapping[str, Any] = {
    "listTemplates": {"items": [_TEMPLATE], "next": None},
    "createTemplate": {
        **_TEMPLATE,
        "id": "7d1f0c4b-92a6-4e3d-8b57-c0a9e6f21d38",
        **_NEW_TEMPLATE,
    },
    "getTemplate": _TEMPLATE,
    "replaceTemplate": {**_TEMPLATE, **_OTHER_HOURS},
    "deleteTemplate": None,
    "listExceptions": {"items": [_EXCEPTION], "next": None},
    "createException": {
        **_EXCEPTION,
        "id": "b8e6a2d5-3c70-4f19-a4d8-5e9b17c0f263",
        **_NEW_EXCEPTION,
    },
    "getException": _EXCEPTION,
    "replaceException": {**_EXCEPTION, **_OTHER_DATE, "notes": None},
    "deleteException": None,
    "getEffectiveAvailability": {
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
                                "id": _TEMPLATE_ID,
                                "location": "telehealth",
                                "maxSessions": 1,
                            }
                        ],
                    }
                ],
            },
        ],
    },
}
_ONE_TEMPLATE = {"template_id": _TEMPLATE_ID}
_ONE_EXCEPTION = {"exception_id": _EXCEPTION_ID}
PARAMETERS: Mapping[str, Mapping[str, str]] = {
    "getTemplate": _ONE_TEMPLATE,
    "replaceTemplate": _ONE_TEMPLATE,
    "deleteTemplate": _ONE_TEMPLATE,
    "getException": _ONE_EXCEPTION,
    "replaceException": _ONE_EXCEPTION,
    "deleteException": _ONE_EXCEPTION,
}

"""The examples of appointment types; see `app.auth.examples`."""

from typing import Any

from app.auth.examples import A_DAY, CLINIC_ID

TYPE_ID = "00000000-76e7-84d9-bce4-bd30d72c9d38"

TYPE: dict[str, Any] = {
    "id": TYPE_ID,
    "organizationId": CLINIC_ID,
    "code": "INITIAL_ASSESSMENT",
    "title": "Initial assessment",
    "durationMinutes": 60,
    "isActive": True,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
}
NEW_TYPE = {"code": "GROUP_CLASS", "title": "Group class", "durationMinutes": 45}
REPLACEMENT = {
    "code": "INITIAL_ASSESSMENT",
    "title": "First visit",
    "durationMinutes": 75,
    "isActive": True,
}

"""The examples of rooms; see `app.auth.examples`."""

from typing import Any

from app.auth.examples import A_DAY, CLINIC_ID

ROOM_ID = "00000000-0e92-8f8d-97c3-5e32bcf6d485"

ROOM: dict[str, Any] = {
    "id": ROOM_ID,
    "organizationId": CLINIC_ID,
    "name": "Exercise studio",
    "capacity": 4,
    "wheelchairAccessible": True,
    "equipment": [
        "Balance boards",
        "Parallel bars",
        "Mini trampoline",
        "Treadmill",
        "Recumbent bike",
        "Wall bars",
    ],
    "notes": None,
    "createdAt": A_DAY,
    "updatedAt": A_DAY,
    "deletedAt": None,
}
NEW_ROOM = {
    "name": "Hydrotherapy pool",
    "capacity": 3,
    "wheelchairAccessible": True,
    "equipment": ["Pool hoist", "Foam noodles"],
    "notes": "Showers are next door.",
}
REPLACEMENT = {
    "name": "Exercise studio",
    "capacity": 5,
    "wheelchairAccessible": True,
    "equipment": ["Parallel bars", "Treadmill", "Wall bars"],
}

"""What the routes of slots may refuse, beside what every route of a clinic does."""

from app.availability.rules import GAP_MINUTES
from app.availability.service import OWN_ONLY
from app.errors import NothingHere, NotYours, SlotConflict

NOT_OWN = NotYours(OWN_ONLY)
NO_PRACTITIONER = NothingHere("practitioner")
CONFLICT = SlotConflict(
    GAP_MINUTES,
    {
        "id": "6d9a9d1e-7f0c-5b7e-9a53-1f0f3a2f6a11",
        "startTime": "09:00:00",
        "endTime": "12:00:00",
    },
    {"startTime": "12:15:00", "endTime": "15:15:00"},
)

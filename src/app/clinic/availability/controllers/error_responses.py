"""The errors of the routes of availability, in addition to those of every route."""

from app.clinic.appointments.errors import hours_needed
from app.clinic.appointments.examples import AFFECTED
from app.clinic.availability.effective import MAX_DAYS, MAX_TEAM_DAYS, too_long
from app.clinic.availability.errors import NotOwnSlot, SlotConflict
from app.clinic.availability.rules import GAP_MINUTES
from app.clinic.availability.service import NAMES, OWN_ONLY, no_slot
from app.clinic.errors import NotFound
from app.clinic.routes import invalid

NO_TEMPLATE, NO_EXCEPTION = (NotFound(name) for name in NAMES.values())
NOT_OWN = NotOwnSlot(OWN_ONLY)
NO_DAY = invalid("from")
TOO_MANY_DAYS = too_long(MAX_DAYS)
TOO_MANY_TEAM_DAYS = too_long(MAX_TEAM_DAYS)
_CLASH = {
    "id": "6d9a9d1e-7f0c-4b7e-9a53-1f0f3a2f6a11",
    "startTime": "09:00:00",
    "endTime": "12:00:00",
}
_CONFLICT = SlotConflict(GAP_MINUTES, _CLASH, {"startTime": "12:15:00", "endTime": "15:15:00"})
_NOT_THE_ONLY_ONE = SlotConflict(GAP_MINUTES, _CLASH, None, whole_day=True)
HOURS_NEEDED = hours_needed(AFFECTED)
INVALID_TEMPLATE = (
    invalid("startTime"),
    invalid("maxSessions", "Expected `int` <= 4"),
    no_slot(),
    _CONFLICT,
    NOT_OWN,
)
INVALID_EXCEPTION = (
    invalid("startTime"),
    invalid("date"),
    no_slot(),
    _CONFLICT,
    _NOT_THE_ONLY_ONE,
    HOURS_NEEDED,
    NOT_OWN,
)

"""What the routes of slots may refuse, beside what every route of a clinic does."""

from app.availability.effective import MAX_DAYS
from app.availability.rules import GAP_MINUTES
from app.availability.service import OWN_ONLY
from app.errors import DomainError, NotYours, SlotConflict, UnusableRequest
from app.refusals import invalid

NOT_OWN = NotYours(OWN_ONLY)
NO_DAY = invalid("from")
TOO_LONG = UnusableRequest(
    f"Please correct `to`: it must be on or after `from`, at most {MAX_DAYS} days in all."
)
_NO_SLOT = UnusableRequest(
    "Nothing was changed. Please correct `startTime` and `endTime`: the start must be before the "
    "end, and an exception for the whole day has neither."
)
_CLASH = {
    "id": "6d9a9d1e-7f0c-5b7e-9a53-1f0f3a2f6a11",
    "startTime": "09:00:00",
    "endTime": "12:00:00",
}
_CONFLICT = SlotConflict(GAP_MINUTES, _CLASH, {"startTime": "12:15:00", "endTime": "15:15:00"})
_NOT_THE_ONLY_ONE = SlotConflict(GAP_MINUTES, _CLASH, None, whole_day=True)

# What is wrong with the body, by itself or beside the other slots.
TEMPLATE_WRITTEN: tuple[DomainError, ...] = (
    invalid("startTime"),
    invalid("maxSessions", "Expected `int` <= 4"),
    _NO_SLOT,
    _CONFLICT,
)
EXCEPTION_WRITTEN: tuple[DomainError, ...] = (
    invalid("startTime"),
    invalid("date"),
    _NO_SLOT,
    _CONFLICT,
    _NOT_THE_ONLY_ONE,
)

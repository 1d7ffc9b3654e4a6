"""The errors of the routes of rooms, in addition to those of every route."""

from datetime import date

from msgspec.structs import replace

from app.clinic.appointments.errors import room_needed, room_too_small
from app.clinic.appointments.examples import AFFECTED
from app.clinic.errors import NotFound
from app.clinic.rooms.examples import ROOM
from app.clinic.rooms.service import name_taken, not_allowed
from app.clinic.routes import invalid

NO_ROOM = NotFound("room")
_TAKEN = name_taken(str(ROOM["name"]))
INVALID_ROOM = (invalid("capacity", "Expected `int` <= 10"), _TAKEN, not_allowed())
_CROWDED = date(2031, 3, 10)
_TOO_SMALL = room_too_small(
    2,
    _CROWDED,
    [replace(AFFECTED[0], date=_CROWDED, start_time="09:15:00", end_time="09:45:00")],
)
INVALID_CHANGE = (*INVALID_ROOM, _TOO_SMALL, NO_ROOM)
CANNOT_DELETE = (NO_ROOM, not_allowed(), room_needed(AFFECTED))
CANNOT_RESTORE = (NO_ROOM, not_allowed(), _TAKEN)

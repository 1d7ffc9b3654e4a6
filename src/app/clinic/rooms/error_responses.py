"""The errors of the routes of rooms, in addition to those of every route."""

from datetime import date

from app.clinic.errors import NotFound
from app.clinic.rooms.errors import RoomNeeded
from app.clinic.rooms.examples import ROOM
from app.clinic.rooms.service import name_taken, not_allowed
from app.clinic.routes import invalid

NO_ROOM = NotFound("room")
_TAKEN = name_taken(str(ROOM["name"]))
INVALID_ROOM = (invalid("capacity", "Expected `int` <= 10"), _TAKEN, not_allowed())
INVALID_CHANGE = (*INVALID_ROOM, RoomNeeded(date(2031, 3, 10), 2), NO_ROOM)
CANNOT_DELETE = (NO_ROOM, not_allowed())
CANNOT_RESTORE = (NO_ROOM, not_allowed(), _TAKEN)

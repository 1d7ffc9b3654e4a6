"""The errors of the routes of appointment types, in addition to those of every route."""

from app.clinic.appointment_types.examples import TYPE
from app.clinic.appointment_types.service import code_taken, not_allowed
from app.clinic.errors import NotFound
from app.clinic.routes import invalid

NO_TYPE = NotFound("appointment type")
INVALID_TYPE = (
    invalid("code"),
    invalid("durationMinutes", "Expected `int` that's a multiple of 5"),
    code_taken(str(TYPE["code"])),
    not_allowed(),
)
INVALID_CHANGE = (*INVALID_TYPE, NO_TYPE)

"""The errors of the routes of patients, in addition to those of every route."""

from datetime import date

from app.clinic.errors import NotFound
from app.clinic.patients.service import TODAY, birth_too_late, start_of_plans
from app.clinic.routes import invalid

NO_PATIENT = NotFound("patient")
INVALID_PATIENT = (
    invalid("lastName", "Expected `str`, got `null`"),
    invalid("dateOfBirth"),
    birth_too_late(TODAY),
)
INVALID_CHANGE = (*INVALID_PATIENT, birth_too_late(start_of_plans(date(2020, 1, 1))), NO_PATIENT)

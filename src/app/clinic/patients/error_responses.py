"""What the routes of patients may refuse, beside what every route of a clinic does."""

from datetime import date

from app.clinic.error_responses import invalid
from app.clinic.errors import NothingHere
from app.clinic.patients.service import TODAY, born_late, of_plans
from app.errors import DomainError

NO_PATIENT = NothingHere("patient")

# What is wrong with the body, by itself or beside the plans that there are.
WRITTEN: tuple[DomainError, ...] = (
    invalid("lastName", "Expected `str`, got `null`"),
    invalid("dateOfBirth"),
    born_late(TODAY),
)
REWRITTEN: tuple[DomainError, ...] = (
    *WRITTEN,
    born_late(of_plans(date(2020, 1, 1))),
)

"""What the routes of patients may refuse, beside what every route of a clinic does."""

from datetime import date

from app.errors import DomainError, NothingHere
from app.patients.service import TODAY, born_late, of_plans
from app.refusals import invalid

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

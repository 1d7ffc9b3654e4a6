"""What the routes of patients may refuse, beside what every route of a clinic does."""

from app.errors import DomainError, NothingHere, UnusableRequest
from app.refusals import invalid

NO_PATIENT = NothingHere("patient")
_BORN = "Nothing was changed. Please correct `dateOfBirth`: it must be before"

# What is wrong with the body, by itself or beside the plans that there are.
WRITTEN: tuple[DomainError, ...] = (
    invalid("lastName", "Expected `str`, got `null`"),
    invalid("dateOfBirth"),
    UnusableRequest(f"{_BORN} today."),
)
REWRITTEN: tuple[DomainError, ...] = (
    *WRITTEN,
    UnusableRequest(f"{_BORN} 2020-01-01, when a treatment plan starts or is prescribed."),
)

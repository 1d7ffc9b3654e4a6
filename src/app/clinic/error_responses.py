"""The refusals that the routes of a clinic have in common, for the OpenAPI document.

A module `refusals` of each domain has those of its own rules, in the words of its service;
`tests/test_refusals.py` provokes every one.
"""

from collections.abc import Sequence

from litestar.exceptions import ValidationException
from litestar.openapi.datastructures import ResponseSpec

from app.auth.errors import Unauthorized
from app.auth.organization_errors import NoActiveOrganization
from app.clinic.errors import NothingHere
from app.clinic.patients.search import MAX_SEARCH
from app.database.pagination import MAX_LIMIT, NO_CURSOR
from app.errors import DomainError, Refused, UnusableRequest
from app.web.bodies import TOO_LARGE
from app.web.errors import StaleVersion, UnsupportedMediaType
from app.web.origins import CROSS_SITE
from app.web.problem_details import NO_TABLES, by_status, describe_invalid, problems
from app.web.query_parameters import describe_unknown

TIME = "must be a time of day from 00:00:00 to 23:59:59, with its seconds"
DAY = "must be a day that exists, written YYYY-MM-DD"
HINTS = {
    **dict.fromkeys(("startTime", "endTime"), TIME),
    **dict.fromkeys(("from", "to", "date", "dateOfBirth"), DAY),
    **dict.fromkeys(("startDate", "endDate", "prescriptionDate"), DAY),
    "ifMatch": "the header If-Match takes `*`, or an ETag as it was answered, with its quotes",
    "search": f"must have {MAX_SEARCH} characters at most, and no NUL",
}


def invalid(key: str, message: str = "") -> UnusableRequest:
    """Give the refusal of one input: with a hint, if there is one, or else with the message."""
    error = ValidationException(extra=[{"key": key, "message": message}])
    return UnusableRequest(describe_invalid(error, HINTS))


NO_PRACTITIONER = NothingHere("practitioner")

READ: tuple[DomainError, ...] = (NoActiveOrganization(), Unauthorized())
LISTED: tuple[DomainError, ...] = (
    invalid("limit", f"Expected `int` <= {MAX_LIMIT}"),
    UnusableRequest(NO_CURSOR),
    *READ,
)
# The query parameters of a list that is searched.
SEARCHED = ("search", "status", "therapistId", "deleted", "sort", "cursor", "limit")
FOUND: tuple[DomainError, ...] = (invalid("search"), *LISTED)
CREATED: tuple[DomainError, ...] = (
    *READ,
    Refused([CROSS_SITE]),
    UnsupportedMediaType("text/plain"),
)
CHANGED: tuple[DomainError, ...] = (
    invalid("ifMatch"),
    *CREATED,
    StaleVersion('"5f2c8e7a1b3d4c6f9e0a8b7c6d5e4f3a"'),
)


def refusals(*errors: DomainError, query: Sequence[str] = ()) -> dict[int, ResponseSpec]:
    """Document these errors, and those that every route has; `query` are its parameters."""
    misspelt = f"{min(query)}s" if query else "verbose"
    unknown = UnusableRequest(describe_unknown(misspelt, sorted(query)))
    return problems({**by_status(unknown, *errors), 413: TOO_LARGE, 503: NO_TABLES})

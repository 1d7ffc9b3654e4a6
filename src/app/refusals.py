"""The refusals that the routes of a clinic have in common, for the OpenAPI document."""

from litestar.openapi.datastructures import ResponseSpec

from app.auth.errors import NoActiveOrganization, Unauthorized
from app.bodies import TOO_LARGE
from app.callers import CROSS_SITE
from app.errors import DomainError, Refused, StaleVersion, UnusableRequest
from app.problems import NO_TABLES, by_status, problems

INVALID = UnusableRequest("Nothing was changed. Please correct `lastName`: expected `str`.")
READ: tuple[DomainError, ...] = (
    UnusableRequest("Please correct `limit`: expected `int` <= 200."),
    NoActiveOrganization(),
    Unauthorized(),
)
CREATED: tuple[DomainError, ...] = (
    INVALID,
    NoActiveOrganization(),
    Unauthorized(),
    Refused([CROSS_SITE]),
)
CHANGED: tuple[DomainError, ...] = (
    *CREATED,
    StaleVersion('"5f2c8e7a1b3d4c6f9e0a8b7c6d5e4f3a"'),
)


def refusals(*errors: DomainError) -> dict[int, ResponseSpec]:
    """Document these errors, and those that every route has."""
    return problems({**by_status(*errors), 413: TOO_LARGE, 503: NO_TABLES})

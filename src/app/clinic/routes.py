"""The kinds of routes of the clinic API, with the errors and headers of each kind.

Each domain declares the errors of its rules in `error_responses.py`, created by its service.
`tests/clinic/test_errors.py` causes each of them.
"""

from functools import partial

import litestar
from litestar import get, patch, post, put
from litestar.exceptions import ValidationException

from app.auth.errors import Unauthorized
from app.auth.openapi import SIGNED_IN
from app.auth.organization_errors import NoActiveOrganization
from app.clinic import examples
from app.clinic.errors import NotFound
from app.clinic.parameters import MAX_DIAGNOSIS, MAX_SEARCH
from app.database.errors import DatabaseUnusable
from app.database.known_causes import NO_TABLES
from app.database.pagination import NO_CURSOR
from app.errors import Refused, UnusableRequest
from app.names import MAX_LIMIT
from app.web.bodies import TOO_LARGE
from app.web.errors import StaleVersion, UnsupportedMediaType
from app.web.etags import add_etag
from app.web.openapi import route
from app.web.origins import CROSS_SITE
from app.web.problem_details import invalid_request

TIME = "must be a time of day with seconds, from 00:00:00 to 23:59:59"
DAY = "must be an existing date, as YYYY-MM-DD"
CODE = "must have at most 64 letters A to Z, digits and single `_` between them, such as FOLLOW_UP"
HINTS = {
    **dict.fromkeys(("startTime", "endTime"), TIME),
    **dict.fromkeys(("from", "to", "bornFrom", "bornTo", "date", "dateOfBirth"), DAY),
    **dict.fromkeys(("startDate", "endDate", "prescriptionDate"), DAY),
    "code": CODE,
    "ifMatch": "the header If-Match must be `*`, or an ETag from a response, with its quotes",
    "diagnosis": f"must have at most {MAX_DIAGNOSIS} characters, and no NUL",
    "search": f"must have at most {MAX_SEARCH} characters, and no NUL",
}


def invalid(key: str, message: str = "") -> UnusableRequest:
    """Return the error for one input, with its hint or else with the message."""
    error = ValidationException(extra=[{"key": key, "message": message}])
    return invalid_request(error, HINTS)


def missing(parameter: str) -> UnusableRequest:
    """Return the error for a required query parameter that was not sent."""
    return invalid_request(
        ValidationException(f"Missing required query parameter '{parameter}' for path /")
    )


NO_PRACTITIONER = NotFound("practitioner")
INVALID_SEARCH = invalid("search")
EVERY_READ = (NoActiveOrganization(), Unauthorized(), TOO_LARGE, DatabaseUnusable(NO_TABLES))
EVERY_LIST = (
    invalid("limit", f"Expected `int` <= {MAX_LIMIT}"),
    UnusableRequest(NO_CURSOR),
    *EVERY_READ,
)
EVERY_CREATE = (Refused([CROSS_SITE]), UnsupportedMediaType("text/plain"), *EVERY_READ)
EVERY_CHANGE = (
    invalid("ifMatch"),
    StaleVersion('"5f2c8e7a1b3d4c6f9e0a8b7c6d5e4f3a"'),
    *EVERY_CREATE,
)


signed_in = partial(route, security=SIGNED_IN)
versioned = partial(signed_in, has_etag=True, after_request=add_etag)
read = partial(signed_in, get, EVERY_READ)
read_list = partial(signed_in, get, EVERY_LIST, "/", response=examples.page)
read_row = partial(versioned, get, EVERY_READ, response=examples.row)
create = partial(versioned, post, EVERY_CREATE, "/", response=examples.new_row)
replace = partial(versioned, put, EVERY_CHANGE, response=examples.changed_row)
update = partial(versioned, patch, EVERY_CHANGE, response=examples.changed_row)
act = partial(versioned, post, EVERY_CHANGE, status_code=200, response=examples.changed_row)
delete = partial(signed_in, litestar.delete, EVERY_CHANGE)
soft_delete = partial(signed_in, litestar.delete, EVERY_CHANGE, has_etag=True)

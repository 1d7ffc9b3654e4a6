"""The texts, examples and errors of the test clock in the OpenAPI document."""

from functools import partial

from litestar import delete, get, put
from litestar.openapi.spec import Example, Tag

from app.errors import Refused, UnusableRequest
from app.seed.database_guard import (
    production_reason,
    reasons_against_production,
    reasons_against_reset,
)
from app.seed.openapi import BUSY, TABLES_MISSING, documented
from app.test_clock.schemas import FIRST, LAST, ClockResponse
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import route
from app.web.request_guard import REASONS

TAG = Tag("Test clock", "Set the time of the server, for tests that depend on it.")
SET = """\
Freezes the server's time, or lets it run from an instant. It applies from the next request on, to \
every process that uses this database, and to everything that depends on the time: today, the \
default of `asOf`, timestamps of rows, and when sessions and invitations expire. Locks, timeouts \
and limits of attempts keep to the machine's time.

A seed returns to the machine's time. A restore sets the clock as it was at the snapshot.
"""
YEAR_OUT_OF_RANGE = UnusableRequest(
    f"Nothing was changed. Please correct `now`: its year in UTC must be from {FIRST} to {LAST}."
)
_PRODUCTION = Refused([production_reason('"production"')])
read = partial(
    route, get, (_PRODUCTION, TOO_LARGE, BUSY), opt={REASONS: reasons_against_production}
)
_CHANGE = (_PRODUCTION, TOO_LARGE, UnsupportedMediaType("text/plain"), TABLES_MISSING, BUSY)
replace = partial(route, put, _CHANGE, opt={REASONS: reasons_against_reset})
remove = partial(route, delete, _CHANGE, opt={REASONS: reasons_against_reset})
FROZEN = documented(
    ClockResponse,
    Example(
        summary="A frozen clock",
        value={"now": "2026-11-23T09:00:00.000Z", "isFrozen": True, "offsetSeconds": -604800.0},
    ),
)
REQUESTS = {
    "frozen": Example(summary="Freeze", value={"now": "2026-11-23T09:00:00Z"}),
    "running": Example(
        summary="Run from an instant",
        value={"now": "2026-11-23T20:00:00+11:00", "isFrozen": False},
    ),
}

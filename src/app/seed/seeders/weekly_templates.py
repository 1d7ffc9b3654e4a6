"""Weekly hours of practitioners: one slot a day, on three to five days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import cache, lru_cache

from app.clinic.availability.models import DayOfWeek, Location
from app.clinic.availability.rules import WEEKDAYS
from app.database.bulk import Row
from app.seed.api_rules import check_conflicts
from app.seed.audit.availability import TEMPLATE_RULES
from app.seed.constants import MAX_TEMPLATES_PER_USER, MIN_TEMPLATES_PER_USER
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index
from app.tables import METADATA

HALF_HOUR = 30
OPENING, CLOSING = 8 * 60, 19 * 60
SHORTEST, LONGEST = 3 * 60, 6 * 60
HOURS = tuple(
    (start, start + length)
    for start in range(OPENING, CLOSING, HALF_HOUR)
    for length in range(SHORTEST, LONGEST + 1, HALF_HOUR)
    if start + length <= CLOSING
)
MAX_SESSIONS = {Location.CLINIC: (2, 4), Location.HOME: (1, 2), Location.TELEHEALTH: (1, 3)}


@dataclass(frozen=True, slots=True)
class TemplateSlot:
    """`start` and `end` count minutes from midnight."""

    day: DayOfWeek
    start: int
    end: int
    location: Location
    max_sessions: int


def templates_of(request: SeedRequest, user: int) -> Iterator[Row]:
    return check_conflicts(_templates_of(request, user), "day_of_week")


def _templates_of(request: SeedRequest, user: int) -> Iterator[Row]:
    organization = organization_index(request, user)
    for index, slot in enumerate(week(request.random_seed, user)):
        number = user * MAX_TEMPLATES_PER_USER + index
        yield {
            "id": row_id(request.random_seed, "weekly template", number),
            "organization_id": shared_row_id(request.random_seed, "organization", organization),
            "user_id": shared_row_id(request.random_seed, "user", user),
            "day_of_week": slot.day,
            "start_time": clock_time(slot.start),
            "end_time": clock_time(slot.end),
            "location": slot.location,
            "max_sessions": slot.max_sessions,
        }


# The weeks of a clinic's practitioners are compared.
@lru_cache(maxsize=64)
def week(random_seed: int, user: int) -> list[TemplateSlot]:
    """Return slots with different days and hours, and with all locations if possible."""
    draws = RandomDraws(random_seed, "week", user)
    count = draws.between(MIN_TEMPLATES_PER_USER, MAX_TEMPLATES_PER_USER)
    days = sorted(draws.sample(WEEKDAYS, count), key=WEEKDAYS.index)
    hours = draws.sample(HOURS, count)
    locations = draws.sample(tuple(Location), len(Location))
    locations += [draws.choice(tuple(Location)) for _ in range(count - len(locations))]
    return [
        TemplateSlot(day, start, end, location, draws.between(*MAX_SESSIONS[location]))
        for day, (start, end), location in zip(days, hours, locations, strict=True)
    ]


@cache
def clock_time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _expected(request: SeedRequest) -> int:
    return request.users * (MIN_TEMPLATES_PER_USER + MAX_TEMPLATES_PER_USER) // 2


KIND = LoadedKind(
    name="weekly_templates",
    table=METADATA.tables["weekly_availability_templates"],
    expected=_expected,
    is_exact=False,
    rules=TEMPLATE_RULES,
    groups=lambda request: request.users,
    rows=templates_of,
)

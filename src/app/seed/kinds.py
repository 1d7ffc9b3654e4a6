"""The list of the kinds of row, in the order in which they are created.

Counts, audit and progress are derived from it.
"""

from app.seed.constants import LARGE
from app.seed.request import SeedRequest
from app.seed.rows.kind import Kind, LoadedKind
from app.seed.seeders import (
    appointment_types,
    appointments,
    availability_exceptions,
    memberships,
    organizations,
    patients,
    rooms,
    treatment_plans,
    users,
    weekly_templates,
)

KINDS: tuple[Kind, ...] = (
    users.KIND,
    organizations.KIND,
    memberships.KIND,
    weekly_templates.KIND,
    availability_exceptions.KIND,
    patients.KIND,
    treatment_plans.KIND,
    rooms.KIND,
    appointment_types.KIND,
    appointments.KIND,
)
LOADED = tuple(kind for kind in KINDS if isinstance(kind, LoadedKind))


def expected_rows(request: SeedRequest) -> int:
    return sum(kind.expected(request) for kind in KINDS)


def is_large(request: SeedRequest) -> bool:
    return expected_rows(request) > LARGE

"""The rows of a data set as they are made, before any database sees them."""

from collections.abc import Iterator

from app.database.bulk import Row
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest

KINDS = {kind.name: kind for kind in LOADED}


def made(name: str, request: SeedRequest) -> Iterator[Row]:
    """Return all rows of a kind, in their order."""
    kind = KINDS[name]
    for index in range(kind.groups(request)):
        yield from kind.rows(request, index)


def weekly_templates(request: SeedRequest) -> Iterator[Row]:
    return made("weekly_templates", request)


def availability_exceptions(request: SeedRequest) -> Iterator[Row]:
    return made("availability_exceptions", request)


def patients(request: SeedRequest) -> Iterator[Row]:
    return made("patients", request)


def appointments(request: SeedRequest) -> Iterator[Row]:
    return made("appointments", request)


def treatment_plans(request: SeedRequest) -> Iterator[Row]:
    return made("treatment_plans", request)

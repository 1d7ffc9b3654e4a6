"""The types of appointments: the same ones in every clinic."""

from collections.abc import Iterator
from uuid import UUID

from app.database.bulk import Row
from app.seed.audit.rooms import TYPE_RULES
from app.seed.data.rooms import APPOINTMENT_TYPES
from app.seed.randomness import shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.tables import METADATA


def types_of(request: SeedRequest, organization: int) -> Iterator[Row]:
    for number, kind in enumerate(APPOINTMENT_TYPES):
        yield {
            "id": type_id(request, organization, number),
            "organization_id": shared_row_id(request.random_seed, "organization", organization),
            "code": kind.code,
            "title": kind.title,
            "duration_minutes": kind.minutes,
            "is_active": True,
        }


def type_id(request: SeedRequest, organization: int, number: int) -> UUID:
    index = organization * len(APPOINTMENT_TYPES) + number
    return shared_row_id(request.random_seed, "appointment type", index)


KIND = LoadedKind(
    name="appointment_types",
    table=METADATA.tables["appointment_types"],
    expected=lambda request: request.organizations * len(APPOINTMENT_TYPES),
    rules=TYPE_RULES,
    groups=lambda request: request.organizations,
    rows=types_of,
)

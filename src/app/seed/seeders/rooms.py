"""Rooms: one for every two practitioners of a clinic, and a gym."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from app.database.bulk import Row
from app.seed.audit.rooms import ROOM_RULES
from app.seed.constants import MAX_ORGANIZATIONS
from app.seed.data.rooms import (
    GYM_CAPACITY,
    GYM_EQUIPMENT,
    GYM_NAMES,
    TREATMENT_EQUIPMENT,
    TREATMENT_NOTES,
    TREATMENT_TABLE,
)
from app.seed.randomness import RandomDraws, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import member_count
from app.tables import METADATA

GYM = 0


def rooms_of(request: SeedRequest, organization: int) -> Iterator[Row]:
    """Yield the gym of a clinic, then its treatment rooms."""
    for room in range(GYM, treatment_rooms(member_count(request, organization)) + 1):
        draws = RandomDraws(request.random_seed, "room", _number(organization, room))
        yield {
            "id": room_id(request, organization, room),
            "organization_id": shared_row_id(request.random_seed, "organization", organization),
            **(_gym(draws) if room == GYM else _treatment_room(draws, room)),
        }


def treatment_rooms(members: int) -> int:
    return -(-members // 2)


def room_id(request: SeedRequest, organization: int, room: int) -> UUID:
    return shared_row_id(request.random_seed, "room", _number(organization, room))


def _number(organization: int, room: int) -> int:
    # More rooms or clinics leave the number of a room as it is.
    return room * MAX_ORGANIZATIONS + organization


def _gym(draws: RandomDraws) -> dict[str, Any]:
    return {
        "name": draws.choice(GYM_NAMES),
        "capacity": GYM_CAPACITY,
        "wheelchair_accessible": True,
        "equipment": draws.sample(GYM_EQUIPMENT, draws.between(4, 7)),
        "notes": None,
    }


def _treatment_room(draws: RandomDraws, room: int) -> dict[str, Any]:
    return {
        "name": f"Room {room}",
        "capacity": 1,
        # Every clinic has an accessible room.
        "wheelchair_accessible": room == 1 or not draws.one_in(3),
        "equipment": [
            TREATMENT_TABLE,
            *draws.sample(TREATMENT_EQUIPMENT, draws.between(2, 4)),
        ],
        "notes": draws.choice(TREATMENT_NOTES),
    }


def _expected(request: SeedRequest) -> int:
    clinics = range(request.organizations)
    return sum(treatment_rooms(member_count(request, clinic)) + 1 for clinic in clinics)


KIND = LoadedKind(
    name="rooms",
    table=METADATA.tables["rooms"],
    expected=_expected,
    rules=ROOM_RULES,
    groups=lambda request: request.organizations,
    rows=rooms_of,
)

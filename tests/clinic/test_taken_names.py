"""Concurrent changes give a name of a room, or a code of a type, to one row of a clinic only."""

from functools import partial
from typing import Any

import pytest

from app.clinic.appointment_types.models import AppointmentType
from app.clinic.rooms.models import Room
from auth.concurrent_calls import Call, added, call_concurrently, row
from clinic.client import StaffClient

POOL = {"name": "Pool", "capacity": 1}
VISIT = {"code": "VISIT", "title": "Visit", "durationMinutes": 30}


def statuses(responses: list[Any]) -> list[int]:
    return sorted(response.status_code for response in responses)


@pytest.mark.parametrize("kind", ["rooms", "appointment-types"])
async def test_of_two_concurrent_creations_one_succeeds(staff: StaffClient, kind: str) -> None:
    """Both wait for a third that is rolled back in the end."""
    organization = staff.organization_id
    held = (
        Room(organization_id=organization, name="Pool", capacity=1, wheelchair_accessible=False)
        if kind == "rooms"
        else AppointmentType(
            organization_id=organization, code="VISIT", title="Visit", duration_minutes=30
        )
    )
    create: Call = partial(staff.call, "POST", kind, json=POOL if kind == "rooms" else VISIT)
    responses = await call_concurrently(staff.backend, added(held), [create, create])
    assert statuses(responses) == [201, 409]
    assert len((await staff.read(kind))["items"]) == 1


async def test_a_name_is_not_restored_while_another_room_gets_it(staff: StaffClient) -> None:
    """One of the two rooms has the name in the end."""
    pool = await staff.create_row("rooms", **POOL)
    await staff.call("DELETE", f"rooms/{pool['id']}")
    held = Room(
        organization_id=staff.organization_id, name="Pool", capacity=1, wheelchair_accessible=False
    )
    begin: list[Call] = [
        partial(staff.call, "POST", f"rooms/{pool['id']}/restore"),
        partial(staff.call, "POST", "rooms", json=POOL),
    ]
    responses = await call_concurrently(staff.backend, added(held), begin)
    assert statuses(responses) in ([200, 409], [201, 409])
    assert len((await staff.read("rooms"))["items"]) == 1


async def test_two_rooms_cannot_swap_their_names(staff: StaffClient) -> None:
    """Both are refused: waiting for the name of the other would be a deadlock."""
    ids = [(await staff.create_row("rooms", name=name))["id"] for name in ("Pool", "Gym")]
    begin: list[Call] = [
        partial(staff.call, "PUT", f"rooms/{id_}", json=POOL | {"name": name})
        for id_, name in zip(ids, ("Gym", "Pool"), strict=True)
    ]
    hold = row(Room, organization_id=staff.organization_id)
    assert statuses(await call_concurrently(staff.backend, hold, begin)) == [409, 409]

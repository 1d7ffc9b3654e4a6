"""A room stays as large as the upcoming appointments in it need."""

from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.clinic.availability.rules import TimeRange
from app.clinic.rooms.models import Room
from app.clinic.rooms.rules import most_at_once
from auth.clinics import Backend
from auth.concurrent_calls import Call, call_concurrently, row
from clinic.appointments.desks import MONDAY, NEXT_MONDAY, PAST_MONDAY, Desk, open_desk
from journeys.commands import shared_on_sqlite


@pytest.fixture
async def desk(backend: Backend) -> Desk:
    return await open_desk(backend)


async def gym_of_two(desk: Desk) -> Any:
    return await desk.staff.create_row("rooms", name="Gym", capacity=2)


async def book_pair(desk: Desk, room: Any, day: str) -> list[Any]:
    """Book two appointments of which one starts before the other ends."""
    other = (await desk.staff.patient())["id"]
    common = {"date": day, "roomId": room["id"]}
    of_colleague = {"patientId": other, "therapistId": str(desk.colleague.id)}
    return [await desk.booked(**common), await desk.booked("09:15", **common, **of_colleague)]


async def resize(desk: Desk, room: Any, capacity: int) -> httpx.Response:
    body = {"name": "Gym", "capacity": capacity}
    return await desk.staff.call("PUT", f"rooms/{room['id']}", json=body)


@pytest.mark.parametrize(
    ("times", "most"),
    [
        ([], 0),
        ([(0, 10), (10, 20)], 1),
        ([(0, 10), (9, 20), (20, 30)], 2),
        ([(0, 30), (5, 10), (10, 20), (15, 25)], 3),
        ([(5, 6)] * 4, 4),
    ],
)
def test_the_most_at_once(times: list[tuple[int, int]], most: int) -> None:
    assert most_at_once([TimeRange(*time) for time in times]) == most


@shared_on_sqlite
async def test_a_room_is_not_made_too_small(desk: Desk) -> None:
    """The refusal names the first date; past and cancelled appointments do not count."""
    gym = await gym_of_two(desk)
    await book_pair(desk, gym, PAST_MONDAY)
    assert (await resize(desk, gym, 1)).status_code == 200
    await resize(desk, gym, 2)
    pairs = [await book_pair(desk, gym, day) for day in (NEXT_MONDAY, MONDAY)]
    for day, (_, second) in zip((MONDAY, NEXT_MONDAY), reversed(pairs), strict=True):
        refused = await resize(desk, gym, 1)
        assert refused.status_code == 409
        [error] = refused.json()["errors"]
        assert error["field"] == "capacity"
        assert day in error["message"]
        assert (await desk.staff.read(f"rooms/{gym['id']}"))["capacity"] == 2
        await desk.done(second, "cancelled")
    assert (await resize(desk, gym, 1)).status_code == 200


@pytest.mark.parametrize("turned", [False, True])
async def test_a_room_is_not_made_too_small_while_it_is_booked(desk: Desk, *, turned: bool) -> None:
    """The second appointment is booked, or the room has one place."""
    gym = await gym_of_two(desk)
    await desk.booked(roomId=gym["id"])
    other = (await desk.staff.patient())["id"]
    of_colleague = {"patientId": other, "therapistId": str(desk.colleague.id)}
    begin: list[Call] = [
        partial(desk.book, "09:15", roomId=gym["id"], **of_colleague),
        partial(resize, desk, gym, 1),
    ]
    hold = row(Room, id=UUID(gym["id"]), organization_id=desk.staff.organization_id)
    responses = await call_concurrently(desk.staff.backend, hold, begin[::-1] if turned else begin)
    statuses = sorted(response.status_code for response in responses)
    assert statuses in ([201, 409], [200, 409])
    room = await desk.staff.read(f"rooms/{gym['id']}")
    assert len(await desk.listed(roomId=gym["id"])) == room["capacity"]

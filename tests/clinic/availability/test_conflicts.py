"""Slots that are too close: what is refused, what the refusal says, and concurrent requests."""

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlmodel import select

from app.auth.models import User
from auth.concurrent_calls import Call, call_concurrently, row
from clinic.availability.clients import KINDS, ON_SQLITE, TABLES, Clients, SlotClient

pytestmark = pytest.mark.slow

OTHER_DAY: dict[str, dict[str, Any]] = {
    "templates": {"dayOfWeek": "tue"},
    "exceptions": {"date": "2031-01-13"},
}


def times(start: str, end: str) -> dict[str, str]:
    return {"startTime": start, "endTime": end}


MORNING = times("09:00:00", "12:00:00")


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("slot", "free"),
    [
        (times("12:15:00", "15:00:00"), None),
        (times("12:14:59", "15:00:00"), times("12:15:00", "15:00:01")),
        (times("12:14:00", "15:00:00"), times("12:15:00", "15:01:00")),
        (times("12:00:00", "12:30:00"), times("12:15:00", "12:45:00")),
        (times("10:00:00", "11:00:00"), times("12:15:00", "13:15:00")),
        (times("08:00:00", "13:00:00"), times("12:15:00", "17:15:00")),
        (times("09:00:00", "12:00:00"), times("12:15:00", "15:15:00")),
        (times("08:00:00", "08:45:01"), times("12:15:00", "13:00:01")),
        (times("08:00:00", "08:45:00"), None),
    ],
    ids=lambda value: "-".join(value.values()) if value else "allowed",
)
async def test_a_quarter_of_an_hour_lies_between_slots(
    clients: Clients, kind: str, slot: dict[str, str], free: dict[str, str] | None
) -> None:
    """To the second; a refusal names the slot, the gap and the next free time, and that is free."""
    staff = clients.practitioner
    made = await staff.make(kind, **MORNING)
    response = await staff.post(kind, **slot)
    if free is None:
        assert response.status_code == 201
        return
    assert response.status_code == 409
    problem = response.json()
    assert problem["clashesWith"] == {"id": made["id"], **MORNING}
    assert (problem["gapMinutes"], problem["nextFree"]) == (15, free)
    assert problem["detail"] == (
        "Nothing was changed. The practitioner has another slot from 09:00:00 to 12:00:00, and "
        "slots must be at least 15 minutes apart; the next free time is from "
        f"{free['startTime']} to {free['endTime']}."
    )
    assert (await staff.post(kind, **free)).status_code == 201


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS)
async def test_other_days_people_and_kinds_do_not_conflict(clients: Clients, kind: str) -> None:
    """A colleague, another day, and the other kind of slot on this one."""
    [other_kind] = set(KINDS) - {kind}
    await clients.practitioner.make(kind, **MORNING)
    await clients.colleague.make(kind, **MORNING)
    await clients.practitioner.make(kind, **MORNING, **OTHER_DAY[kind])
    await clients.practitioner.make(other_kind, **MORNING)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_replacement_conflicts_with_all_but_itself(clients: Clients, kind: str) -> None:
    """It may overlap the slot that it replaces; a refused one leaves that as it was."""
    staff = clients.practitioner
    made = await staff.make(kind, **MORNING)
    other = await staff.make(kind, **times("14:00:00", "16:00:00"))
    moved = await staff.put(kind, made["id"], **times("10:00:00", "13:45:00"))
    assert moved.status_code == 200
    refused = await staff.put(kind, made["id"], **times("10:00:00", "13:45:01"))
    assert refused.status_code == 409
    assert refused.json()["clashesWith"]["id"] == other["id"]
    assert (await staff.get(f"{kind}/{made['id']}")).json() == moved.json()
    elsewhere = await staff.make(kind, **MORNING, **OTHER_DAY[kind])
    same_day = await staff.put(kind, elsewhere["id"], **times("14:00:00", "15:00:00"))
    assert same_day.status_code == 409


@ON_SQLITE
@pytest.mark.parametrize("kind", KINDS)
async def test_the_next_free_time_is_behind_all_that_is_in_the_way(
    clients: Clients, kind: str
) -> None:
    """A gap that is too short is ignored; of several conflicts the earliest is named."""
    staff = clients.practitioner
    late = await staff.make(kind, **times("14:00:00", "17:00:00"))
    early = await staff.make(kind, **times("12:00:00", "12:30:00"))
    await staff.make(kind, **times("19:00:00", "20:00:00"))
    refused = (await staff.post(kind, **times("12:40:00", "14:10:00"))).json()
    assert refused["clashesWith"]["id"] == early["id"]
    assert refused["nextFree"] == times("17:15:00", "18:45:00")
    refused = (await staff.post(kind, **times("13:00:00", "15:00:00"))).json()
    assert refused["clashesWith"]["id"] == late["id"]
    assert refused["nextFree"] == times("20:15:00", "22:15:00")
    refused = (await staff.post(kind, **times("13:00:00", "17:00:00"))).json()
    assert refused["nextFree"] is None
    assert refused["detail"].endswith("; no later time of that day is free.")


@ON_SQLITE
@pytest.mark.parametrize("available", [True, False])
async def test_a_whole_day_exception_is_the_only_one_that_day(
    clients: Clients, available: bool
) -> None:
    """It conflicts with every other exception of its date, whichever of them came first."""
    staff = clients.practitioner
    part = await staff.make("exceptions", isAvailable=available, **times("23:59:58", "23:59:59"))
    refused = await staff.post("exceptions")
    assert refused.status_code == 409
    assert refused.json()["clashesWith"]["id"] == part["id"]
    assert refused.json()["nextFree"] is None
    assert "on a date that has other exceptions" in refused.json()["detail"]
    whole = await staff.put("exceptions", part["id"], isAvailable=available)
    assert whole.status_code == 200
    for slot in ({}, times("00:00:00", "00:00:01"), times("23:59:58", "23:59:59")):
        refused = await staff.post("exceptions", **slot)
        assert refused.status_code == 409
        assert refused.json()["clashesWith"] == {
            "id": part["id"],
            **times("00:00:00", "24:00:00"),
        }
    await staff.make("exceptions", date="2031-01-07")
    await clients.colleague.make("exceptions")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_slot_of_another_organization_is_in_the_way_unnamed(
    clients: Clients, kind: str
) -> None:
    """A caller of one clinic learns neither its id nor its times; a member of both learns both."""
    made = await clients.away.make(kind, **MORNING)
    for staff in (clients.practitioner, clients.owner):
        whose = {"userId": made["userId"]}
        refused = await staff.post(kind, **whose, **times("10:00:00", "11:00:00"))
        assert refused.status_code == 409
        assert made["id"] not in refused.text
        assert not {"09:00:00", "12:00:00"} & set(refused.text.split('"'))
        problem = refused.json()
        assert "clashesWith" not in problem
        assert problem["nextFree"] == times("12:15:00", "13:15:00")
        assert problem["detail"] == (
            "Nothing was changed. The practitioner has a slot in another organization, and slots "
            "must be at least 15 minutes apart; the next free time is from 12:15:00 to 13:15:00."
        )
    own = (await clients.away.post(kind, **times("10:00:00", "11:00:00"))).json()
    assert own["clashesWith"]["id"] == made["id"]
    later = await clients.practitioner.make(kind, **times("15:00:00", "16:00:00"))
    moved = await clients.owner.put(kind, later["id"], **times("12:00:00", "13:00:00"))
    assert moved.status_code == 409
    assert "clashesWith" not in moved.json()


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_clashes_the_one_of_the_same_organization_is_named(
    clients: Clients, kind: str
) -> None:
    """Though the other is earlier."""
    other = await clients.away.make(kind, **MORNING)
    own = await clients.practitioner.make(kind, **times("13:00:00", "14:00:00"))
    refused = await clients.practitioner.post(kind, **times("11:00:00", "13:30:00"))
    assert refused.json()["clashesWith"] == {"id": own["id"], **times("13:00:00", "14:00:00")}
    assert other["id"] not in refused.text


async def stored(clients: Clients, kind: str) -> list[str]:
    table = TABLES[kind]
    async with clients.backend.session() as session:
        of_one = select(table.id).where(table.user_id == clients.practitioner.user_id)
        return [str(slot_id) for slot_id in await session.exec(of_one)]


def creating(staff: SlotClient, kind: str, **fields: Any) -> Call:
    return partial(staff.post, kind, **fields)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["practitioner", "owner", "away"])
async def test_of_two_concurrent_conflicting_creations_one_succeeds(
    clients: Clients, kind: str, who: str
) -> None:
    """By the same person, by another, and in another organization; the other is refused."""
    whose = {"userId": str(clients.practitioner.user_id)}
    begin = [
        creating(clients.practitioner, kind, **MORNING),
        creating(getattr(clients, who), kind, **whose, **times("12:10:00", "13:00:00")),
    ]
    hold = row(User, id=clients.practitioner.user_id)
    responses = await call_concurrently(clients.backend, hold, begin)
    assert sorted(response.status_code for response in responses) == [201, 409]
    [made] = [response.json() for response in responses if response.status_code == 201]
    assert await stored(clients, kind) == [made["id"]]


@pytest.mark.parametrize("kind", KINDS)
async def test_two_concurrent_creations_without_a_conflict_both_succeed(
    clients: Clients, kind: str
) -> None:
    """The second waits for the first, and then finds nothing in its way."""
    staff = clients.practitioner
    begin = [
        creating(staff, kind, **MORNING),
        creating(staff, kind, **times("12:15:00", "13:00:00")),
    ]
    responses = await call_concurrently(clients.backend, row(User, id=staff.user_id), begin)
    assert [response.status_code for response in responses] == [201, 201]


@pytest.mark.parametrize("kind", KINDS)
async def test_many_concurrent_creations_leave_one_slot(clients: Clients, kind: str) -> None:
    """Ten creations in two organizations, and nobody waits for ever."""
    desks = [clients.practitioner, clients.away] * 5
    calls = [
        staff.post(kind, **times("09:00:00", f"12:{minute}:00"))
        for minute, staff in enumerate(desks, 10)
    ]
    async with asyncio.timeout(20):
        responses = await asyncio.gather(*calls)
    assert sorted(response.status_code for response in responses) == [201] + [409] * 9
    assert len(await stored(clients, kind)) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_concurrent_replacements_of_a_version_one_succeeds(
    clients: Clients, kind: str
) -> None:
    """One succeeds, and the other is stale: it does not undo what it has not seen."""
    staff = clients.practitioner
    made = await staff.post(kind, **MORNING)
    slot_id, tag = made.json()["id"], made.headers["ETag"]
    begin: list[Call] = [
        partial(staff.put, kind, slot_id, if_match=tag, **times(start, "18:00:00"))
        for start in ("10:00:00", "11:00:00")
    ]
    responses = await call_concurrently(clients.backend, row(User, id=staff.user_id), begin)
    assert sorted(response.status_code for response in responses) == [200, 412]
    [replaced] = [response.json() for response in responses if response.status_code == 200]
    assert (await staff.get(f"{kind}/{slot_id}")).json() == replaced


@pytest.mark.parametrize("kind", KINDS)
async def test_a_slot_deleted_at_the_moment_of_its_replacement_is_gone(
    clients: Clients, kind: str
) -> None:
    """Replaced or not before that; and a slot moved into its place finds room."""
    staff = clients.practitioner
    slot_id = (await staff.make(kind, **MORNING))["id"]
    begin: list[Call] = [
        partial(staff.delete, kind, slot_id),
        partial(staff.put, kind, slot_id, **times("10:00:00", "11:00:00")),
        creating(staff, kind, **times("10:00:00", "11:00:00")),
    ]
    responses = await call_concurrently(clients.backend, row(User, id=staff.user_id), begin)
    deleted, replaced, made = (response.status_code for response in responses)
    assert deleted == 204
    assert replaced in {200, 404}
    assert made in {201, 409}
    if clients.backend.is_postgresql:
        assert (replaced, made) == (404, 201)
    assert len(await stored(clients, kind)) == (made == 201)

"""Hours belong to a membership: what ends with it, and what happens at the moment when it ends."""

import asyncio
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.models import Member
from auth.clinics import Backend
from auth.concurrent_calls import PATIENCE_SECONDS, Call, call_concurrently, row
from clinic.availability.clients import KINDS, TABLES, Clients, SlotClient, make_clients

pytestmark = pytest.mark.slow

SLOTS = {"templates": "weekly template", "exceptions": "availability exception"}
MORNING = {"startTime": "09:00:00", "endTime": "12:00:00"}
EVENING = {"startTime": "17:00:00", "endTime": "18:00:00"}
ADA = {"firstName": "Ada", "lastName": "Anybody", "dateOfBirth": "1980-02-29"}
WALKING = {
    "title": "Walking",
    "startDate": "2031-01-01",
    "numberOfSessions": 6,
    "sessionFrequency": 2,
}


@pytest.fixture
async def clients(backend: Backend) -> Clients:
    """Make a clinic for this test only, because its practitioner leaves."""
    return await make_clients(backend)


async def post(staff: SlotClient, path: str, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {staff.token}"}
    return await staff.client.post(f"/api/{path}", json=body, headers=headers)


async def membership(clients: Clients) -> str:
    staff = clients.practitioner
    async with clients.backend.session() as session:
        of_one = select(Member.id).where(
            Member.user_id == staff.user_id, Member.organization_id == staff.organization_id
        )
        return str((await session.exec(of_one)).one())


async def leave(clients: Clients) -> httpx.Response:
    staff = clients.practitioner
    return await post(staff, "auth/organization/leave", organizationId=str(staff.organization_id))


async def remove(clients: Clients) -> httpx.Response:
    path, named = "auth/organization/remove-member", await membership(clients)
    return await post(clients.owner, path, memberIdOrEmail=named)


async def close(clients: Clients) -> httpx.Response:
    organization = str(clients.owner.organization_id)
    return await post(clients.owner, "auth/organization/delete", organizationId=organization)


End = Callable[[Clients], Any]
ENDS = pytest.mark.parametrize("end", [leave, remove])


async def plan_of(clients: Clients) -> Any:
    """Have the owner create a plan of which the practitioner is the therapist."""
    patient = await post(clients.owner, "patients", **ADA)
    whose = {"patientId": patient.json()["id"], "therapistId": str(clients.practitioner.user_id)}
    plan = await post(clients.owner, "treatment-plans", **WALKING, **whose)
    assert plan.status_code == 201, plan.text
    return plan.json()


async def stored(clients: Clients, kind: str) -> set[str]:
    """Find the slots of the practitioner in both clinics, and of the colleague."""
    table = TABLES[kind]
    people = [clients.practitioner.user_id, clients.colleague.user_id]
    async with clients.backend.session() as session:
        found = select(table.id).where(col(table.user_id).in_(people))
        return {str(slot_id) for slot_id in await session.exec(found)}


@ENDS
async def test_removing_a_member_deletes_their_hours_in_that_clinic_only(
    clients: Clients, end: End
) -> None:
    """Those of the other clinic and of the colleague stay, and so does a plan with its therapist.

    What was in the way of other hours is so no more.
    """
    plan = await plan_of(clients)
    kept = {}
    for kind in KINDS:
        await clients.practitioner.make(kind, **MORNING)
        slots = [await staff.make(kind, **EVENING) for staff in (clients.away, clients.colleague)]
        kept[kind] = {slot["id"] for slot in slots}
        assert (await clients.away.post(kind, **MORNING)).status_code == 409
    assert (await end(clients)).status_code == 200
    for kind in KINDS:
        assert await stored(clients, kind) == kept[kind]
        listed = (await clients.owner.get(kind)).json()["items"]
        assert [slot["userId"] for slot in listed] == [str(clients.colleague.user_id)]
        assert (await clients.away.post(kind, **MORNING)).status_code == 201
    headers = {"Authorization": f"Bearer {clients.owner.token}"}
    path = f"/api/treatment-plans/{plan['id']}"
    assert (await clients.owner.client.get(path, headers=headers)).json() == plan


@pytest.mark.parametrize("kind", KINDS)
async def test_the_database_keeps_no_hours_of_who_is_no_member(clients: Clients, kind: str) -> None:
    """Though both the person and the clinic are there."""
    await clients.practitioner.make(kind, **MORNING)
    table = TABLES[kind]
    of_one = update(table).where(col(table.user_id) == clients.practitioner.user_id)
    async with AsyncSession(clients.backend.engine) as session:
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            await session.exec(of_one.values(user_id=clients.stranger.user_id))


def create(clients: Clients, kind: str, _slot_id: str) -> Call:
    whose = {"userId": str(clients.practitioner.user_id)}
    return partial(clients.owner.post, kind, **whose, **EVENING)


def replace(clients: Clients, kind: str, slot_id: str) -> Call:
    return partial(clients.owner.put, kind, slot_id, **EVENING)


def delete(clients: Clients, kind: str, slot_id: str) -> Call:
    return partial(clients.owner.delete, kind, slot_id)


def of_the_member(clients: Clients) -> Any:
    staff = clients.practitioner
    return row(Member, user_id=staff.user_id, organization_id=staff.organization_id)


# Each change with each end, of either kind; SQLite has one lock, so its calls follow each other.
CHANGES = (
    ("postgresql", "templates", create, leave),
    ("postgresql", "exceptions", create, remove),
    ("postgresql", "templates", create, close),
    ("postgresql", "exceptions", replace, leave),
    ("postgresql", "templates", replace, remove),
    ("postgresql", "exceptions", replace, close),
    ("postgresql", "templates", delete, leave),
    ("postgresql", "exceptions", delete, remove),
    ("postgresql", "templates", delete, close),
    ("sqlite", "templates", create, leave),
    ("sqlite", "exceptions", replace, remove),
    ("sqlite", "templates", delete, close),
)


@pytest.mark.parametrize(
    ("shared", "kind", "change", "end"), CHANGES, indirect=["shared"], scope="module"
)
@pytest.mark.parametrize("turned", [False, True], ids=["change first", "end first"])
async def test_hours_that_change_as_their_membership_ends_end_with_it(
    clients: Clients, kind: str, end: End, change: Callable[..., Call], turned: bool
) -> None:
    """They are changed and then gone, or there is nothing to change; neither fails or hangs."""
    slot = await clients.practitioner.make(kind, **MORNING)
    begin: Sequence[Call] = [change(clients, kind, slot["id"]), partial(end, clients)]
    responses = await call_concurrently(
        clients.backend, of_the_member(clients), begin[::-1] if turned else begin
    )
    changed, ended = responses[::-1] if turned else responses
    assert ended.status_code == 200, ended.text
    done = {create: 201, replace: 200, delete: 204}[change]
    refused = 400 if end is close and not clients.backend.is_postgresql else 404
    assert changed.status_code in {done, refused}, changed.text
    if clients.backend.is_postgresql:
        assert changed.status_code == (refused if turned else done)
    if changed.status_code == 404:
        missing = "practitioner" if change is create else SLOTS[kind]
        assert f"no such {missing} in" in changed.json()["detail"]
    assert await stored(clients, kind) == set()


async def test_a_crowd_at_that_moment_leaves_the_hours_of_the_other_clinic(
    clients: Clients,
) -> None:
    """Everybody makes, replaces and deletes in both clinics: none fails, nobody waits for ever."""
    calls: list[Call] = []
    for kind in KINDS:
        slot = await clients.practitioner.make(kind, **MORNING)
        for hour in range(13, 17):
            times = {"startTime": f"{hour}:00:00", "endTime": f"{hour}:30:00"}
            whose = {"userId": str(clients.practitioner.user_id)}
            calls += [
                partial(clients.owner.post, kind, **whose, **times),
                partial(clients.away.post, kind, **times),
                partial(clients.practitioner.put, kind, slot["id"], **times),
            ]
        calls.append(partial(clients.owner.delete, kind, slot["id"]))
    random.Random(1).shuffle(calls)  # noqa: S311 - the same order every time
    calls.insert(len(calls) // 3, partial(remove, clients))
    async with asyncio.timeout(PATIENCE_SECONDS):
        responses = await asyncio.gather(*(call() for call in calls))
    assert all(response.status_code < 500 for response in responses)
    made = [a.json() for a in responses if a.status_code == 201]
    away = str(clients.away.organization_id)
    kept = {slot["id"] for slot in made if slot["organizationId"] == away}
    assert set.union(*[await stored(clients, kind) for kind in KINDS]) == kept

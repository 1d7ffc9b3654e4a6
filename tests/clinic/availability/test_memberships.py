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
from auth.clinics import Place
from auth.concurrent_calls import PATIENCE_SECONDS, Call, call_at_one_moment, row
from clinic.availability.practice import KINDS, TABLES, Desk, Practice, make_practice

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
async def practice(place: Place) -> Practice:
    """Make one of the test's own, for its practitioner goes."""
    return await make_practice(place)


async def post(desk: Desk, path: str, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {desk.token}"}
    return await desk.client.post(f"/api/{path}", json=body, headers=headers)


async def membership(practice: Practice) -> str:
    desk = practice.practitioner
    async with practice.place.session() as session:
        of_one = select(Member.id).where(
            Member.user_id == desk.user_id, Member.organization_id == desk.organization_id
        )
        return str((await session.exec(of_one)).one())


async def leave(practice: Practice) -> httpx.Response:
    desk = practice.practitioner
    return await post(desk, "auth/organization/leave", organizationId=str(desk.organization_id))


async def remove(practice: Practice) -> httpx.Response:
    path, named = "auth/organization/remove-member", await membership(practice)
    return await post(practice.owner, path, memberIdOrEmail=named)


async def close(practice: Practice) -> httpx.Response:
    organization = str(practice.owner.organization_id)
    return await post(practice.owner, "auth/organization/delete", organizationId=organization)


End = Callable[[Practice], Any]
ENDS = pytest.mark.parametrize("end", [leave, remove])


async def plan_of(practice: Practice) -> Any:
    """Have the owner write down a plan of which the practitioner is the therapist."""
    patient = await post(practice.owner, "patients", **ADA)
    whose = {"patientId": patient.json()["id"], "therapistId": str(practice.practitioner.user_id)}
    plan = await post(practice.owner, "treatment-plans", **WALKING, **whose)
    assert plan.status_code == 201, plan.text
    return plan.json()


async def stored(practice: Practice, kind: str) -> set[str]:
    """Find the slots of the practitioner in both clinics, and of the colleague."""
    table = TABLES[kind]
    people = [practice.practitioner.user_id, practice.colleague.user_id]
    async with practice.place.session() as session:
        found = select(table.id).where(col(table.user_id).in_(people))
        return {str(slot_id) for slot_id in await session.exec(found)}


@ENDS
async def test_who_goes_takes_along_the_hours_of_that_clinic_alone(
    practice: Practice, end: End
) -> None:
    """Those of the other clinic and of the colleague stay, and so does a plan with its therapist.

    What was in the way of other hours is so no more.
    """
    plan = await plan_of(practice)
    kept = {}
    for kind in KINDS:
        await practice.practitioner.make(kind, **MORNING)
        slots = [await desk.make(kind, **EVENING) for desk in (practice.away, practice.colleague)]
        kept[kind] = {slot["id"] for slot in slots}
        assert (await practice.away.post(kind, **MORNING)).status_code == 409
    assert (await end(practice)).status_code == 200
    for kind in KINDS:
        assert await stored(practice, kind) == kept[kind]
        listed = (await practice.owner.get(kind)).json()["items"]
        assert [slot["userId"] for slot in listed] == [str(practice.colleague.user_id)]
        assert (await practice.away.post(kind, **MORNING)).status_code == 201
    headers = {"Authorization": f"Bearer {practice.owner.token}"}
    path = f"/api/treatment-plans/{plan['id']}"
    assert (await practice.owner.client.get(path, headers=headers)).json() == plan


@pytest.mark.parametrize("kind", KINDS)
async def test_the_database_keeps_no_hours_of_who_is_no_member(
    practice: Practice, kind: str
) -> None:
    """Though both the person and the clinic are there."""
    await practice.practitioner.make(kind, **MORNING)
    table = TABLES[kind]
    of_one = update(table).where(col(table.user_id) == practice.practitioner.user_id)
    async with AsyncSession(practice.place.engine) as session:
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            await session.exec(of_one.values(user_id=practice.stranger.user_id))


def create(practice: Practice, kind: str, _slot_id: str) -> Call:
    whose = {"userId": str(practice.practitioner.user_id)}
    return partial(practice.owner.post, kind, **whose, **EVENING)


def replace(practice: Practice, kind: str, slot_id: str) -> Call:
    return partial(practice.owner.put, kind, slot_id, **EVENING)


def delete(practice: Practice, kind: str, slot_id: str) -> Call:
    return partial(practice.owner.delete, kind, slot_id)


def of_the_member(practice: Practice) -> Any:
    desk = practice.practitioner
    return row(Member, user_id=desk.user_id, organization_id=desk.organization_id)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", [leave, remove, close])
@pytest.mark.parametrize("change", [create, replace, delete])
@pytest.mark.parametrize("turned", [False, True], ids=["change first", "end first"])
async def test_hours_that_change_as_their_membership_ends_end_with_it(
    practice: Practice, kind: str, end: End, change: Callable[..., Call], turned: bool
) -> None:
    """They are changed and then gone, or there is nothing to change; neither fails or hangs."""
    slot = await practice.practitioner.make(kind, **MORNING)
    begin: Sequence[Call] = [change(practice, kind, slot["id"]), partial(end, practice)]
    answers = await call_at_one_moment(
        practice.place, of_the_member(practice), begin[::-1] if turned else begin
    )
    changed, ended = answers[::-1] if turned else answers
    assert ended.status_code == 200, ended.text
    done = {create: 201, replace: 200, delete: 204}[change]
    refused = 400 if end is close and not practice.place.is_postgresql else 404
    assert changed.status_code in {done, refused}, changed.text
    if practice.place.is_postgresql:
        assert changed.status_code == (refused if turned else done)
    if changed.status_code == 404:
        missing = "practitioner" if change is create else SLOTS[kind]
        assert f"no such {missing} in" in changed.json()["detail"]
    assert await stored(practice, kind) == set()


async def test_a_crowd_at_that_moment_leaves_the_hours_of_the_other_clinic(
    practice: Practice,
) -> None:
    """Everybody makes, replaces and deletes in both clinics: none fails, nobody waits for ever."""
    calls: list[Call] = []
    for kind in KINDS:
        slot = await practice.practitioner.make(kind, **MORNING)
        for hour in range(13, 17):
            times = {"startTime": f"{hour}:00:00", "endTime": f"{hour}:30:00"}
            whose = {"userId": str(practice.practitioner.user_id)}
            calls += [
                partial(practice.owner.post, kind, **whose, **times),
                partial(practice.away.post, kind, **times),
                partial(practice.practitioner.put, kind, slot["id"], **times),
            ]
        calls.append(partial(practice.owner.delete, kind, slot["id"]))
    random.Random(1).shuffle(calls)  # noqa: S311 - the same order every time
    calls.insert(len(calls) // 3, partial(remove, practice))
    async with asyncio.timeout(PATIENCE_SECONDS):
        answers = await asyncio.gather(*(call() for call in calls))
    assert all(answer.status_code < 500 for answer in answers)
    made = [a.json() for a in answers if a.status_code == 201]
    away = str(practice.away.organization_id)
    kept = {slot["id"] for slot in made if slot["organizationId"] == away}
    assert set.union(*[await stored(practice, kind) for kind in KINDS]) == kept

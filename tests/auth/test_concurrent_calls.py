"""Two concurrent calls: if they exclude each other one succeeds, and the rules still hold."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.attempts import SIGN_UPS_PER_EMAIL
from app.auth.models import Account, Organization, Role, Session
from auth.actors import Actor, SharedClinics
from auth.clinics import PASSWORD, Backend
from auth.concurrent_calls import (
    PATIENCE_SECONDS,
    Call,
    CallPair,
    Case,
    call_concurrently,
    codes,
    outcomes,
    response,
    row,
)
from auth.concurrent_organization_calls import CONCURRENT_ORGANIZATION_CALLS
from auth.concurrent_scenarios import (
    activate,
    change_password,
    create,
    invite,
    leave,
    rename,
    sign_in,
)
from auth.concurrent_session_calls import CONCURRENT_SESSION_CALLS, signing_up_twice
from journeys.commands import shared_on_postgresql

pytestmark = pytest.mark.slow

OWNER, ADMIN, MEMBER = Role
CASES = (*CONCURRENT_ORGANIZATION_CALLS, *CONCURRENT_SESSION_CALLS)


# On SQLite, where one transaction writes at a time, the order is left to chance: there the test
# of many pairs at once has the same cases.
@shared_on_postgresql
@pytest.mark.parametrize("turned", [False, True], ids=["one first", "other first"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_of_two_concurrent_calls_the_second_sees_the_changes_of_the_first(
    backend: Backend, case: Case, turned: bool
) -> None:
    """Neither hangs or fails, the responses are those of a sequence, and the rules hold."""
    pair = await case(backend)
    begin = [pair.other, pair.one] if turned else [pair.one, pair.other]
    responses = await call_concurrently(backend, pair.hold, begin)
    found = codes(responses[::-1] if turned else responses)
    if pair.ordered:
        assert found == outcomes(pair)[turned]
    else:
        assert found in outcomes(pair)
    assert await backend.broken_rules() == {}


async def test_many_such_pairs_at_once_keep_the_rules(backend: Backend) -> None:
    """All cases in random order, ten calls at a time: none fails, all hold."""
    pairs = [await case(backend) for case in CASES]
    calls = [(pair, name) for pair in pairs for name in ("one", "other")]
    random.Random(1).shuffle(calls)  # noqa: S311 - the same order every time
    at_a_time = asyncio.Semaphore(10)

    async def make(pair: CallPair, name: str) -> httpx.Response:
        async with at_a_time:
            call: Call = getattr(pair, name)
            return await call()

    async with asyncio.timeout(3 * PATIENCE_SECONDS):
        responses = await asyncio.gather(*(make(*call) for call in calls))
    found = dict(zip(calls, responses, strict=True))
    for pair in pairs:
        assert codes([found[pair, "one"], found[pair, "other"]]) in outcomes(pair)
    assert await backend.broken_rules() == {}


async def accepting_often(backend: Backend) -> list[Call]:
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person(signed_in=10)
    invitation: Any = {"invitationId": await backend.invite(clinic, guest.email)}
    accept = partial(backend.call, guest, "organization/accept-invitation", **invitation)
    return [partial(accept, token=number) for number in range(10)]


async def signing_up_often(backend: Backend) -> list[Call]:
    pairs = [await signing_up_twice(backend)] * (SIGN_UPS_PER_EMAIL // 2)
    return [call for pair in pairs for call in (pair.one, pair.other)]


async def creating_often(backend: Backend) -> list[Call]:
    slug = uuid4().hex
    return [create(backend, await backend.make_person(), slug) for _ in range(10)]


async def inviting_often(backend: Backend) -> list[Call]:
    clinic = await backend.make_clinic(OWNER, ADMIN)
    email = f"{uuid4().hex}@example.com"
    return [invite(backend, clinic, number % 2, email) for number in range(10)]


async def leaving_all(backend: Backend) -> list[Call]:
    clinic = await backend.make_clinic(*[OWNER] * 10)
    return [leave(backend, clinic, person) for person in clinic.people]


@pytest.mark.parametrize(
    ("case", "losses"),
    [
        (accepting_often, 9),
        (signing_up_often, SIGN_UPS_PER_EMAIL - 1),
        (creating_often, 9),
        (inviting_often, 9),
        (leaving_all, 1),
    ],
    ids=["accepting", "signing up", "creating", "inviting", "leaving"],
)
async def test_many_concurrent_calls_keep_the_rules(
    backend: Backend, case: Callable[[Backend], Awaitable[list[Call]]], losses: int
) -> None:
    """However many call, each as often as any other: one wins, and of owners one stays."""
    calls = await case(backend)
    async with asyncio.timeout(PATIENCE_SECONDS):
        found = codes(await asyncio.gather(*(call() for call in calls)))
    refused = [code for code in found if code]
    assert len(refused) == losses
    assert len(set(refused)) == 1
    assert await backend.broken_rules() == {}


async def test_slugs_that_are_swapped_concurrently_stay(backend: Backend) -> None:
    """Each is called during the other call, and there is no deadlock."""
    for _ in range(2):
        one, other = await backend.make_clinic(OWNER), await backend.make_clinic(OWNER)

        async def hold(session: AsyncSession, ids: Sequence[Any] = (one.id, other.id)) -> None:
            for each in ids:
                await row(Organization, id=each)(session)

        swap = [rename(backend, one, other.slug), rename(backend, other, one.slug)]
        responses = await call_concurrently(backend, hold, swap)
        assert codes(responses) == ["ORGANIZATION_SLUG_ALREADY_TAKEN"] * 2


async def test_an_old_password_opens_no_session_that_outlasts_it(backend: Backend) -> None:
    """A session that starts while the password is changed is deleted with the others."""
    person = await backend.make_person(signed_in=3)
    begin = [sign_in(backend, person), change_password(backend, person, revoke=True)]
    responses = await call_concurrently(backend, row(Account, user_id=person.id), begin)
    async with backend.session() as session:
        left = await session.exec(select(Session.id).where(Session.user_id == person.id))
        assert len(left.all()) == 1
    assert responses[1].json()["token"]


async def test_who_was_signed_out_everywhere_renews_no_session(backend: Backend) -> None:
    """Not even with the right password, if its change came second."""
    person = await backend.make_person(signed_in=2)
    begin: list[Call] = [
        partial(backend.call, person, "revoke-sessions", token=1),
        change_password(backend, person, revoke=True),
    ]
    found = codes(await call_concurrently(backend, row(Session, user_id=person.id), begin))
    assert found == [None, "UNAUTHORIZED"] or (
        found == ["UNAUTHORIZED", None] and not backend.is_postgresql
    )


async def test_who_is_signed_in_waits_for_no_turn(backend: Backend) -> None:
    """While sign-ins of an address take turns, its signed-in users can do anything else."""
    clinic = await backend.make_clinic(OWNER)
    [person] = clinic.people
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with backend.attempts.sign_in("nobody@example.com", "127.0.0.1"):
            waiting = [asyncio.create_task(response(sign_in(backend, person))) for _ in range(3)]
            await asyncio.sleep(0)
            calls: list[Call] = [
                partial(
                    backend.call,
                    person,
                    "change-password",
                    currentPassword=PASSWORD,
                    newPassword=PASSWORD,
                ),
                partial(backend.call, person, "update-user", name="Ada"),
                rename(backend, clinic, uuid4().hex),
                activate(backend, clinic, person),
                partial(backend.call, person, "revoke-other-sessions"),
                partial(backend.call, person, "sign-out"),
            ]
            assert codes([await call() for call in calls]) == [None] * len(calls)
            assert not any(call.done() for call in waiting)
        assert codes(await asyncio.gather(*waiting)) == [None] * 3


async def test_signing_in_and_changing_passwords_at_once_come_to_an_end(backend: Backend) -> None:
    """On SQLite, where one writes at a time, nobody who writes waits for who waits to write."""
    people = [await backend.make_person() for _ in range(5)]
    calls: list[Call] = []
    for person in people:
        change = partial(backend.call, person, "change-password", newPassword=PASSWORD)
        calls += [sign_in(backend, person), partial(change, currentPassword=PASSWORD)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        found = codes(await asyncio.gather(*(call() for call in calls * 3)))
    assert set(found) <= {None, "INVALID_EMAIL_OR_PASSWORD", "INVALID_PASSWORD"}


async def test_hundreds_of_calls_in_any_order_keep_the_rules(backend: Backend) -> None:
    """Eight people do what they like in the same clinics: nothing fails, nobody waits for ever."""
    clinics = [await backend.make_clinic(OWNER, OWNER, ADMIN, MEMBER) for _ in range(2)]
    people = [person for clinic in clinics for person in clinic.people]
    scene = SharedClinics(
        backend=backend,
        clinic_ids=[str(clinic.id) for clinic in clinics],
        slugs=[uuid4().hex for _ in range(3)],
        emails=[person.email for person in people],
    )
    actors = [Actor(scene, person, number) for number, person in enumerate(people)]
    async with asyncio.timeout(3 * PATIENCE_SECONDS):
        acts = await asyncio.gather(*(actor.act_often(15) for actor in actors))
    responses = [response for act in acts for response in act]
    assert codes(responses).count(None) > 50
    assert await backend.broken_rules() == {}

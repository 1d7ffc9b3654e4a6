"""While a password is hashed or verified, its request holds no connection and no lock."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, delete, select, update

from app.auth.authentication import SESSION_COOKIE
from app.auth.models import Account, Session
from app.auth.passwords import Passwords
from app.auth.sessions import revoke_sessions
from auth.clinics import PASSWORD, PASSWORDS, Backend, SignedUpUser
from auth.concurrent_calls import PATIENCE_SECONDS, Call, response, wait_until_blocked
from auth.concurrent_scenarios import change_password, sign_in
from auth.hashing import held_connections, stopped
from journeys.commands import shared_on_postgresql

OTHER_PASSWORD = "another password"
MORE_THAN_THE_POOL_HAS = 20


def sign_up(backend: Backend, _person: SignedUpUser) -> Call:
    email = f"{uuid4().hex}@example.com"
    return partial(backend.call, None, "sign-up/email", name="Ada", email=email, password=PASSWORD)


def guess(backend: Backend, person: SignedUpUser) -> Call:
    return partial(backend.call, None, "sign-in/email", email=person.email, password=OTHER_PASSWORD)


def guess_an_address(backend: Backend, _person: SignedUpUser) -> Call:
    email = f"{uuid4().hex}@example.com"
    return partial(backend.call, None, "sign-in/email", email=email, password=PASSWORD)


def change(backend: Backend, person: SignedUpUser) -> Call:
    return change_password(backend, person, revoke=False)


def change_with_a_wrong_one(backend: Backend, person: SignedUpUser) -> Call:
    passwords: Any = {"currentPassword": OTHER_PASSWORD, "newPassword": PASSWORD}
    return partial(backend.call, person, "change-password", **passwords)


def verify(backend: Backend, person: SignedUpUser) -> Call:
    return partial(backend.call, person, "verify-password", password=PASSWORD)


def verify_a_wrong_one(backend: Backend, person: SignedUpUser) -> Call:
    return partial(backend.call, person, "verify-password", password=OTHER_PASSWORD)


@pytest.mark.parametrize(
    ("make_call", "operation", "status"),
    [
        pytest.param(sign_up, "hash", 200, id="sign-up"),
        pytest.param(sign_in, "verify", 200, id="sign-in"),
        pytest.param(guess, "verify", 401, id="sign-in, wrong password"),
        pytest.param(guess_an_address, "verify", 401, id="sign-in, unknown address"),
        pytest.param(change, "verify", 200, id="change-password, verifying"),
        pytest.param(change, "hash", 200, id="change-password, hashing"),
        pytest.param(change_with_a_wrong_one, "verify", 400, id="change-password, wrong password"),
        pytest.param(verify, "verify", 200, id="verify-password"),
        pytest.param(verify_a_wrong_one, "verify", 400, id="verify-password, wrong password"),
    ],
)
async def test_others_write_while_a_password_is_hashed(
    backend: Backend, make_call: Any, operation: str, status: int
) -> None:
    """No connection is held, and another request of the same user changes rows and commits."""
    person = await backend.make_person(signed_in=2)
    async with asyncio.timeout(PATIENCE_SECONDS):
        with held_connections(backend.engine) as held:
            async with stopped(operation) as reached:
                call = asyncio.create_task(response(make_call(backend, person)))
                await reached.wait()
                assert held == set()
                changed = await backend.call(person, "update-user", token=1, name="Grace")
                assert changed.status_code == 200
                async with backend.session() as session:
                    credential = select(Account).where(Account.user_id == person.id)
                    await session.exec(credential.with_for_update(nowait=True))
                assert not call.done()
            assert (await call).status_code == status


async def test_many_who_hash_leave_the_pool_to_others(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More requests than the pool has connections hash at the same time, and others go on."""
    person = await backend.make_person()
    hashing, all_hash = 0, asyncio.Event()
    hash_all = Passwords.hash_all

    async def count_and_hash(passwords: Passwords, secrets: Sequence[str]) -> list[str]:
        nonlocal hashing
        hashing += 1
        if hashing == MORE_THAN_THE_POOL_HAS:
            all_hash.set()
        return await hash_all(passwords, secrets)

    monkeypatch.setattr(Passwords, "hash_all", count_and_hash)
    calls = [sign_up(backend, person) for _ in range(MORE_THAN_THE_POOL_HAS)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with stopped("hash"):
            signing_up = [asyncio.create_task(response(call)) for call in calls]
            await all_hash.wait()
            changed = await backend.call(person, "update-user", name="Grace")
            assert changed.status_code == 200
        responses = await asyncio.gather(*signing_up)
    assert [each.status_code for each in responses] == [200] * MORE_THAN_THE_POOL_HAS


async def set_password(backend: Backend, person: SignedUpUser, password: str) -> str:
    [new_hash] = await PASSWORDS.hash_all([password])
    async with backend.session() as session:
        of_the_person = col(Account.user_id) == person.id
        await session.exec(update(Account).where(of_the_person).values(password=new_hash))
    return new_hash


async def stored(backend: Backend, person: SignedUpUser) -> tuple[str | None, int]:
    """Return the hash of a person's password, and how many sessions the person has."""
    async with backend.session() as session:
        hashes = await session.exec(select(Account.password).where(Account.user_id == person.id))
        sessions = await session.exec(select(Session.id).where(Session.user_id == person.id))
        return hashes.one(), len(sessions.all())


@pytest.mark.parametrize("new_password", [OTHER_PASSWORD, PASSWORD], ids=["another", "the same"])
async def test_a_password_that_is_changed_while_it_is_verified_opens_no_session(
    backend: Backend, new_password: str
) -> None:
    """Not even if it was set to the same password again: the sign-in may be older than that."""
    person = await backend.make_person()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with stopped("verify") as reached:
            call = asyncio.create_task(response(sign_in(backend, person)))
            await reached.wait()
            new_hash = await set_password(backend, person, new_password)
        refused = await call
    assert refused.status_code == 401
    assert refused.json()["code"] == "INVALID_EMAIL_OR_PASSWORD"
    assert await stored(backend, person) == (new_hash, 1)


async def test_an_account_that_is_deleted_while_it_is_verified_opens_no_session(
    backend: Backend,
) -> None:
    """As after a reset that comes between reading the password and opening the session."""
    person = await backend.make_person()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with stopped("verify") as reached:
            call = asyncio.create_task(response(sign_in(backend, person)))
            await reached.wait()
            async with backend.session() as session:
                await session.exec(delete(Account).where(col(Account.user_id) == person.id))
        assert (await call).status_code == 401


@pytest.mark.parametrize("operation", ["verify", "hash"])
async def test_of_two_changes_of_a_password_the_first_one_counts(
    backend: Backend, operation: str
) -> None:
    """The other is refused: the current password that it was sent is no longer the current one."""
    person = await backend.make_person()
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with stopped(operation) as reached:
            call = asyncio.create_task(response(change(backend, person)))
            await reached.wait()
            if operation == "verify":
                new_hash = await set_password(backend, person, OTHER_PASSWORD)
            else:
                new_hash = "set by another request"
                async with backend.session() as session:
                    account = select(Account).where(Account.user_id == person.id)
                    (await session.exec(account)).one().password = new_hash
        refused = await call
    assert refused.status_code == 400
    assert refused.json()["code"] == "INVALID_PASSWORD"
    assert await stored(backend, person) == (new_hash, 1)


async def test_a_session_that_ends_while_its_user_changes_the_password_changes_nothing(
    backend: Backend,
) -> None:
    """A user who signs out everywhere keeps the password from being changed by those sessions."""
    person = await backend.make_person()
    old_hash, _ = await stored(backend, person)
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with stopped("hash") as reached:
            call = asyncio.create_task(response(change(backend, person)))
            await reached.wait()
            async with backend.session() as session:
                await revoke_sessions(session, person.id)
        assert (await call).status_code == 401
    assert await stored(backend, person) == (old_hash, 0)


async def test_a_token_that_ends_while_a_password_is_changed_is_not_replaced_by_a_cookie(
    backend: Backend,
) -> None:
    """The cookie is another user's, whose session may not change this password and stays."""
    person, other = await backend.make_person(), await backend.make_person()
    backend.client.cookies.set(SESSION_COOKIE, other.tokens[0])
    old_hash, _ = await stored(backend, person)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            async with stopped("hash") as reached:
                call = asyncio.create_task(response(change_password(backend, person, revoke=True)))
                await reached.wait()
                async with backend.session() as session:
                    await revoke_sessions(session, person.id)
            assert (await call).json()["code"] == "UNAUTHORIZED"
    finally:
        backend.client.cookies.clear()
    assert await stored(backend, person) == (old_hash, 0)
    assert (await stored(backend, other))[1] == 1


@shared_on_postgresql
async def test_a_password_is_not_read_while_tables_are_dropped(backend: Backend) -> None:
    """It is read after a reset by `drop`, which locks this table first."""
    person = await backend.make_person()
    async with asyncio.timeout(PATIENCE_SECONDS), stopped("verify") as reached:
        async with backend.engine.begin() as reset:
            await reset.execute(text("LOCK TABLE database_mark IN ACCESS EXCLUSIVE MODE"))
            calls = [
                asyncio.create_task(response(sign_in(backend, person))),
                asyncio.create_task(response(change(backend, person))),
            ]
            await wait_until_blocked(backend, calls)
            assert not reached.is_set()
        await reached.wait()
    responses: list[httpx.Response] = await asyncio.gather(*calls)
    # The password that the sign-in read may be changed before it opens the session.
    assert responses[0].status_code in {200, 401}
    assert responses[1].status_code == 200

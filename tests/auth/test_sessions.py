"""Sessions: which of them end, what one that is listed is good for, and changing the password."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import members, sessions
from app.auth.attempts import FAILURES_PER_ADDRESS_AND_ACCOUNT
from app.auth.authentication import MAX_USER_AGENT
from app.auth.members import NewMember
from app.auth.models import Role, Session
from app.auth.sessions import Client, SignedIn
from auth.clinics import PASSWORD, Backend, SignedUpUser, make_clinic, make_person

OWNER = Role.OWNER


async def signed_in_as(session: AsyncSession, person: SignedUpUser, number: int = 0) -> SignedIn:
    found = await sessions.find_session(session, person.tokens[number])
    assert found
    return found


async def alive(session: AsyncSession, person: SignedUpUser) -> list[bool]:
    """Return for each session of a user whether it signs in."""
    return [await sessions.find_session(session, token) is not None for token in person.tokens]


@pytest.mark.parametrize("listed", [False, True], ids=["by token", "as listed"])
async def test_a_session_is_revoked_by_its_own_user_alone(
    session: AsyncSession, listed: bool
) -> None:
    """By what the client holds or by what a list of sessions shows, and no other one with it."""
    person, other = await make_person(session, 3), await make_person(session, 1)
    name = person.tokens[1]
    if listed:
        rows = await sessions.list_sessions(session, person.id)
        [name] = [row.token for row in rows if row.token not in person.tokens][1:2]
    await sessions.revoke_session(session, other.id, name)
    assert await alive(session, person) == [True] * 3
    await sessions.revoke_session(session, person.id, name)
    assert await alive(session, person) == [True, False, True]
    assert await alive(session, other) == [True]


async def test_revoking_ends_all_sessions_or_all_others(session: AsyncSession) -> None:
    """Those of other people go on."""
    person, other = await make_person(session, 3), await make_person(session, 1)
    await sessions.revoke_other_sessions(session, await signed_in_as(session, person, 1))
    assert await alive(session, person) == [False, True, False]
    await sessions.revoke_sessions(session, person.id)
    assert await alive(session, person) == [False] * 3
    assert await alive(session, other) == [True]


async def test_a_session_that_is_over_is_not_listed(session: AsyncSession) -> None:
    """The others are, the oldest first."""
    person = await make_person(session, 3)
    rows = [(await signed_in_as(session, person, number)).session for number in range(3)]
    for number, row in enumerate(rows):
        row.created_at -= timedelta(minutes=number)
    rows[0].expires_at -= sessions.SESSION_LIFETIME
    await session.flush()
    listed = await sessions.list_sessions(session, person.id)
    assert [row.id for row in listed] == [rows[2].id, rows[1].id]


@pytest.mark.parametrize("active", [True, False], ids=["in a clinic", "in none"])
async def test_a_renewed_session_stays_in_its_organization(
    session: AsyncSession, active: bool
) -> None:
    """Not in the user's first; the sessions of before are over."""
    first = await make_clinic(session, OWNER, signed_in=2)
    [person] = first.people
    signed_in = await signed_in_as(session, person)
    second = await make_clinic(session, OWNER, Role.MEMBER)
    await make_member(session, second.id, person)
    wanted = second.id if active else None
    await sessions.activate(session, signed_in, wanted)
    renewed = await sessions.renew_session(session, signed_in, Client(user_agent="new"))
    assert renewed.session.active_organization_id == wanted
    assert await alive(session, person) == [False, False]
    found = await sessions.find_session(session, renewed.token)
    assert found
    assert (found.session.id, found.session.user_agent) == (renewed.session.id, "new")
    assert len(await sessions.list_sessions(session, person.id)) == 1


async def make_member(session: AsyncSession, organization_id: UUID, person: SignedUpUser) -> None:
    new = NewMember(organization_id=organization_id, user_id=person.id, role=Role.MEMBER)
    await members.add_member(session, new)
    await session.flush()


async def test_what_is_listed_of_another_session_signs_nobody_in(backend: Backend) -> None:
    """It ends that session, and is good for nothing else."""
    person = await backend.make_person(signed_in=2)
    response = await get(backend, "list-sessions", person.tokens[0])
    listed = {each["token"] for each in response.json()}
    assert len(listed) == 2
    assert person.tokens[0] in listed
    assert person.tokens[1] not in listed
    [handle] = listed - {person.tokens[0]}
    assert (await get(backend, "get-session", handle)).json() is None
    assert (await get(backend, "list-sessions", handle)).status_code == 401
    headers = {"Authorization": f"Bearer {person.tokens[0]}"}
    response = await backend.client.post(
        "/api/auth/revoke-session", json={"token": handle}, headers=headers
    )
    assert response.json() == {"status": True}
    assert (await get(backend, "get-session", person.tokens[1])).json() is None
    assert (await get(backend, "get-session", person.tokens[0])).json()


async def get(backend: Backend, path: str, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await backend.client.get(f"/api/auth/{path}", headers=headers)


@pytest.mark.parametrize("length", [0, MAX_USER_AGENT, MAX_USER_AGENT + 1, 5_000])
async def test_a_user_agent_is_kept_up_to_a_length(backend: Backend, length: int) -> None:
    """With any user agent, the row stays small."""
    person = await backend.make_person(signed_in=0)
    response = await backend.client.post(
        "/api/auth/sign-in/email",
        json={"email": person.email, "password": PASSWORD},
        headers={"User-Agent": "x" * length},
    )
    assert response.status_code == 200
    async with backend.session() as session:
        agents = select(Session.user_agent).where(col(Session.user_id) == person.id)
        assert (await session.exec(agents)).one() == "x" * min(length, 500)


async def try_to_change(backend: Backend, person: SignedUpUser, password: str) -> int:
    body = {"currentPassword": password, "newPassword": PASSWORD}
    response = await backend.client.post(
        "/api/auth/change-password",
        json=body,
        headers={"Authorization": f"Bearer {person.tokens[0]}"},
    )
    return response.status_code


async def test_the_present_password_is_guessed_at_ten_times(backend: Backend) -> None:
    """By someone at a signed-in client: then the right one is refused as well, for that user."""
    person, other = await backend.make_person(), await backend.make_person()
    tries = [await try_to_change(backend, person, "wrong password") for _ in range(11)]
    assert tries == [400] * FAILURES_PER_ADDRESS_AND_ACCOUNT + [429]
    assert await try_to_change(backend, person, PASSWORD) == 429
    assert await try_to_change(backend, other, PASSWORD) == 200


async def test_right_passwords_use_no_guess_up(backend: Backend) -> None:
    """Nor does a new password that is refused."""
    person = await backend.make_person()
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT - 1):
        assert await try_to_change(backend, person, "wrong password") == 400
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT + 1):
        assert await try_to_change(backend, person, PASSWORD) == 200
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT + 1):
        refused = await backend.call(
            person, "change-password", currentPassword="wrong", newPassword="short"
        )
        assert refused.json()["code"] == "PASSWORD_TOO_SHORT"
    assert await try_to_change(backend, person, "wrong password") == 400
    assert await try_to_change(backend, person, PASSWORD) == 429


async def test_verifying_and_changing_a_password_share_their_guesses(backend: Backend) -> None:
    """A right password uses none up, in either call."""
    person = await backend.make_person()

    async def verify(password: str) -> int:
        return (await backend.call(person, "verify-password", password=password)).status_code

    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT - 1):
        assert await verify("wrong password") == 400
    assert await verify(PASSWORD) == 200
    assert await try_to_change(backend, person, "wrong password") == 400
    assert await verify(PASSWORD) == 429
    assert await try_to_change(backend, person, PASSWORD) == 429
    assert await verify("x" * 129) == 429

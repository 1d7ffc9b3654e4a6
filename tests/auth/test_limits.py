"""How many sessions, organizations and invitations are kept, and that lists end somewhere."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth import invitations, organizations, sessions
from app.auth.members import NewMember, add_member
from app.auth.models import Invitation, InvitationStatus, Member, Role, Session, User
from app.auth.organization_errors import OrganizationLimitReached
from app.auth.organizations import NewOrganization
from app.auth.sessions import MAX_SESSIONS, Client
from auth.clinics import PASSWORD, Backend, Clinic, SignedUpUser, invite, make_clinic, make_person
from auth.concurrent_calls import (
    PATIENCE_SECONDS,
    Call,
    call_concurrently,
    codes,
    row,
)
from auth.concurrent_scenarios import change_password, create, delete, remove
from conftest import Shared
from journeys.commands import shared_on_postgresql

OWNER, ADMIN, MEMBER = Role
HOUR = timedelta(hours=1)


def new_sessions(
    user_id: UUID, count: int, expires_in: timedelta = HOUR, **columns: Any
) -> list[Session]:
    """Make sessions, each one second older than the one before it."""
    now = clock.now()
    return [
        Session(
            user_id=user_id,
            token=uuid4().hex,
            created_at=now - timedelta(seconds=age),
            expires_at=now + expires_in,
            **columns,
        )
        for age in range(count)
    ]


async def ids_of_sessions(session: AsyncSession, user_id: UUID) -> set[UUID]:
    return set((await session.exec(select(Session.id).where(Session.user_id == user_id))).all())


async def open_session(session: AsyncSession, person: SignedUpUser) -> UUID:
    user = await session.get_one(User, person.id)
    return (await sessions.open_session(session, user, Client())).session.id


async def test_a_new_session_ends_the_oldest_of_100(session: AsyncSession) -> None:
    """Of that user alone."""
    person, other = await make_person(session, 0), await make_person(session, 1)
    older = new_sessions(person.id, 100)
    session.add_all(older)
    await session.flush()
    opened = await open_session(session, person)
    kept = {each.id for each in older[:-1]} | {opened}
    assert len(kept) == MAX_SESSIONS == 100
    assert await ids_of_sessions(session, person.id) == kept
    assert len(await ids_of_sessions(session, other.id)) == 1


async def test_sessions_above_the_limit_end_with_the_next_sign_in(session: AsyncSession) -> None:
    """As in a database of before the limit: until then a list has the newest 100."""
    person = await make_person(session, 0)
    older = new_sessions(person.id, 150)
    session.add_all(older)
    await session.flush()
    listed = await sessions.list_sessions(session, person.id)
    assert [each.id for each in listed] == [each.id for each in reversed(older[:100])]
    opened = await open_session(session, person)
    kept = {each.id for each in older[:99]} | {opened}
    assert await ids_of_sessions(session, person.id) == kept


async def test_an_expired_session_ends_no_other_one(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts for nothing, even if it is newer than those that have not expired."""
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 3)
    person = await make_person(session, 0)
    expired, *alive = new_sessions(person.id, 3)
    expired.expires_at = clock.now() - HOUR
    session.add_all([expired, *alive])
    await session.flush()
    opened = await open_session(session, person)
    assert await ids_of_sessions(session, person.id) == {*(each.id for each in alive), opened}


def sign_in_from(shared: Shared, host: str, person: SignedUpUser) -> Call:
    """Sign in from a separate address, because those of one address take turns."""
    asgi: Any = shared.app

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(asgi, client=(host, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            credentials = {"email": person.email, "password": PASSWORD}
            return await client.post("/api/auth/sign-in/email", json=credentials)

    return call


async def test_concurrent_sign_ins_keep_the_limit(
    backend: Backend, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each opens a session, and the limit is kept exactly during concurrent calls."""
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 5)
    person = await backend.make_person(signed_in=5)
    calls = [sign_in_from(shared, f"192.0.2.{number}", person) for number in range(8)]
    responses = await call_concurrently(backend, row(User, id=person.id), calls)
    assert codes(responses) == [None] * 8
    async with backend.session() as session:
        assert len(await ids_of_sessions(session, person.id)) == 5
        tokens = [each.json()["token"] for each in responses]
        found = [await sessions.find_session(session, token) for token in tokens]
        assert len([each for each in found if each]) == 5


def revoke_others(backend: Backend, clinic: Clinic) -> Call:
    return partial(backend.call, clinic.people[1], "revoke-other-sessions")


def revoke_all(backend: Backend, clinic: Clinic) -> Call:
    return partial(backend.call, clinic.people[1], "revoke-sessions")


def renew(backend: Backend, clinic: Clinic) -> Call:
    return change_password(backend, clinic.people[1], revoke=True)


def leave_out(backend: Backend, clinic: Clinic) -> Call:
    return remove(backend, clinic, 0, 1)


@shared_on_postgresql
@pytest.mark.parametrize("turned", [False, True], ids=["sign-in first", "sign-in second"])
@pytest.mark.parametrize("other", [revoke_others, revoke_all, renew, leave_out, delete])
async def test_two_calls_that_end_the_same_sessions_do_not_deadlock(
    backend: Backend, other: Any, turned: bool
) -> None:
    """All lock them in one order, even where the rows are stored in the opposite one."""
    clinic = await backend.make_clinic(OWNER, MEMBER)
    person = clinic.people[1]
    surplus = new_sessions(person.id, MAX_SESSIONS + 40, active_organization_id=clinic.id)
    surplus.sort(key=lambda each: each.id, reverse=True)
    async with backend.session() as session:
        # Signing in holds the first clinic of a person, which is to be another one.
        first = await make_clinic(session, OWNER)
        joined = clock.now() - HOUR
        new = NewMember(organization_id=first.id, user_id=person.id, role=MEMBER)
        (await add_member(session, new)).created_at = joined
        session.add_all(surplus)
    ended = sorted(surplus, key=lambda each: each.created_at)[:41]
    middle = sorted(ended, key=lambda each: each.id)[20]
    sign_in = partial(backend.call, None, "sign-in/email", email=person.email, password=PASSWORD)
    begin: list[Call] = [sign_in, other(backend, clinic)]
    responses = await call_concurrently(
        backend, row(Session, id=middle.id), begin[::-1] if turned else begin
    )
    found = codes(responses[::-1] if turned else responses)
    # A sign-in that comes after the change of the password was sent the old one.
    assert found == [None, None] or (other is renew and "INVALID_EMAIL_OR_PASSWORD" in found)
    async with backend.session() as session:
        assert len(await ids_of_sessions(session, person.id)) <= MAX_SESSIONS


async def test_signing_in_deletes_expired_sessions_of_anybody(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bounded number at a time, those that expired first before the others."""
    monkeypatch.setattr(sessions, "MAX_EXPIRED_DELETED", 2)
    person, other = await make_person(session, 0), await make_person(session, 1)
    expired = [*new_sessions(other.id, 3, -HOUR), *new_sessions(other.id, 1, HOUR)]
    for number, each in enumerate(expired[:3]):
        each.expires_at -= number * HOUR
    session.add_all(expired)
    await session.flush()
    await open_session(session, person)
    kept = await ids_of_sessions(session, other.id)
    assert {each.id for each in expired} & kept == {expired[0].id, expired[3].id}
    await open_session(session, person)
    kept = await ids_of_sessions(session, other.id)
    assert {each.id for each in expired} & kept == {expired[3].id}
    assert len(kept) == 2


@shared_on_postgresql
async def test_signing_in_does_not_wait_for_the_deletion_of_expired_sessions(
    backend: Backend,
) -> None:
    """Rows that another transaction has locked are left to it."""
    person, other = await backend.make_person(), await backend.make_person()
    locked, free = new_sessions(other.id, 2, -HOUR)
    async with backend.session() as session:
        session.add_all([locked, free])
    async with asyncio.timeout(PATIENCE_SECONDS), backend.session() as holder:
        held = select(Session).where(Session.id == locked.id)
        await holder.exec(held.with_for_update())
        signed_in = await backend.call(None, "sign-in/email", email=person.email, password=PASSWORD)
        assert signed_in.status_code == 200
    async with backend.session() as session:
        kept = await ids_of_sessions(session, other.id)
    assert locked.id in kept
    assert free.id not in kept


async def own(session: AsyncSession, user_id: UUID, count: int) -> list[UUID]:
    """Have a user own organizations, made as a seed makes them: without a limit."""
    made = [NewOrganization(name="Clinic", slug=uuid4().hex) for _ in range(count)]
    owned = [
        (each, NewMember(organization_id=each.id, user_id=user_id, role=OWNER)) for each in made
    ]
    await organizations.create_organizations(session, owned)
    return [each.id for each in made]


async def test_who_owns_100_organizations_creates_no_other_one(backend: Backend) -> None:
    """The refusal says what to do; after that, one can be created again."""
    person = await backend.make_person()
    async with backend.session() as session:
        [first, *_] = await own(session, person.id, 99)
    assert (await create(backend, person, uuid4().hex)()).status_code == 200
    slug = uuid4().hex
    refused = await create(backend, person, slug)()
    assert refused.status_code == 403
    problem = refused.json()
    assert problem["code"] == "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS"
    assert problem["message"] == (
        "You have reached the maximum number of organizations. No organization was created. "
        "You own 100: delete one, or leave one that has another owner."
    )
    assert (await backend.call(person, "organization/check-slug", slug=slug)).status_code == 200
    deleted = await backend.call(person, "organization/delete", organizationId=str(first))
    assert deleted.status_code == 200
    assert (await create(backend, person, slug)()).status_code == 200


async def test_only_organizations_that_one_owns_count(session: AsyncSession) -> None:
    """An admin or a member of many may create one; 101 made at once are no error either."""
    person, owner = await make_person(session, 0), await make_person(session, 0)
    clinics = await own(session, owner.id, 101)
    for number, organization_id in enumerate(clinics):
        role = (ADMIN, MEMBER)[number % 2]
        new_member = NewMember(organization_id=organization_id, user_id=person.id, role=role)
        await add_member(session, new_member)
    new = NewOrganization(name="Clinic", slug=uuid4().hex)
    of_person = NewMember(organization_id=new.id, user_id=person.id, role=OWNER)
    assert await organizations.create_organization(session, new, of_person)
    other = NewOrganization(name="Clinic", slug=uuid4().hex)
    of_owner = NewMember(organization_id=other.id, user_id=owner.id, role=OWNER)
    with pytest.raises(OrganizationLimitReached, match="You own 101"):
        await organizations.create_organization(session, other, of_owner)


async def test_a_list_of_organizations_ends(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With those that were joined first."""
    assert organizations.MAX_LISTED == 1_000
    monkeypatch.setattr(organizations, "MAX_LISTED", 2)
    person = await make_person(session, 0)
    for _ in range(3):
        await own(session, person.id, 1)
    joined = await session.exec(
        select(Member.organization_id)
        .where(Member.user_id == person.id)
        .order_by(col(Member.created_at), col(Member.id))
    )
    listed = await organizations.list_organizations(session, person.id)
    assert [each.id for each in listed] == list(joined.all())[:2]


STATUSES = [*InvitationStatus]


def new_invitations(
    clinic: Clinic, count: int, status: InvitationStatus, expires_at: datetime, email: str = ""
) -> list[Invitation]:
    """Make invitations, each one second older than the one before it."""
    now = clock.now()
    return [
        Invitation(
            organization_id=clinic.id,
            inviter_id=clinic.people[0].id,
            email=email or f"{uuid4().hex}@example.com",
            role=MEMBER,
            status=status,
            created_at=now - timedelta(seconds=age),
            expires_at=expires_at,
        )
        for age in range(count)
    ]


async def ids_of_invitations(session: AsyncSession, clinic: Clinic) -> set[UUID]:
    found = select(Invitation.id).where(Invitation.organization_id == clinic.id)
    return set((await session.exec(found)).all())


@pytest.mark.parametrize("status", STATUSES)
async def test_a_new_invitation_deletes_the_oldest_closed_ones(
    session: AsyncSession, status: InvitationStatus
) -> None:
    """The newest 100 stay, and so do all open ones and those of other organizations.

    A pending one is closed if it has expired, any other one however long it would last.
    """
    clinic, other = await make_clinic(session, OWNER), await make_clinic(session, OWNER)
    expires_at = clock.now() + (-HOUR if status is InvitationStatus.PENDING else HOUR)
    closed = new_invitations(clinic, 102, status, expires_at)
    untouched = new_invitations(other, 102, status, expires_at)
    old_and_open = new_invitations(clinic, 1, InvitationStatus.PENDING, clock.now() + HOUR)
    old_and_open[0].created_at -= 24 * HOUR
    session.add_all([*closed, *untouched, *old_and_open])
    await session.flush()
    invited = await invite(session, clinic, f"{uuid4().hex}@example.com")
    kept = {each.id for each in [*closed[:100], *old_and_open]} | {invited.id}
    assert invitations.MAX_CLOSED == 100
    assert await ids_of_invitations(session, clinic) == kept
    assert len(await ids_of_invitations(session, other)) == 102


async def test_what_only_prolongs_an_invitation_deletes_none(session: AsyncSession) -> None:
    """No row is added, so none has to go."""
    clinic = await make_clinic(session, OWNER)
    open_one = await invite(session, clinic, "guest@example.com")
    closed = new_invitations(clinic, 101, InvitationStatus.CANCELED, clock.now() + HOUR)
    session.add_all(closed)
    await session.flush()
    new = invitations.NewInvitation(
        organization_id=clinic.id,
        inviter_id=clinic.people[0].id,
        email=open_one.email,
        role=MEMBER,
    )
    assert await invitations.invite(session, new, resend=True) is open_one
    assert len(await ids_of_invitations(session, clinic)) == 102


async def get(backend: Backend, person: SignedUpUser, path: str) -> Any:
    headers = {"Authorization": f"Bearer {person.tokens[0]}"}
    found = await backend.client.get(f"/api/auth/organization/{path}", headers=headers)
    assert found.status_code == 200, found.text
    return found.json()


async def test_lists_of_invitations_end(backend: Backend) -> None:
    """With the newest 200, as many as an organization can have; the oldest of them comes first."""
    clinic, guest = await backend.make_clinic(OWNER), await backend.make_person()
    many = new_invitations(
        clinic, 201, InvitationStatus.PENDING, clock.now() - HOUR, email=guest.email
    )
    async with backend.session() as session:
        session.add_all(many)
        (await session.get_one(User, guest.id)).email_verified = True
    expected = [str(each.id) for each in reversed(many[:200])]
    [owner] = clinic.people
    full = await get(backend, owner, "get-full-organization")
    for listed in (
        await get(backend, owner, "list-invitations"),
        full["invitations"],
        await get(backend, guest, "list-user-invitations"),
    ):
        assert [each["id"] for each in listed] == expected
    assert invitations.MAX_LISTED == invitations.MAX_PENDING + invitations.MAX_CLOSED == 200

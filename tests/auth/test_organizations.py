"""Organizations without HTTP: what is deleted with one, and what stays."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import invitations, members, organizations, sessions
from app.auth.invitations import NewInvitation
from app.auth.members import NewMember
from app.auth.models import Member, Organization, Role, User
from app.auth.organization_errors import (
    NotAllowedToDeleteOrganization,
    NotAllowedToUpdateOrganization,
    NotAMember,
    NotAMemberBadRequest,
    OrganizationAlreadyExists,
    OrganizationNotFound,
    SlugTaken,
)
from app.auth.organizations import NewOrganization
from app.auth.schemas.organizations import OrganizationChanges
from app.auth.sessions import Client
from app.ids import new_id
from auth.clinics import Backend, Clinic, SignedUpUser, make_clinic, make_person
from conftest import seed

OWNER, ADMIN, MEMBER = Role
Rows = dict[str, set[tuple[Any, ...]]]

OF_AN_ORGANIZATION = {
    table.name for table in SQLModel.metadata.sorted_tables if "organization_id" in table.c
}


@pytest.fixture
async def full(client: httpx.AsyncClient, app: Litestar) -> AsyncIterator[AsyncSession]:
    """Open a transaction on three clinics with all kinds of rows, one invitation in each."""
    await seed(client, users=6, organizations=3, patients=9)
    async with AsyncSession(app.state.engine, expire_on_commit=False) as session:
        owners = await session.exec(select(Member).where(Member.role == OWNER))
        for owner in owners.all():
            new = NewInvitation(
                organization_id=owner.organization_id,
                inviter_id=owner.user_id,
                email="guest@example.net",
                role=MEMBER,
            )
            await invitations.invite(session, new)
            user = await session.get_one(User, owner.user_id)
            await sessions.open_session(session, user, Client())
        yield session


async def rows_of(session: AsyncSession) -> Rows:
    """Return of each table the ids of its rows, and of their organizations where they have one."""
    found: Rows = {}
    for table in SQLModel.metadata.sorted_tables:
        key = [*table.primary_key][-1]
        rows = await session.exec(select(key, table.c.get("organization_id", key)))
        found[table.name] = {tuple(row) for row in rows}
    return found


def outside(rows: Rows, organization_id: UUID) -> Rows:
    return {
        name: {row for row in of_table if organization_id not in row}
        for name, of_table in rows.items()
    }


async def test_a_deleted_organization_takes_all_that_is_its_own(full: AsyncSession) -> None:
    """Of each kind of row there was one; users, and all of other organizations, stay."""
    owner = (await full.exec(select(Member).where(Member.role == OWNER))).first()
    assert owner
    before = await rows_of(full)
    for name in OF_AN_ORGANIZATION:
        assert {owner.organization_id} < {row[1] for row in before[name]}, name
    await organizations.delete_organization(full, owner.user_id, owner.organization_id)
    after = await rows_of(full)
    assert after == outside(before, owner.organization_id)
    assert len(after["users"]) == 6
    assert len(after["organizations"]) == 2
    assert after["sessions"] == before["sessions"]


async def test_no_session_is_active_in_a_deleted_organization(session: AsyncSession) -> None:
    """Who is signed in stays signed in, without an active organization."""
    clinic = await make_clinic(session, OWNER, MEMBER)
    await organizations.delete_organization(session, clinic.people[0].id, clinic.id)
    session.expunge_all()
    for person in clinic.people:
        found = await sessions.find_session(session, person.tokens[0])
        assert found
        assert found.session.active_organization_id is None


@pytest.mark.parametrize("role", [ADMIN, MEMBER])
async def test_only_an_owner_deletes(session: AsyncSession, role: Role) -> None:
    """Neither another member nor a stranger does."""
    clinic, stranger = await make_clinic(session, OWNER, role), await make_person(session)
    with pytest.raises(NotAllowedToDeleteOrganization):
        await organizations.delete_organization(session, clinic.people[1].id, clinic.id)
    with pytest.raises(NotAMember):
        await organizations.delete_organization(session, stranger.id, clinic.id)
    assert await session.get(Organization, clinic.id)


async def test_members_and_strangers_change_nothing(session: AsyncSession) -> None:
    """An admin does."""
    clinic, stranger = await make_clinic(session, OWNER, ADMIN, MEMBER), await make_person(session)
    changes = OrganizationChanges(name="Changed")
    with pytest.raises(NotAllowedToUpdateOrganization):
        await organizations.update_organization(session, clinic.people[2].id, clinic.id, changes)
    with pytest.raises(NotAMemberBadRequest):
        await organizations.update_organization(session, stranger.id, clinic.id, changes)
    admin = clinic.people[1].id
    changed = await organizations.update_organization(session, admin, clinic.id, changes)
    assert (changed.name, changed.slug) == ("Changed", clinic.slug)


async def test_a_slug_is_that_of_one_organization(session: AsyncSession) -> None:
    """Its own it may keep; another's it may not have, nor may a new one."""
    clinic, other = await make_clinic(session, OWNER), await make_clinic(session, OWNER)
    owner = clinic.people[0].id
    own = OrganizationChanges(slug=clinic.slug, name="Changed")
    assert (await organizations.update_organization(session, owner, clinic.id, own)).name
    taken = OrganizationChanges(slug=other.slug)
    with pytest.raises(SlugTaken):
        await organizations.update_organization(session, owner, clinic.id, taken)
    new = NewOrganization(name="New", slug=other.slug)
    with pytest.raises(OrganizationAlreadyExists):
        await organizations.create_organization(
            session, new, NewMember(organization_id=new.id, user_id=owner, role=OWNER)
        )


async def test_a_taken_slug_is_refused_before_it_is_written(
    session: AsyncSession, backend: Backend
) -> None:
    """Two concurrent calls that set each other's slug would wait for each other."""
    clinic, other = await make_clinic(session, OWNER), await make_clinic(session, OWNER)
    owner = clinic.people[0].id
    taken = OrganizationChanges(slug=other.slug)
    with backend.counting_statements() as sent, pytest.raises(SlugTaken):
        await organizations.update_organization(session, owner, clinic.id, taken)
    assert sent
    assert not any(statement.startswith("UPDATE") for statement in sent)


async def test_an_organization_is_seen_by_its_members(session: AsyncSession) -> None:
    """A user who is not a member learns that the slug exists; an unknown slug is not found."""
    clinic, stranger = await make_clinic(session, OWNER), await make_person(session)
    for get in (organizations.get_organization, organizations.lock_membership):
        assert await get(session, clinic.people[0].id, clinic.id)
        with pytest.raises(NotAMember):
            await get(session, stranger.id, clinic.id)
        with pytest.raises(OrganizationNotFound):
            await get(session, stranger.id, new_id())


ID_AND_SLUG: Mapping[str, Callable[[Any], str]] = {
    "get-organization": lambda response: response["id"],
    "get-full-organization": lambda response: response["id"],
    "list-members": lambda response: response["members"][0]["organizationId"],
}


@pytest.mark.parametrize("path", ID_AND_SLUG)
async def test_the_slug_counts_before_the_id(backend: Backend, path: str) -> None:
    """An id and the slug of another organization lead to the slug's; an empty slug names none."""
    by_id, by_slug = await two_clinics_of_one_owner(backend)
    both = {"organizationId": str(by_id.id), "organizationSlug": by_slug.slug}
    owner = by_id.people[0]
    for query, found in ((both, by_slug), ({**both, "organizationSlug": ""}, by_id)):
        response = await get(backend, owner, path, query)
        assert ID_AND_SLUG[path](response.json()) == str(found.id)
    unknown = {**both, "organizationSlug": "no-such-slug"}
    refused = await get(backend, owner, path, unknown)
    assert (refused.status_code, refused.json()["code"]) == (400, "ORGANIZATION_NOT_FOUND")


async def test_the_slug_decides_whose_role_is_returned(backend: Backend) -> None:
    """The caller owns one organization and is a member of the other."""
    owned, other = await two_clinics_of_one_owner(backend, role=MEMBER)
    query = {"organizationId": str(owned.id), "organizationSlug": other.slug}
    response = await get(backend, owned.people[0], "get-active-member-role", query)
    assert response.json() == {"role": "member"}


async def test_an_id_counts_before_the_slug_where_an_organization_becomes_active(
    backend: Backend,
) -> None:
    """As in Better Auth."""
    by_id, by_slug = await two_clinics_of_one_owner(backend)
    response = await backend.call(
        by_id.people[0],
        "organization/set-active",
        organizationId=str(by_id.id),
        organizationSlug=by_slug.slug,
    )
    assert response.json()["id"] == str(by_id.id)


async def two_clinics_of_one_owner(backend: Backend, role: Role = OWNER) -> tuple[Clinic, Clinic]:
    clinic, other = await backend.make_clinic(OWNER), await backend.make_clinic(OWNER)
    async with backend.session() as session:
        new = NewMember(organization_id=other.id, user_id=clinic.people[0].id, role=role)
        await members.add_member(session, new)
    return clinic, other


async def get(
    backend: Backend, person: SignedUpUser, path: str, query: dict[str, str]
) -> httpx.Response:
    return await backend.client.get(
        f"/api/auth/organization/{path}",
        params=query,
        headers={"Authorization": f"Bearer {person.tokens[0]}"},
    )

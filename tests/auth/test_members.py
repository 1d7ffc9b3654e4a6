"""Members without HTTP: what leaving ends, and how they are listed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import members, organizations, sessions
from app.auth.member_filters import FilterOperator, read_filter
from app.auth.members import MemberField, MemberQuery, NewMember
from app.auth.models import Member, Role, Session, User
from app.auth.organizations import NewOrganization
from app.auth.sessions import Client
from auth.clinics import Backend, Clinic, make_clinic

OWNER, ADMIN, MEMBER = Role


async def remove(session: AsyncSession, clinic: Clinic) -> None:
    owner, person = clinic.people[:2]
    await members.remove_member(session, owner.id, clinic.id, person.email)


async def leave(session: AsyncSession, clinic: Clinic) -> None:
    await members.leave(session, clinic.people[1].id, clinic.id)


@pytest.mark.parametrize("end", [remove, leave], ids=["removed", "left"])
async def test_an_organization_is_active_in_no_session_of_a_former_member(
    session: AsyncSession, end: Callable[[AsyncSession, Clinic], Any]
) -> None:
    """In none of their sessions; other users' sessions and organizations do not change."""
    clinic = await make_clinic(session, OWNER, MEMBER, MEMBER, signed_in=2)
    leaver = await session.get_one(User, clinic.people[1].id)
    new = NewOrganization(name="Other", slug=str(clinic.id))
    owner = NewMember(organization_id=new.id, user_id=leaver.id, role=OWNER)
    await organizations.create_organization(session, new, owner)
    elsewhere = await sessions.open_session(session, leaver, Client())
    await sessions.activate(session, elsewhere, new.id)
    await end(session, clinic)
    active = await active_organizations(session)
    assert sorted(map(str, active.pop(leaver.id))) == sorted(["None", "None", str(new.id)])
    for person in (clinic.people[0], clinic.people[2]):
        assert active[person.id] == [clinic.id] * 2
    assert await members.find_member(session, clinic.id, leaver.id) is None
    assert await members.find_member(session, new.id, leaver.id)


async def active_organizations(session: AsyncSession) -> dict[UUID, list[UUID | None]]:
    found: dict[UUID, list[UUID | None]] = {}
    rows = await session.exec(select(Session.user_id, Session.active_organization_id))
    for user_id, organization_id in rows:
        found.setdefault(user_id, []).append(organization_id)
    return found


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort_by", list(MemberField))
async def test_pages_of_members_are_complete(
    session: AsyncSession, sort_by: MemberField, descending: bool
) -> None:
    """Every member is on one page, even where all are alike in what they are sorted by."""
    clinic = await make_clinic(session, OWNER, *[MEMBER] * 6)
    other = await make_clinic(session, OWNER, MEMBER)
    caller = clinic.people[3].id
    first = (await session.get_one(Member, (clinic.id, clinic.member_ids[0]))).created_at
    everybody = update(Member).where(col(Member.organization_id) == clinic.id)
    await session.exec(everybody.values(created_at=first))
    listed: list[UUID] = []
    for offset in range(0, 9, 3):
        page = MemberQuery(limit=3, offset=offset, sort_by=sort_by, descending=descending)
        rows, total = await members.list_members(session, caller, clinic.id, page)
        assert total == 7
        assert [user.id for _, user in rows] == [member.user_id for member, _ in rows]
        listed += [member.id for member, _ in rows]
    assert len(listed) == 7
    assert set(listed) == set(clinic.member_ids)
    assert not set(listed) & set(other.member_ids)
    whole = MemberQuery(sort_by=sort_by, descending=descending)
    again, _ = await members.list_members(session, caller, clinic.id, whole)
    assert [member.id for member, _ in again] == listed


async def test_a_page_of_some_roles_counts_those_alone(session: AsyncSession) -> None:
    """The total is that of the filter, not of the page and not of the organization."""
    clinic = await make_clinic(session, OWNER, ADMIN, MEMBER, ADMIN)
    caller = clinic.people[2].id

    async def count(
        field: MemberField, operator: FilterOperator, value: Any, limit: int = 1
    ) -> tuple[int, int]:
        page = MemberQuery(limit=limit, filter=read_filter(field, operator, [str(value)]))
        rows, total = await members.list_members(session, caller, clinic.id, page)
        return len(rows), total

    equal, other = FilterOperator.EQUAL, FilterOperator.NOT_EQUAL
    assert await count(MemberField.ROLE, equal, ADMIN) == (1, 2)
    assert await count(MemberField.ROLE, other, ADMIN, limit=9) == (2, 2)
    assert await count(MemberField.USER_ID, equal, caller) == (1, 1)
    assert await count(MemberField.ID, other, clinic.member_ids[0]) == (1, 3)
    assert await count(MemberField.ROLE, equal, "janitor") == (0, 0)


@pytest.mark.parametrize("path", ["list-members", "get-full-organization", "list"])
async def test_a_large_clinic_takes_no_more_statements(backend: Backend, path: str) -> None:
    """However many members and invitations there are, and of however many clinics."""
    counts = []
    for size in (1, 12):
        clinic = await backend.make_clinic(OWNER, *[MEMBER] * size)
        owner = clinic.people[0]
        for number in range(size):
            await backend.invite(clinic, f"{number}@example.com")
            slug = f"{clinic.id}-{number}"
            await backend.call(owner, "organization/create", name="Clinic", slug=slug)
        await backend.call(owner, "organization/set-active", organizationId=str(clinic.id))
        with backend.counting_statements() as sent:
            response = await backend.client.get(
                f"/api/auth/organization/{path}",
                headers={"Authorization": f"Bearer {owner.tokens[0]}"},
            )
        assert response.status_code == 200
        assert str(response.json()).count("'id'") > size
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12

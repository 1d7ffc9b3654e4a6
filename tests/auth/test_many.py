"""Creating many users, organizations and members at once, on both databases."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth import invitations, members, organizations, users
from app.auth.errors import PasswordTooLong, PasswordTooShort, UserAlreadyExists
from app.auth.invitations import IssuedInvitation
from app.auth.members import MemberQuery, NewMember
from app.auth.models import (
    Account,
    Invitation,
    InvitationStatus,
    Member,
    Organization,
    Role,
    User,
)
from app.auth.organization_errors import OrganizationAlreadyExists
from app.auth.organizations import NewOrganization
from app.auth.users import NewUser
from auth.clinics import PASSWORD, PASSWORDS, Backend, make_clinic, make_person, sign_in_with

OWNER, ADMIN, MEMBER = Role
# What precedes each COPY, which SQLAlchemy does not send as a statement.


def assert_written(tables: list[str], sent: Sequence[str], backend: Backend) -> None:
    """One statement a table; COPY is none of SQLAlchemy's."""
    if backend.engine.dialect.name == "postgresql":
        # Practitioners may be there already, which COPY does not accept.
        tables = [table for table in tables if table == "practitioners"]
    assert [each.split()[2] for each in sent] == tables


def new_users(count: int, **fields: Any) -> list[NewUser]:
    return [
        NewUser(
            **{"name": "Ada", "email": f"{uuid4().hex}@X.example", "password": PASSWORD, **fields}
        )
        for _ in range(count)
    ]


def new_organization(**fields: Any) -> NewOrganization:
    return NewOrganization(**{"name": "Clinic", "slug": uuid4().hex, **fields})


def owned(new: NewOrganization, owner: NewUser) -> tuple[NewOrganization, NewMember]:
    return new, NewMember(organization_id=new.id, user_id=owner.id, role=OWNER)


async def sign_up(session: AsyncSession, count: int) -> Sequence[NewUser]:
    made = new_users(count)
    await users.sign_up_all(session, PASSWORDS, made)
    return made


async def test_many_users_cost_one_statement_a_table(
    session: AsyncSession, backend: Backend
) -> None:
    """And no object: the session remembers none of them."""
    made = new_users(50)
    await session.connection()
    with backend.counting_statements() as sent:
        await users.sign_up_all(session, PASSWORDS, made)
    assert_written(["users", "accounts"], sent, backend)
    assert len(session.identity_map) == 0


async def test_each_of_many_is_like_one_who_signed_up(session: AsyncSession) -> None:
    """The rows are those of `sign_up`, and each signs in with the own password."""
    ada, bob = new_users(1, password="ada's password") + new_users(1, specialization=("back",))
    await users.sign_up(session, PASSWORDS, eve := new_users(1)[0])
    await users.sign_up_all(session, PASSWORDS, [ada, bob])
    for new in (ada, bob, eve):
        signed_in = await sign_in_with(session, new.email, new.password)
        user = signed_in.user
        assert (user.id, user.email, user.image) == (new.id, new.email.lower(), None)
        assert user.specialization == list(new.specialization)
        account = (await session.exec(select(Account).where(Account.user_id == new.id))).one()
        assert (account.id, account.account_id) == (new.account_row_id, str(new.id))
        assert account.provider_id == "credential"
        assert abs((user.created_at - account.created_at).total_seconds()) < 60


async def test_an_address_of_many_may_be_taken(session: AsyncSession) -> None:
    """By somebody else, in any case of letters, or twice in the same batch."""
    [taken] = await sign_up(session, 1)
    for batch in (
        [*new_users(2), *new_users(1, email=taken.email.upper())],
        new_users(2, email=f"{uuid4().hex}@x.example"),
    ):
        with pytest.raises(UserAlreadyExists):
            async with session.begin_nested():
                await users.sign_up_all(session, PASSWORDS, batch)


@pytest.mark.parametrize(
    ("password", "error"), [("1234567", PasswordTooShort), ("x" * 129, PasswordTooLong)]
)
async def test_one_wrong_password_of_many_refuses_them_all(
    session: AsyncSession, backend: Backend, password: str, error: type[Exception]
) -> None:
    """At any position, and before anything is written."""
    await session.connection()
    with backend.counting_statements() as sent, pytest.raises(error):
        await users.sign_up_all(
            session, PASSWORDS, [*new_users(2), *new_users(1, password=password), *new_users(1)]
        )
    assert sent == []


async def test_an_empty_batch_writes_nothing(session: AsyncSession) -> None:
    """It is no error either."""

    async def count_rows() -> list[int]:
        tables = (User, Account, Organization, Member, Invitation)
        return [
            (await session.exec(select(func.count()).select_from(each))).one() for each in tables
        ]

    before = await count_rows()
    await users.sign_up_all(session, PASSWORDS, [])
    await organizations.create_organizations(session, [])
    await members.add_members(session, [])
    await invitations.add_invitations(session, [])
    await session.flush()
    assert await count_rows() == before


async def test_members_are_added_at_once_and_in_order(
    session: AsyncSession, backend: Backend
) -> None:
    """One statement writes them all, and a list returns them as they were given."""
    clinic = await make_clinic(session, OWNER)
    people = await sign_up(session, 50)
    new = [
        NewMember(organization_id=clinic.id, user_id=user.id, role=ADMIN if index % 5 else MEMBER)
        for index, user in enumerate(people)
    ]
    session.expunge_all()
    with backend.counting_statements() as sent:
        await members.add_members(session, new)
    assert_written(["practitioners", "members"], sent, backend)
    assert len(session.identity_map) == 0
    found, total = await members.list_members(
        session, clinic.people[0].id, clinic.id, MemberQuery()
    )
    assert total == 51
    assert [(m.id, m.user_id, m.role) for m, _ in found[1:]] == [
        (each.id, each.user_id, each.role) for each in new
    ]


async def test_members_come_after_what_the_session_has_yet_to_write(
    session: AsyncSession,
) -> None:
    """An organization that was only added to the session is there by then."""
    person = await make_person(session)
    organization = Organization(name="Clinic", slug=uuid4().hex)
    session.add(organization)
    new = NewMember(organization_id=organization.id, user_id=person.id, role=OWNER)
    await members.add_members(session, [new])
    assert await members.find_member(session, organization.id, person.id)


async def test_nobody_is_added_twice(session: AsyncSession) -> None:
    """The database holds that a user is one member of an organization, and writes none of them."""
    clinic = await make_clinic(session, OWNER)
    [other] = await sign_up(session, 1)
    batch = [
        NewMember(organization_id=clinic.id, user_id=user_id, role=MEMBER)
        for user_id in (other.id, clinic.people[0].id)
    ]
    # An IntegrityError, except on Citus.
    with pytest.raises(DBAPIError, match=r"duplicate key|UNIQUE constraint"):
        async with session.begin_nested():
            await members.add_members(session, batch)
    found = await session.exec(select(Member.role).where(Member.organization_id == clinic.id))
    assert found.all() == [OWNER]


async def test_many_organizations_come_with_their_owners(
    session: AsyncSession, backend: Backend
) -> None:
    """One statement a table, and the rows are those of `create_organization`."""
    details = {"colour": "green"}
    made = [new_organization(logo="logo.png", details=details), new_organization()]
    batch = [owned(new, user) for new, user in zip(made, await sign_up(session, 2), strict=True)]
    with backend.counting_statements() as sent:
        await organizations.create_organizations(session, batch)
    assert_written(["organizations", "practitioners", "members"], sent, backend)
    for (new, owner), given in zip(batch, (details, None), strict=True):
        organization, member = await organizations.get_organization(session, owner.user_id, new.id)
        assert (organization.name, organization.slug) == (new.name, new.slug)
        assert (organization.logo, organization.details) == (new.logo, given)
        assert (member.id, member.role) == (owner.id, OWNER)
    bare = select(Organization.id).where(col(Organization.details).is_(None))
    assert made[1].id in (await session.exec(bare)).all()


async def test_a_slug_of_many_may_be_taken(session: AsyncSession) -> None:
    """By another organization, or twice in the same batch."""
    taken = (await make_clinic(session, OWNER)).slug
    people = await sign_up(session, 2)
    for slugs in ((uuid4().hex, taken), ("twice", "twice")):
        batch = [
            owned(new_organization(slug=slug), user)
            for slug, user in zip(slugs, people, strict=True)
        ]
        with pytest.raises(OrganizationAlreadyExists):
            async with session.begin_nested():
                await organizations.create_organizations(session, batch)


async def test_invitations_are_added_with_what_has_become_of_them(
    session: AsyncSession, backend: Backend
) -> None:
    """One statement writes them all, and a list returns them as they were given."""
    clinic = await make_clinic(session, OWNER)
    owner, now = clinic.people[0].id, clock.now()
    new = [
        IssuedInvitation(
            id=uuid4(),
            organization_id=clinic.id,
            inviter_id=owner,
            email=f"{status}@example.com",
            role=MEMBER,
            status=status,
            expires_at=now + timedelta(hours=hours),
        )
        for status in InvitationStatus
        for hours in (-1, 1)
    ]
    with backend.counting_statements() as sent:
        await invitations.add_invitations(session, new)
    assert_written(["invitations"], sent, backend)
    found = await invitations.list_invitations(session, owner, clinic.id)
    assert [(each.id, each.email, each.role, each.status, each.expires_at) for each in found] == [
        (each.id, each.email, each.role, each.status, each.expires_at) for each in new
    ]

"""The services of identities, called without HTTP, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock
from app.auth import members, organizations, sessions, users
from app.auth.errors import (
    InvalidEmailOrPassword,
    PasswordTooLong,
    PasswordTooShort,
    UserAlreadyExists,
)
from app.auth.members import NewMember
from app.auth.models import Account, Member, Role, Session, User
from app.auth.organization_errors import OrganizationAlreadyExists
from app.auth.organizations import NewOrganization
from app.auth.passwords import Passwords
from app.auth.sessions import Client
from app.auth.users import NewUser
from app.settings import Environment
from auth.clinics import Backend, sign_in_with

PASSWORDS = Passwords(Environment.TEST)
ADA = NewUser(name="Ada One", email="Ada@Example.com", password="Password123")


async def test_signing_up_stores_the_hash_in_the_account_alone(session: AsyncSession) -> None:
    """The user's row has no password, and the account no readable one."""
    user = await users.sign_up(session, PASSWORDS, ADA)
    account = (await session.exec(select(Account).where(Account.user_id == user.id))).one()
    assert user.email == "ada@example.com"
    assert account.provider_id == "credential"
    assert account.account_id == str(user.id)
    assert account.password
    assert await PASSWORDS.verify("Password123", account.password)
    assert "password" not in User.model_fields
    assert "Password123" not in repr(ADA)


async def test_an_address_is_taken_in_any_case(session: AsyncSession) -> None:
    """Upper and lower case are the same person."""
    await users.sign_up(session, PASSWORDS, ADA)
    with pytest.raises(UserAlreadyExists):
        await users.sign_up(
            session, PASSWORDS, NewUser(name="A", email="ADA@example.com", password="Password123")
        )


async def test_a_batch_with_an_address_twice_is_refused(session: AsyncSession) -> None:
    """The database finds what nobody looked for."""
    with pytest.raises(UserAlreadyExists):
        await users.sign_up_all(
            session,
            PASSWORDS,
            [ADA, NewUser(name="A", email="ada@example.com", password="Password123")],
        )


@pytest.mark.parametrize(
    ("password", "error"), [("1234567", PasswordTooShort), ("x" * 129, PasswordTooLong)]
)
async def test_passwords_have_8_to_128_characters(
    session: AsyncSession, password: str, error: type[Exception]
) -> None:
    """One less or one more is refused before anything is hashed."""
    with pytest.raises(error):
        await users.sign_up(
            session, PASSWORDS, NewUser(name="A", email="a@example.com", password=password)
        )


async def test_an_organization_comes_with_its_owner_and_takes_members(
    session: AsyncSession,
) -> None:
    """Creating makes the owner, adding makes the others."""
    ada = await users.sign_up(session, PASSWORDS, ADA)
    bob = await users.sign_up(
        session, PASSWORDS, NewUser(name="Bob", email="bob@example.com", password="Password123")
    )
    clinic = NewOrganization(name="Clinic", slug="clinic")
    owner = NewMember(organization_id=clinic.id, user_id=ada.id, role=Role.OWNER)
    organization, _ = await organizations.create_organization(session, clinic, owner)
    await members.add_member(
        session, NewMember(organization_id=organization.id, user_id=bob.id, role=Role.ADMIN)
    )
    found = await session.exec(select(Member).where(Member.organization_id == organization.id))
    assert {(m.user_id, m.role) for m in found} == {(ada.id, Role.OWNER), (bob.id, Role.ADMIN)}
    with pytest.raises(OrganizationAlreadyExists):
        await organizations.create_organization(
            session, NewOrganization(name="Other", slug="clinic"), owner
        )


async def test_signing_in_opens_a_session_in_the_first_organization(
    session: AsyncSession,
) -> None:
    """The database holds only the token's hash, for seven days."""
    ada = await users.sign_up(session, PASSWORDS, ADA)
    clinic = NewOrganization(name="Clinic", slug="clinic")
    owner = NewMember(organization_id=clinic.id, user_id=ada.id, role=Role.OWNER)
    await organizations.create_organization(session, clinic, owner)
    client = Client(ip_address="127.0.0.1", user_agent="test")
    signed_in = await sign_in_with(session, "ADA@example.com", "Password123", client)
    row = (await session.exec(select(Session).where(Session.user_id == ada.id))).one()
    assert row.active_organization_id == clinic.id
    assert row.token != signed_in.token
    assert timedelta(days=6) < row.expires_at - clock.now() <= timedelta(days=7)
    found = await sessions.find_session(session, signed_in.token)
    assert found
    assert found.user.id == ada.id
    assert await sessions.find_session(session, row.token) is None
    await sessions.sign_out(session, signed_in.token)
    assert await sessions.find_session(session, signed_in.token) is None


async def test_a_session_that_is_over_is_not_found(session: AsyncSession) -> None:
    """After its last moment a token is worth nothing."""
    ada = await users.sign_up(session, PASSWORDS, ADA)
    signed_in = await sessions.open_session(session, ada, Client())
    signed_in.session.expires_at = clock.now() - timedelta(seconds=1)
    await session.flush()
    assert await sessions.find_session(session, signed_in.token) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.com", "password123"), ("nobody@example.com", "Password123")],
)
async def test_a_wrong_password_and_an_unknown_address_are_one_refusal(
    session: AsyncSession, email: str, password: str
) -> None:
    """Nobody learns which addresses exist."""
    await users.sign_up(session, PASSWORDS, ADA)
    with pytest.raises(InvalidEmailOrPassword):
        await sign_in_with(session, email, password)


async def test_services_do_not_commit(session: AsyncSession, backend: Backend) -> None:
    """The code that opened the transaction decides how it ends."""
    await users.sign_up(session, PASSWORDS, ADA)
    await session.rollback()
    async with backend.engine.connect() as connection:
        found = await connection.execute(text("SELECT 1 FROM users WHERE email LIKE 'ada@%'"))
        assert found.first() is None

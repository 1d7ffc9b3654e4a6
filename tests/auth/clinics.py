"""People and clinics of a test's own, made without HTTP, and calls in their names."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
from litestar import Litestar
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import invitations, members, organizations, sessions, users
from app.auth.attempts import Attempts
from app.auth.invitations import NewInvitation
from app.auth.members import NewMember
from app.auth.models import Invitation, Role, User
from app.auth.organizations import NewOrganization
from app.auth.passwords import Passwords
from app.auth.sessions import Client, SignedIn
from app.auth.users import NewUser
from app.settings import Environment

PASSWORD = "Password123"
PASSWORDS = Passwords(Environment.TEST)
# Each finds the rows that break a rule, which must hold at any time.
RULES = {
    "an organization has an owner": """
        SELECT id FROM organizations WHERE id NOT IN (
            SELECT organization_id FROM members WHERE role = 'owner')""",
    "a user is one member of an organization": """
        SELECT user_id FROM members GROUP BY organization_id, user_id HAVING count(*) > 1""",
    "an address has one pending invitation to an organization": """
        SELECT email FROM invitations WHERE status = 'pending'
        GROUP BY organization_id, email HAVING count(*) > 1""",
    "an address is one user": "SELECT lower(email) FROM users GROUP BY 1 HAVING count(*) > 1",
    "a user has one password": "SELECT user_id FROM accounts GROUP BY 1 HAVING count(*) > 1",
    "a user has 100 sessions at most": """
        SELECT user_id FROM sessions GROUP BY user_id HAVING count(*) > 100""",
    "an organization has 200 invitations at most": """
        SELECT organization_id FROM invitations GROUP BY organization_id HAVING count(*) > 200""",
    "an active organization is one of the user's": """
        SELECT id FROM sessions WHERE active_organization_id IS NOT NULL
        AND (user_id, active_organization_id) NOT IN (
            SELECT user_id, organization_id FROM members)""",
}


@dataclass(frozen=True, slots=True)
class SignedUpUser:
    """`tokens` are those of the sessions, the first opened first."""

    id: UUID
    email: str
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class Clinic:
    """`member_ids` are those of the memberships, in the order of the people."""

    id: UUID
    slug: str
    people: Sequence[SignedUpUser]
    member_ids: Sequence[UUID]


class Backend:
    """An application, its database and a client, for many tests to make clinics in."""

    def __init__(self, app: Litestar, client: httpx.AsyncClient) -> None:
        self.engine: AsyncEngine = app.state.engine
        self.attempts: Attempts = app.state.attempts
        self.client = client

    @property
    def is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that commits."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def call(
        self, caller: SignedUpUser | None, path: str, *, token: int = 0, **body: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {caller.tokens[token]}"} if caller else {}
        return await self.client.post(f"/api/auth/{path}", json=body, headers=headers)

    async def make_person(self, signed_in: int = 1) -> SignedUpUser:
        async with self.session() as session:
            return await make_person(session, signed_in)

    async def make_clinic(self, *roles: Role, signed_in: int = 1) -> Clinic:
        async with self.session() as session:
            return await make_clinic(session, *roles, signed_in=signed_in)

    async def invite(self, clinic: Clinic, email: str, role: Role = Role.MEMBER) -> str:
        async with self.session() as session:
            return str((await invite(session, clinic, email, role)).id)

    @contextmanager
    def counting_statements(self) -> Iterator[list[str]]:
        sent: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        event.listen(self.engine.sync_engine, "before_cursor_execute", count)
        yield sent
        event.remove(self.engine.sync_engine, "before_cursor_execute", count)

    async def broken_rules(self) -> dict[str, list[Any]]:
        async with self.engine.connect() as connection:
            found = {rule: await connection.execute(text(query)) for rule, query in RULES.items()}
        broken = {rule: [row[0] for row in rows] for rule, rows in found.items()}
        return {rule: rows for rule, rows in broken.items() if rows}


async def make_person(session: AsyncSession, signed_in: int = 1) -> SignedUpUser:
    new_user = _new_user()
    user = await users.sign_up(session, PASSWORDS, new_user)
    opened = [await sessions.open_session(session, user, Client()) for _ in range(signed_in)]
    return SignedUpUser(user.id, user.email, [each.token for each in opened])


def _new_user() -> NewUser:
    return NewUser(name="Ada Example", email=f"{uuid4().hex}@example.com", password=PASSWORD)


async def make_clinic(session: AsyncSession, *roles: Role, signed_in: int = 1) -> Clinic:
    """Make one person for each role, an owner first; it is the active clinic of all of them.

    With few statements, however many people there are.
    """
    new = NewOrganization(name="Clinic", slug=uuid4().hex)
    new_users = [_new_user() for _ in roles]
    owner, *others = [
        NewMember(organization_id=new.id, user_id=user.id, role=role)
        for user, role in zip(new_users, roles, strict=True)
    ]
    await users.sign_up_all(session, PASSWORDS, new_users)
    await organizations.create_organizations(session, [(new, owner)])
    await members.add_members(session, others)
    found = await session.exec(
        select(User).where(col(User.id).in_([each.id for each in new_users]))
    )
    by_id = {user.id: user for user in found}
    in_order = [by_id[each.id] for each in new_users]
    opened = [await sessions.open_sessions(session, in_order, Client()) for _ in range(signed_in)]
    people = [
        SignedUpUser(user.id, user.email, [of_all[place].token for of_all in opened])
        for place, user in enumerate(in_order)
    ]
    return Clinic(new.id, new.slug, people, [each.id for each in (owner, *others)])


async def sign_in(session: AsyncSession, person: SignedUpUser, times: int = 1) -> SignedUpUser:
    tokens = list(person.tokens)
    for _ in range(times):
        opened = await sign_in_with(session, person.email, PASSWORD)
        tokens.append(opened.token)
    return SignedUpUser(person.id, person.email, tokens)


async def sign_in_with(
    session: AsyncSession, email: str, password: str, client: Client | None = None
) -> SignedIn:
    """Sign in as the endpoint does, but in a single transaction."""
    credential = await users.find_credential(session, email)
    verified = await users.verify_credential(PASSWORDS, credential, password)
    return await sessions.sign_in(session, email, verified, client or Client())


async def invite(
    session: AsyncSession, clinic: Clinic, email: str, role: Role = Role.MEMBER
) -> Invitation:
    new = NewInvitation(
        organization_id=clinic.id, inviter_id=clinic.people[0].id, email=email, role=role
    )
    return await invitations.invite(session, new)

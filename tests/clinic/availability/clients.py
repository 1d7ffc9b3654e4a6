"""Clients of a practitioner of two clinics, and of the people around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth import members, sessions
from app.auth.members import NewMember
from app.auth.models import Role, User
from app.auth.sessions import Client
from app.clinic.availability.models import AvailabilityException, WeeklyAvailabilityTemplate
from auth.clinics import Backend, Clinic, SignedUpUser, make_clinic
from conftest import make_app, open_client, seed

MONDAY = "2031-01-06"
HOURS = {"dayOfWeek": "mon", "location": "clinic", "maxSessions": 1}
DATE = {"date": MONDAY, "isAvailable": True, "reason": "other"}
TABLES: dict[str, type[WeeklyAvailabilityTemplate | AvailabilityException]] = {
    "templates": WeeklyAvailabilityTemplate,
    "exceptions": AvailabilityException,
}
KINDS = tuple(TABLES)
COMMON = {"templates": HOURS, "exceptions": DATE}

# What says nothing of the database is tried on one of them.
ON_SQLITE = pytest.mark.parametrize("shared_clients", ["sqlite"], indirect=True)


@dataclass(frozen=True, slots=True)
class SlotClient:
    """Somebody at work in an organization."""

    client: httpx.AsyncClient
    user_id: UUID
    organization_id: UUID
    token: str

    async def call(
        self, method: str, path: str, *, if_match: str | None = None, **options: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        if if_match is not None:
            headers["If-Match"] = if_match
        url = f"/api/availability/{path}"
        return await self.client.request(method, url, headers=headers, **options)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.call("GET", path, params=query)

    async def post(self, kind: str, **fields: Any) -> httpx.Response:
        return await self.call("POST", kind, json=COMMON[kind] | fields)

    async def put(
        self, kind: str, slot_id: str, *, if_match: str | None = None, **fields: Any
    ) -> httpx.Response:
        body = COMMON[kind] | fields
        return await self.call("PUT", f"{kind}/{slot_id}", json=body, if_match=if_match)

    async def delete(
        self, kind: str, slot_id: str, *, if_match: str | None = None
    ) -> httpx.Response:
        return await self.call("DELETE", f"{kind}/{slot_id}", if_match=if_match)

    async def make(self, kind: str, **fields: Any) -> Any:
        response = await self.post(kind, **fields)
        assert response.status_code == 201, response.text
        return response.json()


@dataclass(frozen=True, slots=True)
class Clients:
    """`away` is the practitioner at work in the other clinic, which `stranger` owns."""

    backend: Backend
    owner: SlotClient
    admin: SlotClient
    practitioner: SlotClient
    colleague: SlotClient
    away: SlotClient
    stranger: SlotClient


async def make_clients(backend: Backend) -> Clients:
    async with backend.session() as session:
        clinic = await make_clinic(session, Role.OWNER, Role.ADMIN, Role.MEMBER, Role.MEMBER)
        other = await make_clinic(session, Role.OWNER)
        owner, admin, practitioner, colleague = (
            _client(backend, clinic, person) for person in clinic.people
        )
        stranger = _client(backend, other, other.people[0])
        away = await _join(session, backend, clinic.people[2], other)
    return Clients(backend, owner, admin, practitioner, colleague, away, stranger)


def _client(backend: Backend, clinic: Clinic, person: SignedUpUser) -> SlotClient:
    return SlotClient(backend.client, person.id, clinic.id, person.tokens[0])


async def _join(
    session: AsyncSession, backend: Backend, person: SignedUpUser, clinic: Clinic
) -> SlotClient:
    new = NewMember(organization_id=clinic.id, user_id=person.id, role=Role.MEMBER)
    await members.add_member(session, new)
    user = await session.get_one(User, person.id)
    opened = await sessions.open_session(session, user, Client())
    await sessions.activate(session, opened, clinic.id)
    return SlotClient(backend.client, person.id, clinic.id, opened.token)


@asynccontextmanager
async def open_clients(url: str) -> AsyncIterator[Clients]:
    app = make_app(url)
    async with open_client(app) as client:
        await seed(client, users=1, organizations=1, patients=0)
        yield await make_clients(Backend(app, client))


async def delete_slots(clients: Clients) -> None:
    clinics = (clients.owner.organization_id, clients.stranger.organization_id)
    async with clients.backend.session() as session:
        for table in TABLES.values():
            await session.exec(delete(table).where(col(table.organization_id).in_(clinics)))

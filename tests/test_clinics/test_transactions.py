"""A clinic has its own transaction, which nobody sees and nobody waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from app.auth.sessions import Client
from app.database.engine import new_session
from app.settings import Environment
from app.test_clinics.schemas import AddClinic
from app.test_clinics.service import add_clinic, remove_clinic
from conftest import NewDatabase, open_app, seed
from restores.raw_rows import dump
from test_clinics.calls import CLINICS, add, remove

WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)
FEW: dict[str, Any] = {"users": 3, "organizations": 2, "patients": 2, "asOf": "2026-01-01"}
SECONDS = 45  # less than a request waits for a lock


@pytest.fixture
def database_url(new_postgresql: NewDatabase) -> str:
    return new_postgresql(None)


@asynccontextmanager
async def begin(app: Litestar) -> AsyncIterator[AsyncSession]:
    """Begin a transaction that is rolled back at the end."""
    async with new_session(app.state) as session, session.begin() as transaction:
        yield session
        await transaction.rollback()


async def test_other_clinics_do_not_wait_for_an_unfinished_one(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    """They are added, used and removed, while nobody sees the unfinished one."""
    await seed(client, **FEW)
    existing = await add(client)
    async with asyncio.timeout(SECONDS), begin(app) as session:
        added = await add_clinic(session, app.state.seed_hashes, AddClinic(), Client())
        hidden = added.created.content.organizations[0][0].id
        other = await add(client)
        login = {"email": other["users"][0]["email"], "password": other["password"]}
        assert (await client.post("/api/auth/sign-in/email", json=login)).status_code == 200
        client.cookies.clear()
        sessions = await client.post("/api/db/sessions", json={"users": [login["email"]]})
        assert sessions.status_code == 201
        for clinic in (other, existing):
            await remove(client, clinic)
        assert (await client.delete(f"{CLINICS}/{hidden}")).status_code == 404
        assert (await client.get("/api/db")).json()["rows"]["organizations"] == 2


async def test_an_unfinished_removal_blocks_no_other_clinic(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    await seed(client, **FEW)
    clinic, other = await add(client), await add(client)
    async with asyncio.timeout(SECONDS), begin(app) as session:
        await remove_clinic(session, UUID(clinic["organization"]["id"]))
        await remove(client, await add(client))
        await remove(client, other)
    await remove(client, clinic)


async def test_sessions_of_people_who_are_being_removed(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    """The call waits for the removal, and then finds no such user."""
    await seed(client, **FEW)
    clinic = await add(client)
    users = [user["email"] for user in clinic["users"]]
    async with asyncio.timeout(SECONDS):
        async with new_session(app.state) as session, session.begin():
            await remove_clinic(session, UUID(clinic["organization"]["id"]))
            call = asyncio.create_task(client.post("/api/db/sessions", json={"users": users}))
            while not await is_blocked(app):
                assert not call.done()
        response = await call
    assert response.status_code == 404
    assert users[0] in response.json()["detail"]


async def is_blocked(app: Litestar) -> bool:
    async with new_session(app.state) as session:
        return bool(await session.scalar(WAITING))


async def test_refused_where_a_seed_is_refused(new_sqlite: NewDatabase) -> None:
    """In production, for another site, for a database of another environment."""
    url = new_sqlite()
    async with open_app(url) as client:
        await seed(client, **FEW)
        clinic = await add(client)
        path = f"{CLINICS}/{clinic['organization']['id']}"
        before = dump(url)["members"]
        for method, target in (("POST", CLINICS), ("DELETE", path)):
            foreign = {"Origin": "http://evil.example"}
            response = await client.request(method, target, headers=foreign)
            assert response.status_code == 403
    for environment in (Environment.DEVELOPMENT, Environment.PRODUCTION):
        async with open_app(url, environment) as client:
            seeding = await client.post("/api/db/seed")
            for method, target in (("POST", CLINICS), ("DELETE", path)):
                response = await client.request(method, target)
                assert response.status_code == 403
                assert response.json()["reasons"] == seeding.json()["reasons"]
    assert dump(url)["members"] == before


async def test_a_database_without_tables(new_sqlite: NewDatabase) -> None:
    async with open_app(new_sqlite()) as client:
        response = await client.post(CLINICS)
        assert response.status_code == 503, response.text
        assert "just seed" in response.json()["detail"]

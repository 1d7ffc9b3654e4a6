"""`POST /api/db/sessions`: sessions without a password, as valid as those of signing in."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.settings import Environment
from conftest import NewDatabase, Shared, open_app, seed
from restores.raw_rows import raw_connection

SESSIONS = "/api/db/sessions"
FEW: dict[str, Any] = {"users": 12, "organizations": 3, "patients": 3, "appointmentWeeks": 0}


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Any:
    return (await seed(shared.client, **FEW))["signIn"]


async def create(client: httpx.AsyncClient, users: list[str] | None = None) -> Any:
    response = await client.post(SESSIONS, json=users and {"users": users})
    assert response.status_code == 201, response.text
    return response.json()


def count_sessions(database_url: str) -> int:
    with raw_connection(database_url) as raw:
        [(count,)] = raw.execute("SELECT count(*) FROM sessions").fetchall()
    return int(count)


async def test_without_a_body_the_first_ten_of_the_data_set(shared: Shared, seeded: Any) -> None:
    """They have a valid token, a valid cookie, and the clinic and the role of the summary."""
    created = await create(shared.client)
    facts = ("email", "userId", "name", "organizationId", "organization", "role")
    assert [[session[fact] for fact in facts] for session in created] == [
        [user[fact] for fact in facts] for user in seeded["users"][:10]
    ]
    for session in created:
        bearer = {"Authorization": f"Bearer {session['token']}"}
        cookie = {"Cookie": f"{session['cookie']['name']}={session['cookie']['value']}"}
        for headers in (bearer, cookie):
            current = await shared.client.get("/api/auth/get-session", headers=headers)
            assert current.json()["user"]["id"] == session["userId"]
            assert current.json()["session"]["activeOrganizationId"] == session["organizationId"]
            assert (await shared.client.get("/api/patients", headers=headers)).status_code == 200
    assert "set-cookie" not in (await shared.client.post(SESSIONS)).headers


async def test_users_by_email_address_or_id(shared: Shared, seeded: Any) -> None:
    """In the order of the request; a user who is named twice has one new session."""
    first, second, *_ = seeded["users"]
    wanted = [second["userId"], first["email"].upper(), second["email"]]
    before = count_sessions(shared.database_url)
    created = await create(shared.client, wanted)
    assert [session["email"] for session in created] == [
        second["email"],
        first["email"],
        second["email"],
    ]
    assert created[0] == created[2]
    assert count_sessions(shared.database_url) == before + 2


async def test_a_user_without_a_clinic(shared: Shared, seeded: Any) -> None:
    email = f"{uuid4().hex}@example.com"
    body = {"name": "Ada", "email": email, "password": "a long passphrase"}
    assert (await shared.client.post("/api/auth/sign-up/email", json=body)).status_code == 200
    [session] = await create(shared.client, [email])
    assert (session["organizationId"], session["organization"], session["role"]) == (None,) * 3


async def test_unknown_users_are_named_and_no_session_is_created(
    shared: Shared, seeded: Any
) -> None:
    before = count_sessions(shared.database_url)
    known = seeded["users"][0]["email"]
    unknown = ["nobody@example.com", str(uuid4()), "a\u0301'; --"]
    response = await shared.client.post(SESSIONS, json={"users": [known, *unknown]})
    assert response.status_code == 404
    for name in unknown:
        assert f'"{name}"' in response.json()["detail"]
    assert known not in response.json()["detail"]
    assert "No session was created" in response.json()["detail"]
    for users in ([], ["a"] * 101, "a", [1], [None], ["\0"], None):
        response = await shared.client.post(SESSIONS, json={"users": users})
        assert response.status_code == 400, users
    assert count_sessions(shared.database_url) == before


async def test_the_storage_state_is_for_the_host_of_the_request(
    shared: Shared, seeded: Any
) -> None:
    for host, domain in (("localhost:8000", "localhost"), ("[::1]:8000", "[::1]")):
        response = await shared.client.post(SESSIONS, headers={"Host": host})
        [cookie] = response.json()[0]["storageState"]["cookies"]
        assert cookie["domain"] == domain


async def test_sessions_of_a_snapshot_survive_its_restores(shared: Shared, seeded: Any) -> None:
    client = shared.client

    async def status(session: Any) -> int:
        headers = {"Authorization": f"Bearer {session['token']}"}
        return (await client.get("/api/patients", headers=headers)).status_code

    before = await create(client)
    assert (await client.put("/api/db/snapshots/signed-in")).status_code == 201
    after = await create(client)
    for _ in range(2):
        restored = await client.post("/api/db/snapshots/signed-in/restore")
        assert restored.status_code == 200
        assert [await status(session) for session in before] == [200] * 10
        assert [await status(session) for session in after] == [401] * 10


async def test_tokens_appear_nowhere_else(
    shared: Shared, seeded: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the log, the changes, the last seed or the database."""
    created = await create(shared.client)
    pages = [
        (await shared.client.get(path)).text
        for path in ("/api/db/snapshots/seeded/changes?limit=200", "/api/db/seed", "/api/db")
    ]
    with raw_connection(shared.database_url) as raw:
        pages.append(str(raw.execute("SELECT * FROM sessions").fetchall()))
    text = "".join((*pages, *capfd.readouterr()))
    assert created[0]["userId"] in text
    assert not [session["email"] for session in created if session["token"] in text]


async def test_many_requests_at_once(shared: Shared, seeded: Any) -> None:
    """Requests for the same users in opposite orders do not wait for each other forever."""
    emails = [user["email"] for user in seeded["users"]]
    orders = (emails, emails[::-1], emails[5:] + emails[:5], emails[::2]) * 2
    created = await asyncio.gather(*(create(shared.client, order) for order in orders))
    tokens = {session["token"] for sessions in created for session in sessions}
    assert len(tokens) == sum(map(len, orders))


async def test_refused_where_a_seed_is_refused(new_database: NewDatabase) -> None:
    """In production, for another site, for a database of another environment, never seeded."""
    url = new_database()
    async with open_app(url) as client:
        response = await client.post(SESSIONS)
        assert response.status_code in {404, 503}, response.text
        assert "just seed" in response.json()["detail"]
        await seed(client, **FEW)
        response = await client.post(SESSIONS, headers={"Origin": "http://evil.example"})
        assert response.status_code == 403
    reasons = {}
    for environment in (Environment.DEVELOPMENT, Environment.PRODUCTION):
        before = count_sessions(url)
        async with open_app(url, environment) as client:
            response, seeding = await client.post(SESSIONS), await client.post("/api/db/seed")
        assert response.status_code == 403
        assert response.json()["reasons"] == seeding.json()["reasons"]
        reasons[environment] = response.json()["reasons"][0]["code"]
        assert count_sessions(url) == before
    assert list(reasons.values()) == ["OTHER_ENVIRONMENT", "PRODUCTION"]

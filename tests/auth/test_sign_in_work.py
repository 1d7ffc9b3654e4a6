"""An unknown address costs as much as a wrong password, so the work does not disclose it."""

from copy import copy
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text

from app.settings import Environment
from auth.conftest import Work
from conftest import make_app, open_client, seed
from journeys.commands import on_sqlite


@pytest.fixture
async def emails(client: httpx.AsyncClient, app: Litestar) -> dict[str, str]:
    """Return an address of each kind that is refused; the first was never asked for before."""
    summary = await seed(client, users=3, organizations=1, patients=0)
    known, linked, bare = (user["email"] for user in summary["signIn"]["users"])
    async with app.state.engine.begin() as connection:
        user = "(SELECT id FROM users WHERE email = :email)"
        await connection.execute(
            text(f"UPDATE accounts SET password = NULL WHERE user_id = {user}"), {"email": linked}
        )
        await connection.execute(
            text(f"DELETE FROM accounts WHERE user_id = {user}"), {"email": bare}
        )
    return {
        "unknown": "nobody@example.com",
        "wrong password": known,
        "no password": linked,
        "no account": bare,
    }


async def refuse(client: httpx.AsyncClient, email: str) -> httpx.Response:
    credentials = {"email": email, "password": "password123"}
    headers = {"X-Request-ID": "the-same-id"}
    return await client.post("/api/auth/sign-in/email", json=credentials, headers=headers)


async def test_every_refusal_is_the_same_work(
    client: httpx.AsyncClient, emails: dict[str, str], work: Work
) -> None:
    """The same statements in one transaction, one comparison at the same cost, no hash made, and
    the same response.

    From the first call on: what only the first needs is done before it.
    """
    seen: dict[str, Any] = {}
    for kind, email in emails.items():
        response = await refuse(client, email)
        headers = {name: value for name, value in response.headers.items() if name != "date"}
        seen[kind] = (response.status_code, response.content, headers, copy(work))
        work.statements, work.verified, work.hashed = [], [], []
        work.transactions = 0
    expected = seen["wrong password"]
    assert expected[0] == 401
    for kind, each in seen.items():
        assert each[:3] == expected[:3], kind
        assert each[3].statements == expected[3].statements, kind
        assert each[3].verified == expected[3].verified == ["$argon2id$v=19$m=64,t=1,p=1"], kind
        assert each[3].hashed == [], kind
        assert each[3].transactions == 2, kind


@on_sqlite
@pytest.mark.empty_database
async def test_the_cost_is_the_configured_one(database_url: str, work: Work) -> None:
    """Where passwords are hashed at full cost, an unknown address is refused at full cost."""
    app = make_app(database_url, Environment.DEVELOPMENT)
    async with open_client(app) as client:
        summary = await seed(client, users=1, organizations=1, patients=0)
        work.verified.clear()
        for email in ("nobody@example.com", summary["signIn"]["users"][0]["email"]):
            assert (await refuse(client, email)).status_code == 401
    assert work.verified == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2

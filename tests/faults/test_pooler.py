"""Seedbed behind PgBouncer in transaction mode, as in most hosted PostgreSQL."""

from collections.abc import Iterator

import psycopg
import pytest

from app.seed.constants import PASSWORD
from conftest import NewDatabase, open_app, seed
from faults.pooler import pooling
from journeys.commands import environment, run_module


@pytest.fixture
def direct(new_postgresql: NewDatabase) -> str:
    return new_postgresql()


@pytest.fixture
def pooled(direct: str) -> Iterator[str]:
    with pooling(direct) as url:
        yield url


async def test_seeds_migrations_and_requests_work(direct: str, pooled: str) -> None:
    """In both modes, often enough for a statement to be prepared on other connections."""
    variables = environment(pooled, APP_ENV="test")
    assert run_module("alembic", "upgrade", "head", variables=variables).returncode == 0
    async with open_app(pooled) as client:
        for mode in ("delete", "drop", "delete"):
            summary = await seed(client, f"?reset={mode}")
            assert summary["database"].startswith("PostgreSQL database localhost:6543/")
        user = summary["signIn"]["users"][0]
        credentials = {"email": user["email"], "password": summary["signIn"]["password"]}
        await client.post("/api/auth/sign-in/email", json=credentials)
        for _ in range(20):
            response = await client.get("/api/patients")
            assert len(response.json()["items"]) == 8
            response = await client.get("/api/patients?search=a")
            assert response.status_code == 200


async def test_no_setting_of_ours_reaches_other_clients(pooled: str) -> None:
    """What a transaction sets ends with it: the next client of the connection sees its own."""
    async with open_app(pooled) as client:
        await seed(client)
        with psycopg.connect(pooled) as other:
            for _ in range(10):
                assert other.execute("SHOW search_path").fetchone() == ('"$user", public',)
                other.rollback()
                await client.get("/api/db")


async def test_rows_are_created_and_changed(pooled: str) -> None:
    """Each request is one transaction, with its locks, on whichever connection is free."""
    async with open_app(pooled) as client:
        users = (await seed(client))["signIn"]["users"]
        sign_in = {"email": users[0]["email"], "password": PASSWORD}
        await client.post("/api/auth/sign-in/email", json=sign_in)
        for number in range(10):
            person = {"firstName": "Ada", "lastName": f"N{number}", "dateOfBirth": "1980-02-29"}
            created = await client.post("/api/patients", json=person)
            assert created.status_code == 201, created.text
            path = f"/api/patients/{created.json()['id']}"
            stale = {"If-Match": created.headers["ETag"]}
            change = {"lastName": f"M{number}"}
            assert (await client.patch(path, json=change, headers=stale)).status_code == 200
            assert (await client.patch(path, json=change, headers=stale)).status_code == 412
            assert (await client.delete(path)).status_code == 204

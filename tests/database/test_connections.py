"""Connections on roles and databases as people have set them up; none is left in a transaction."""

import sqlite3
from contextlib import closing
from typing import Any

import httpx
import psycopg
import pytest
from litestar import Litestar
from sqlalchemy import make_url

from conftest import NewDatabase, make_app, open_app, open_client, seed
from journeys.commands import on_postgresql
from seed.marks import execute

IDLE = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state ~ 'in tr'"
)
REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("GET", "/api/patients", {}),
    ("GET", "/api/patients", {"headers": {"Authorization": "Bearer nobody"}}),
    ("GET", "/api/patients?limit=x", {"headers": {"Authorization": "Bearer nobody"}}),
    ("GET", "/api/patients/not-an-id", {"headers": {"Authorization": "Bearer nobody"}}),
    ("POST", "/api/patients", {"json": {}, "headers": {"Authorization": "Bearer nobody"}}),
    ("PUT", "/api/patients/not-an-id", {"json": {}}),
    ("GET", "/api/treatment-plans", {"headers": {"Authorization": "Bearer nobody"}}),
    ("GET", "/api/availability/effective", {"headers": {"Authorization": "Bearer nobody"}}),
    ("GET", "/api/auth/list-sessions", {"headers": {"Authorization": "Bearer nobody"}}),
    ("POST", "/api/auth/change-password", {"json": {"currentPassword": "1", "newPassword": "2"}}),
    (
        "POST",
        "/api/auth/sign-in/email",
        {"json": {"email": "a@example.com", "password": "12345678"}},
    ),
    ("POST", "/api/auth/organization/create", {"json": {"name": "A", "slug": "a"}}),
    ("GET", "/api/db", {}),
    ("GET", "/api/db/statistics", {}),
    ("GET", "/patients", {}),
)

pytestmark = pytest.mark.empty_database


def assert_free(app: Litestar, database_url: str) -> None:
    """No connection is in use or in a transaction, and another program may write."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(database_url).database), timeout=0)) as file:
            file.execute("BEGIN IMMEDIATE")
        return
    assert app.state.engine.pool.checkedout() == 0
    with psycopg.connect(database_url, autocommit=True) as server:
        assert server.execute(IDLE).fetchone() == (0,)


@pytest.mark.parametrize("tables", [False, True])
async def test_no_request_leaves_a_transaction_however_it_fails(
    database_url: str, *, tables: bool
) -> None:
    """Without tables each statement fails; with them the callers do, in a dependency or later."""
    app = make_app(database_url)
    async with open_client(app) as client:
        if tables:
            await seed(client, patients=3)
        for method, path, options in REQUESTS:
            for _ in range(2):
                response = await client.request(method, path, **options)
                assert response.status_code != 500, (path, response.text)
            assert_free(app, database_url)


SETTINGS = (
    "DateStyle = 'German, DMY'",
    "client_encoding = 'LATIN1'",
    "TimeZone = 'Pacific/Auckland'",
    "IntervalStyle = 'sql_standard'",
    "standard_conforming_strings = off",
    "default_transaction_isolation = 'serializable'",
    "default_transaction_deferrable = on",
    "bytea_output = 'escape'",
    "extra_float_digits = -3",
    "enable_seqscan = off",
    "jit = on",
    "row_security = off",
    "quote_all_identifiers = on",
    "plan_cache_mode = 'force_generic_plan'",
)


@on_postgresql
async def test_what_a_role_or_a_database_has_set_does_not_matter(
    database_url: str, new_sqlite: NewDatabase
) -> None:
    """All of it at once: the same people, and the same instants, as anywhere else."""
    name = make_url(database_url).database
    execute(database_url, *(f'ALTER DATABASE "{name}" SET {setting}' for setting in SETTINGS))
    async with open_app(database_url) as client:
        for mode in ("drop", "delete"):
            summary = await seed(client, f"?reset={mode}", asOf="2026-01-01", randomSeed=2)
        names = await sign_in_and_list(client, summary)
        assert any(not each.isascii() for each in names)
        session = (await client.get("/api/auth/get-session")).json()
        assert session["session"]["createdAt"] < session["session"]["expiresAt"]
        clock = {"now": "2026-11-23T09:00:00.123Z", "isFrozen": True}
        assert (await client.put("/api/db/clock", json=clock)).is_success
        shown = (await client.get("/api/db/clock")).json()
        assert clock == {name: shown[name] for name in clock}
    async with open_app(new_sqlite()) as client:
        expected = await seed(client, asOf="2026-01-01", randomSeed=2)
        assert names == await sign_in_and_list(client, expected)
    assert summary["fingerprint"] == expected["fingerprint"]


async def sign_in_and_list(client: httpx.AsyncClient, summary: Any) -> list[str]:
    user = summary["signIn"]["users"][0]
    credentials = {"email": user["email"], "password": summary["signIn"]["password"]}
    response = await client.post("/api/auth/sign-in/email", json=credentials)
    assert response.status_code == 200, response.text
    items = (await client.get("/api/patients")).json()["items"]
    return [f"{item['firstName']} {item['lastName']}" for item in items]

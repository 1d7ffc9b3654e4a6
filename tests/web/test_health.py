"""Health checks say whether the server runs and the database can be used, in every environment."""

from time import monotonic
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import make_url

from app.database.migrations import newest_revision
from app.seed.request import ResetMode
from app.seed.reset import reset
from app.seed.table_locks import lock_tables
from app.seed.unit_of_work import exclusive_transaction
from app.settings import Environment
from conftest import NewDatabase, make_app, open_app, open_client, seed
from journeys.commands import free_port, on_postgresql, on_sqlite
from seed.marks import execute

FEW: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 1}
LIVE, READY = "/health/live", "/health/ready"
QUICK_SECONDS = 4
POOL_SIZE = 15  # SQLAlchemy's default, with the overflow


async def not_ready(client: httpx.AsyncClient) -> str:
    """Return the reason of a 503; the server itself is live all the same."""
    assert (await client.get(LIVE)).json() == {"status": "live"}
    response = await client.get(READY)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.headers["Content-Type"] == "application/problem+json"
    detail: str = response.json()["detail"]
    assert detail.startswith("Not ready. ")
    return detail


async def is_ready(client: httpx.AsyncClient) -> bool:
    response = await client.get(READY)
    return (response.status_code, response.text) == (200, '{"status":"ready"}')


@pytest.mark.empty_database
async def test_ready_as_soon_as_there_are_tables(client: httpx.AsyncClient) -> None:
    """HEAD has the same status and headers, and no body."""
    assert "run `uv run just migrate`" in (await not_ready(client)).lower()
    await seed(client, **FEW)
    assert await is_ready(client)
    for path in (LIVE, READY):
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == got.headers["Content-Length"]
        assert (await client.post(path)).status_code == 405


async def test_not_ready_with_another_schema(client: httpx.AsyncClient, database_url: str) -> None:
    """The migration of the database is named, and the one that this code needs."""
    await seed(client, **FEW)
    for revision in ("0001", "9999"):
        execute(database_url, f"UPDATE alembic_version SET version_num = '{revision}'")
        reason = await not_ready(client)
        assert f"at migration {revision}, and this code needs {newest_revision()}" in reason
    execute(database_url, f"UPDATE alembic_version SET version_num = '{newest_revision()}'")
    assert await is_ready(client)


async def test_production_has_the_same_checks(database_url: str, app: Litestar) -> None:
    """And no others: a production server whose database is no longer protected is not ready."""
    async with open_client(app) as client:
        await seed(client, **FEW)
    production = make_app(database_url, Environment.PRODUCTION)
    async with open_client(production) as client:
        assert await is_ready(client)
        assert (await client.get(LIVE)).status_code == 200
        production.state.is_protected = False
        assert "no longer marked as production's" in await not_ready(client)


@pytest.mark.parametrize("mode", ResetMode)
async def test_a_running_seed_is_not_waited_for(
    client: httpx.AsyncClient, app: Litestar, mode: ResetMode
) -> None:
    """Other requests wait for tables that are dropped; checks do not, and use one connection."""
    await seed(client, **FEW)
    async with exclusive_transaction(app.state.engine) as work:
        await lock_tables(work.connection, mode)
        await work.connection.run_sync(reset, mode, app.state.settings, ())
        began = monotonic()
        assert await is_ready(client)
        assert monotonic() - began < QUICK_SECONDS


@on_postgresql
async def test_no_secret_is_told_of_a_server_that_is_gone(database_url: str) -> None:
    """Neither password nor user, host, port or name of the database."""
    url = make_url(database_url).set(
        host="127.0.0.1", port=free_port(), username="the_user", password="the_password", query={}
    )
    async with open_app(url.render_as_string(hide_password=False)) as client:
        reason = await not_ready(client)
        told = (await client.get(READY)).text + str((await client.get(READY)).headers)
    assert "cannot connect to it" in reason
    for secret in ("the_user", "the_password", "127.0.0.1", str(url.port), str(url.database)):
        assert secret not in told


@on_postgresql
async def test_a_pool_without_a_free_connection_is_a_reason(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """The check ends after two seconds."""
    await seed(client, **FEW)
    held = [await app.state.engine.connect() for _ in range(POOL_SIZE)]
    began = monotonic()
    assert "did not respond within 2 seconds" in await not_ready(client)
    assert monotonic() - began < QUICK_SECONDS
    for connection in held:
        await connection.close()
    assert await is_ready(client)


@on_sqlite
async def test_a_file_that_is_no_database_is_a_reason(new_database: NewDatabase) -> None:
    """Its path is not told."""
    url = new_database()
    file = str(make_url(url).database)
    with open(file, "wb") as database:  # noqa: ASYNC230, PTH123 - a small file
        database.write(b"not a database, but long enough to have a header of one" * 9)
    async with open_app(url) as client:
        reason = await not_ready(client)
        assert "the file is not a SQLite database" in reason
        assert file not in reason


@pytest.mark.empty_database
async def test_only_failed_checks_are_logged(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise they would be most of the log."""
    caplog.set_level("INFO", "app.logs")
    await not_ready(client)
    assert [READY in record.getMessage() for record in caplog.records] == [True]

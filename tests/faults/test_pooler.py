"""Seedbed behind PgBouncer in transaction mode, as in most hosted PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from conftest import NewDatabase, make_app, open_client, seed
from faults.pooler import pooling
from journeys.commands import PROJECT, environment, run_module

HTTP_TESTS = (
    "tests/auth/test_endpoints.py",
    "tests/clinic/availability/test_endpoints.py",
    "tests/clinic/patients/test_endpoints.py",
    "tests/clinic/treatment_plans/test_endpoints.py",
    "tests/seed/test_last_seed.py",
    "tests/seed/test_reset.py",
)
SECONDS = 600


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
    async with open_client(make_app(pooled)) as client:
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
    async with open_client(make_app(pooled)) as client:
        await seed(client)
        with psycopg.connect(pooled) as other:
            for _ in range(10):
                assert other.execute("SHOW search_path").fetchone() == ('"$user", public',)
                other.rollback()
                await client.get("/api/db")


# It runs other tests, in a separate pytest.
@pytest.mark.timeout(900)
def test_the_tests_of_the_api_pass(postgres_url: str) -> None:
    """The same tests, with the pooler between them and the server."""
    if "TEST_POSTGRES_URL" in os.environ:
        pytest.skip("these tests run behind a pooler already, or on a server of yours")
    assert make_url(postgres_url).query["host"]
    with pooling(postgres_url) as url:
        variables = environment("", TEST_POSTGRES_URL=url)
        options = ("-q", "-p", "no:cacheprovider", "-k", "postgresql", *HTTP_TESTS)
        run_tests(options, variables)


def run_tests(options: tuple[str, ...], variables: dict[str, str]) -> None:
    done = subprocess.run(
        (sys.executable, "-m", "pytest", *options),
        cwd=PROJECT,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout

"""A request that the seed refuses gets the reason, and leaves every row unchanged.

On SQLite alone: the request is checked before any database is asked.
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest
from sqlalchemy import event

from app.seed.request import SeedRequest
from app.settings import Environment
from conftest import JSON, NewDatabase, make_app, open_app, open_client, seed
from snapshots import snapshot

PROBLEM = "application/problem+json"
# What is wrong with the body, and what the response must mention.
BODIES = (
    ('{"user": 5}', "`user`"),
    ('{"Users": 5}', "`Users`"),
    ('{"plans_per_patient": 3}', "`plans_per_patient`"),
    ('{"users": true}', "`users`"),
    ('{"users": null}', "`users`"),
    ('{"users": [10]}', "`users`"),
    ('{"users": "10"}', "`users`"),
    ('{"users": 10.0, "patients": "20"}', "`patients`"),
    ('{"users": 10.5}', "`users`"),
    ('{"randomSeed": "2025"}', "`randomSeed`"),
    ('{"randomSeed": 1.5}', "`randomSeed`"),
    ('{"randomSeed": 1e300}', "`randomSeed`"),
    ('{"randomSeed": -1}', "`randomSeed`"),
    (f'{{"randomSeed": {2**53}}}', "`randomSeed`"),
    (f'{{"randomSeed": {2**80}}}', "`randomSeed`"),
    ('{"users": 0}', "`users`"),
    ('{"organizations": 0}', "`organizations`"),
    ('{"patients": -1}', "`patients`"),
    ('{"plansPerPatient": 2}', "`plansPerPatient`"),
    ('{"plansPerPatient": 6}', "`plansPerPatient`"),
    ('{"appointmentWeeks": -1}', "`appointmentWeeks`"),
    ('{"appointmentWeeks": 27}', "`appointmentWeeks`: expected `int` <= 26"),
    ('{"users": 100001}', "`users`: expected `int` <= 100000"),
    ('{"users": 100000, "organizations": 1001}', "`organizations`: expected `int` <= 1000"),
    ('{"patients": 2000001}', "`patients`: expected `int` <= 2000000"),
    ('{"users": 2}', "`users` (2) must be at least `organizations` (3)"),
    ('{"organizations": 11}', "`users` (10) must be at least `organizations` (11)"),
    ('{"users": 4, "organizations": 5}', "`users` (4) must be at least `organizations` (5)"),
    ('{"asOf": "2026-02-30"}', "`asOf`"),
    ('{"asOf": "2027-02-29"}', "`asOf`"),
    ('{"asOf": "1999-12-31"}', "from 2000-01-01 to 2099-12-31"),
    ('{"asOf": "2100-01-01"}', "from 2000-01-01 to 2099-12-31"),
    ('{"asOf": "tomorrow"}', "`asOf`"),
    ('{"asOf": "2026-01-01T00:00:00Z"}', "`asOf`"),
    ('{"asOf": ""}', "`asOf`"),
    ('{"asOf": null}', "`asOf`"),
    ('{"asOf": 1767225600}', "`asOf`"),
    ("[]", "body"),
    ('"users"', "body"),
    ("10", "body"),
    ('{"users": 10', "body is not valid JSON"),
    ('{"users": 10} and so on', "body is not valid JSON"),
    ("users=10", "body is not valid JSON"),
    ("   ", "body is not valid JSON"),
)
QUERIES = (
    ("reset=bogus", "`reset`: must be `delete` or `drop`"),
    ("reset=", "`reset`"),
    ("reset=DROP", "`reset`"),
    ("reset=drop;dryRun=true", "`reset`"),
    ("dryRun=maybe", "`dryRun`: must be `true` or `false`"),
    ("dryRun=", "`dryRun`"),
    ("dryRun", "`dryRun`"),
    ("dryrun=true", "Did you mean `dryRun`?"),
    ("dry_run=true", "Did you mean `dryRun`?"),
    ("dry-run=true", "Did you mean `dryRun`?"),
    ("users=5", "Send `users` in the JSON body"),
    ("=true", "no query parameter ``"),
    ("reset=delete&reset=drop", "`reset` is repeated"),
    ("dryRun=true&dryRun=true", "`dryRun` is repeated"),
)
METHODS = ("PUT", "PATCH", "DELETE")


class Standing(NamedTuple):
    """An application on a seeded database, and everything in it."""

    client: httpx.AsyncClient
    database_url: str
    content: Any


@pytest.fixture(scope="module")
def module_database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('refusals')}/seeded.db"


@pytest.fixture(scope="module")
async def module_client(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One seeded database for all refusals: none of them may touch it."""
    async with open_app(module_database_url) as client:
        await seed(client, randomSeed=1, asOf="2026-01-01")
        yield client


@pytest.fixture
def standing(module_client: httpx.AsyncClient, module_database_url: str) -> Standing:
    return Standing(module_client, module_database_url, snapshot(module_database_url))


def assert_problem(response: httpx.Response, status: int, about: str) -> None:
    assert response.status_code == status, (response.request.content, response.text)
    assert response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert about in problem["detail"]


def assert_refused(standing: Standing, response: httpx.Response, about: str) -> None:
    assert_problem(response, 400, about)
    assert "nothing was changed" in response.json()["detail"].lower()
    assert snapshot(standing.database_url) == standing.content


async def test_a_body_that_is_wrong_changes_nothing(standing: Standing) -> None:
    """An unknown field, a wrong type or a value out of its range is refused and named."""
    for body, about in BODIES:
        response = await standing.client.post("/api/db/seed", content=body, headers=JSON)
        assert_problem(response, 400, about)
        assert "nothing was changed" in response.json()["detail"].lower()
    assert snapshot(standing.database_url) == standing.content


def test_the_largest_quantities_are_not_refused() -> None:
    """The limits themselves may be asked for, all at once."""
    largest = {"users": 100_000, "organizations": 1_000, "patients": 2_000_000}
    asked = msgspec.convert({**largest, "plansPerPatient": 5, "appointmentWeeks": 26}, SeedRequest)
    assert (asked.users, asked.organizations, asked.patients) == tuple(largest.values())


@pytest.mark.parametrize(("query", "about"), QUERIES)
async def test_a_query_that_is_wrong_changes_nothing(
    standing: Standing, query: str, about: str
) -> None:
    """An unknown, repeated or misspelled parameter is refused and named, and it alone."""
    response = await standing.client.post(f"/api/db/seed?{query}")
    assert_refused(standing, response, about)
    assert "data" not in response.json()["detail"]


async def test_all_mistakes_are_reported_at_once(standing: Standing) -> None:
    """Body and query are both checked before anything is refused."""
    response = await standing.client.post("/api/db/seed?reset=bogus", json={"patients": -1})
    assert_refused(standing, response, "`reset`")
    assert "`patients`" in response.json()["detail"]


async def test_a_stream_is_refused_with_a_status_too(standing: Standing) -> None:
    """What is wrong before the run begins is no event of a stream, but a plain refusal."""
    headers = {"Accept": "application/x-ndjson"}
    response = await standing.client.post("/api/db/seed?reset=bogus", headers=headers)
    assert_refused(standing, response, "`reset`")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", None),
        (b"", "text/plain"),
        (b"{}", "application/json"),
        (b"null", "Application/JSON; charset=utf-8"),
    ],
)
async def test_without_a_word_it_takes_the_defaults(
    standing: Standing, body: bytes, content_type: str | None
) -> None:
    """No body or an empty object means the default quantities. No body needs no Content-Type."""
    headers = {"Content-Type": content_type} if content_type else {}
    response = await standing.client.post("/api/db/seed?dryRun=true", content=body, headers=headers)
    assert response.status_code == 200
    counts = {kind: made["count"] for kind, made in response.json()["created"].items()}
    assert (counts["users"], counts["organizations"], counts["patients"]) == (10, 3, 20)
    assert counts["treatmentPlans"] == 60
    assert response.json()["randomSeed"] == 2025


async def test_a_body_is_not_ignored_for_its_content_type(standing: Standing) -> None:
    """What `curl -d` sends without a header is refused, instead of seeding with the defaults."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await standing.client.post("/api/db/seed", content=b'{"users": 4}', headers=headers)
    assert_problem(response, 415, "application/x-www-form-urlencoded")
    assert "Content-Type: application/json" in response.json()["detail"]
    assert snapshot(standing.database_url) == standing.content


async def test_a_whole_number_may_be_written_with_a_point(standing: Standing) -> None:
    """JSON has no integers: 4.0 is 4, in every writing of it."""
    response = await standing.client.post(
        "/api/db/seed?dryRun=true",
        content=b'{"users": 4.0, "patients": 2e1, "randomSeed": 7.00}',
        headers=JSON,
    )
    assert response.status_code == 200
    assert response.json()["created"]["users"]["count"] == 4
    assert response.json()["created"]["patients"]["count"] == 20
    assert response.json()["randomSeed"] == 7


@pytest.mark.parametrize("method", METHODS)
async def test_the_seed_takes_no_other_method(standing: Standing, method: str) -> None:
    """A link that is followed or fetched in advance does not seed: 405, and the right method."""
    response = await standing.client.request(method, "/api/db/seed?reset=drop")
    assert_problem(response, 405, "POST")
    assert "POST" in response.headers["allow"]
    assert snapshot(standing.database_url) == standing.content


async def test_a_link_does_not_seed(standing: Standing) -> None:
    """A link that is followed or prefetched changes nothing, with any parameters."""
    response = await standing.client.get("/api/db/seed?reset=drop")
    assert_refused(standing, response, "`reset`")
    response = await standing.client.get("/api/db/seed")
    assert response.status_code == 200
    assert response.json()["request"]["randomSeed"] == 1
    assert snapshot(standing.database_url) == standing.content


async def test_an_address_that_is_not_there_is_a_problem_too(standing: Standing) -> None:
    """Unknown paths return 404 in the format of every other error, and say where to look."""
    for response in (
        await standing.client.get("/api/nothing"),
        await standing.client.post("/api/db/seeds"),
    ):
        assert_problem(response, 404, "/schema/swagger")


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "/api/db/seed", ""),
        ("POST", "/api/db/seed?reset=drop", '{"users": 5}'),
        ("POST", "/api/db/seed?dryRun=true", "{}"),
        ("POST", "/api/db/seed?reset=bogus&users=1", "{"),
        ("GET", "/api/db", ""),
        ("GET", "/api/db?reset=drop", ""),
        ("GET", "/api/db/seed", ""),
        ("GET", "/api/db/seed/running", ""),
        ("GET", "/api/db/statistics", ""),
    ],
)
async def test_production_is_refused_before_the_database_is_opened(
    new_sqlite: NewDatabase, method: str, url: str, body: str
) -> None:
    """With any query or body, production returns 403 and does not touch its database."""
    app = make_app(new_sqlite(), Environment.PRODUCTION)
    transactions: list[Any] = []
    async with open_client(app) as client:
        event.listen(app.state.engine.sync_engine, "begin", transactions.append)
        for accept in ("application/json", "application/x-ndjson"):
            headers = {"Accept": accept}
            response = await client.request(method, url, content=body, headers=headers)
            assert_problem(response, 403, "APP_ENV=development")
            assert "Nothing was changed" in response.json()["detail"]
            assert [each["code"] for each in response.json()["reasons"]] == ["PRODUCTION"]
    assert transactions == []


async def test_production_keeps_the_rows_that_it_has(new_sqlite: NewDatabase) -> None:
    """A database full of rows is as it was after a call in production."""
    database_url = new_sqlite()
    async with open_app(database_url) as client:
        await seed(client)
    async with open_app(database_url, Environment.PRODUCTION) as client:
        before = snapshot(database_url)
        assert_problem(await client.post("/api/db/seed?reset=drop"), 403, "production")
    assert snapshot(database_url) == before


async def test_development_may_seed(new_sqlite: NewDatabase) -> None:
    """What production refuses, development does."""
    async with open_app(new_sqlite(), Environment.DEVELOPMENT) as client:
        assert (await client.get("/api/db")).json()["environment"] == "development"
        summary = await seed(client, "?dryRun=true", users=3)
    assert summary["created"]["users"]["count"] == 3

"""A query parameter that an operation does not have is refused, wherever the API is called."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.auth.examples import SIGN_IN
from app.web.query_parameters import describe_unknown
from conftest import open_app, seed
from snapshots import snapshot

MADE_UP = "00000000-0000-4000-8000-000000000000"
PAGES = ("/", "/people", "/patients", "/availability", "/overview")


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('queries')}/seedbed.db"


@pytest.fixture(scope="module")
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """One seeded database, somebody signed in: no call of this file changes anything."""
    async with open_app(database_url) as client:
        await seed(client, patients=3)
        (await client.post("/api/auth/sign-in/email", json=SIGN_IN)).raise_for_status()
        yield client


@pytest.fixture
async def operations(client: httpx.AsyncClient) -> list[tuple[str, str, list[str]]]:
    """Return method, path and query parameters of each operation outside `/api/auth`."""
    paths = (await client.get("/schema/openapi.json")).json()["paths"]
    return [
        (
            method,
            re.sub(r"\{\w+\}", MADE_UP, path),
            [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"],
        )
        for path, item in paths.items()
        for method, operation in item.items()
        if not path.startswith("/api/auth/")
    ]


def detail(response: httpx.Response) -> str:
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: str = response.json()["detail"]
    assert told.startswith("Nothing was changed.")
    return told


@pytest.mark.parametrize("query", ["verbose=1", "verbose", "verbose=", "=", "utm_source=x&verbose"])
async def test_every_operation_refuses_what_it_does_not_have(
    client: httpx.AsyncClient, operations: Any, database_url: str, query: str
) -> None:
    """Lists, single rows and changes alike name the parameter and list their own."""
    before = snapshot(database_url)
    assert len(operations) > 25
    for method, path, known in operations:
        told = detail(await client.request(method, f"{path}?{query}"))
        name = query.partition("&")[0].partition("=")[0]
        assert f"`{name}`" in told, (method, path)
        assert all(f"`{each}`" in told for each in known), (method, path)
    assert snapshot(database_url) == before


async def test_every_operation_takes_one_value_for_a_parameter(
    client: httpx.AsyncClient, operations: Any
) -> None:
    """The same parameter twice is refused, also with the same value; `ids` takes several."""
    for method, path, known in operations:
        for name in set(known) - {"ids"}:
            told = detail(await client.request(method, f"{path}?{name}=1&{name}=1"))
            assert f"`{name}` is repeated" in told


async def test_what_an_operation_has_is_what_it_documents(
    client: httpx.AsyncClient, operations: Any
) -> None:
    """No documented parameter is taken for a typo."""
    for method, path, known in operations:
        for name in known:
            response = await client.request(method, path, params={name: "\0"})
            assert "no query parameter" not in response.text, (method, path, name)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/patients?serach=x", "Did you mean `search`?"),
        ("/api/patients?SEARCH=x", "Did you mean `search`?"),
        ("/api/patients?therapist_id=x", "Did you mean `therapistId`?"),
        ("/api/treatment-plans?patient-id=x", "Did you mean `patientId`?"),
        ("/api/availability/effective?form=2026-01-01", "Did you mean `from`?"),
        ("/api/patients?q=foo", "The query parameters are `bornFrom`"),
        ("/api/patients?search=x&page=2", "no query parameter `page`"),
        ("/api/db?x=1", "This operation has no query parameters."),
        (f"/api/patients/{MADE_UP}?expand=plans", "The query parameters are `deleted`."),
    ],
)
async def test_a_typo_is_recognised(client: httpx.AsyncClient, path: str, told: str) -> None:
    """The nearest parameter is suggested; without one, the others are listed."""
    said = detail(await client.get(path))
    assert told in said
    assert ("Did you mean" in said) is ("Did you mean" in told)


async def test_a_field_of_the_body_belongs_there(client: httpx.AsyncClient) -> None:
    for path, name in (("/api/db/seed", "patients"), ("/api/patients", "firstName")):
        said = detail(await client.post(f"{path}?{name}=5", json={}))
        assert f"Send `{name}` in the JSON body." in said


async def test_a_name_without_end_is_shortened(client: httpx.AsyncClient) -> None:
    assert len(detail(await client.get("/api/db", params={"x" * 5_000: "1"}))) < 200
    assert describe_unknown("\U0001f600", []).count("`") == 2


async def test_the_refusal_discloses_nothing_else(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """The check comes before the session, and after the check of who calls."""
    async with open_app(database_url) as stranger:
        assert "`serach`" in detail(await stranger.get("/api/patients?serach=x"))
    crossing = {"Sec-Fetch-Site": "cross-site"}
    response = await client.post("/api/db/seed?dryrun=true", headers=crossing)
    assert response.status_code == 403


async def test_better_auths_own_routes_ignore_what_they_do_not_know(
    client: httpx.AsyncClient,
) -> None:
    """As Better Auth does, whose client adds its own parameters."""
    for path in ("get-session?disableCookieCache=true", "list-sessions?x=1", "organization/list?x"):
        assert (await client.get(f"/api/auth/{path}")).status_code == 200


async def test_pages_ignore_what_they_do_not_know(client: httpx.AsyncClient) -> None:
    """A link with a tracking parameter leads to the page."""
    for path in (*PAGES, "/schema/swagger", "/console/console.css"):
        assert (await client.get(f"{path}?utm_source=mail&fbclid=1")).status_code == 200, path


async def test_the_methods_of_a_path_are_listed_with_any_query(
    client: httpx.AsyncClient, operations: Any
) -> None:
    for _, path, _ in operations:
        assert (await client.options(f"{path}?x=1")).status_code == 204

"""The headers of every response that restrict what a browser does with it."""

import re

import httpx
import pytest

from app.settings import Environment
from conftest import NewDatabase, Shared, open_app
from journeys.commands import shared_on_sqlite

HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
PAGE = "/schema/swagger"
MADE_UP = "00000000-0000-4000-8000-000000000000"
ANSWERS = (
    ("GET", "/nothing", 404),
    ("GET", "/assets/swagger-ui.css", 200),
    ("GET", "/assets/nothing.css", 404),
    ("GET", "/schema/openapi.json", 200),
    ("POST", "/schema/openapi.json", 405),
    ("GET", "/api/auth/get-session", 200),
    ("GET", "/api/nothing", 404),
    ("GET", "/api/db/seed", 404),
    ("PUT", "/api/db/seed", 405),
    ("POST", "/api/db/seed?reset=bogus", 400),
    ("POST", "/api/db/seed?dryRun=true", 200),
)


@pytest.fixture
def client(shared: Shared) -> httpx.AsyncClient:
    return shared.client


@shared_on_sqlite
@pytest.mark.parametrize("accept", ["*/*", "application/x-ndjson"])
@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_response_has_them(
    client: httpx.AsyncClient, method: str, path: str, status: int, accept: str
) -> None:
    """Successes, streams, files and errors alike; what is under /api is not stored."""
    response = await client.request(method, path, headers={"Accept": accept})
    assert response.status_code == status
    assert HEADERS.items() <= response.headers.items()
    assert (response.headers.get("cache-control") == "no-store") is path.startswith("/api/")
    assert "strict-transport-security" not in response.headers


@shared_on_sqlite
async def test_the_page_runs_only_its_own_scripts(client: httpx.AsyncClient) -> None:
    """The page is framed by nobody, and its inline script is allowed by its hash alone."""
    response = await client.get(PAGE)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    rest = HEADERS.items() - {("content-security-policy", HEADERS["content-security-policy"])}
    assert rest <= response.headers.items()


async def test_production_is_reached_by_https_alone(new_sqlite: NewDatabase) -> None:
    """In production every response has it, refusals included."""
    async with open_app(new_sqlite(), Environment.PRODUCTION) as client:
        for path in ("/nothing", "/api/db", PAGE):
            response = await client.get(path)
            assert response.headers["strict-transport-security"] == "max-age=31536000"


async def test_in_production_the_root_leads_to_the_documentation(new_sqlite: NewDatabase) -> None:
    """There is no console, and the redirect has the headers of every response."""
    async with open_app(new_sqlite(), Environment.PRODUCTION) as client:
        response = await client.get("/")
    assert (response.status_code, response.headers["location"]) == (302, PAGE)
    assert HEADERS.items() <= response.headers.items()


@shared_on_sqlite
@pytest.mark.parametrize("name", ["%00", "swagger-ui.css%00", "a" * 300, "swagger-ui.css/x"])
async def test_a_name_that_no_file_can_have_is_not_found(
    client: httpx.AsyncClient, name: str
) -> None:
    """What the file system refuses is the caller's mistake."""
    response = await client.get(f"/assets/{name}")
    assert response.status_code == 404
    assert "/schema/swagger" in response.json()["detail"]


@shared_on_sqlite
async def test_a_path_tells_all_its_methods(client: httpx.AsyncClient) -> None:
    """OPTIONS returns every method that the document has for a path."""
    paths = (await client.get("/schema/openapi.json")).json()["paths"]
    assert any(len(methods) > 2 for methods in paths.values())
    for path, methods in paths.items():
        response = await client.options(re.sub(r"\{\w+\}", MADE_UP, path))
        told = set(response.headers["allow"].lower().split(", "))
        with_head = {"head"} if "get" in methods else set()
        assert told == {"options", *methods, *with_head}, path

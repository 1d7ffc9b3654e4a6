"""Pages of the origins that TRUSTED_ORIGINS lists: they may call, and read the responses."""

from collections.abc import AsyncIterator, Mapping
from itertools import product
from typing import Any

import httpx
import pytest
from litestar import get

from app.main import create_app
from app.settings import Environment, Settings, parse_database_url
from app.web.bodies import MAX_BODY_BYTES
from conftest import JSON, NewDatabase, open_client, seed

TRUSTED = "http://localhost:5173"
SECURE = "https://clinic.example"
# Of each part that makes an origin, one that differs; and what begins or ends as a trusted one.
UNTRUSTED = (
    "https://localhost:5173",
    "http://localhost",
    "http://localhost:517",
    "http://localhost:51730",
    "http://localhost:3000",
    "http://127.0.0.1:5173",
    "http://localhost:5173/",
    "http://localhost:5173.evil.example",
    "http://evil.localhost:5173",
    "http://clinic.example",
    "https://clinic.example:8443",
    "https://clinic.example.evil.example",
    "https://evil.example/https://clinic.example",
    "https://clinicXexample",
    f"{TRUSTED},{SECURE}",
    "evil",
    "null",
    "",
)
TRACING = (
    "baggage,sentry-trace",
    "traceparent, tracestate",
    "x-datadog-trace-id,x-datadog-parent-id,x-datadog-origin,x-datadog-sampling-priority",
    "Authorization, Content-Type, X-Anything-Else",
    "b3",
)
SITES: tuple[Mapping[str, str], ...] = (
    {},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
)
SEED = "/api/db/seed?dryRun=true"
SIGN_IN = "/api/auth/sign-in/email"
ANSWERS: tuple[tuple[str, str, Any, int], ...] = (
    ("GET", "/api/auth/get-session", b"", 200),
    ("POST", SEED, b"", 200),
    ("POST", SIGN_IN, b"{", 400),
    ("POST", SIGN_IN, b'{"email": "ada@example.com", "password": "Password123"}', 401),
    ("GET", "/api/nothing", b"", 404),
    ("PUT", "/api/db/seed", b"", 405),
    ("POST", SEED, b" " * (MAX_BODY_BYTES + 1), 413),
    ("GET", "/api/broken", b"", 500),
)


@get("/api/broken")
async def broken() -> None:
    raise RuntimeError


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A server that trusts two origins and has a defect; no call of this file changes its rows."""
    folder = tmp_path_factory.mktemp("origins")
    settings = Settings(
        Environment.TEST,
        parse_database_url(f"sqlite:///{folder}/seedbed.db"),
        trusted_origins=frozenset({TRUSTED, SECURE}),
    )
    app = create_app(settings)
    app.register(broken)
    async with open_client(app) as client:
        await seed(client, patients=3)
        yield client


def codes(response: httpx.Response) -> list[str]:
    return [reason["code"] for reason in response.json()["reasons"]]


def assert_readable(response: httpx.Response, origin: str) -> None:
    assert response.headers["access-control-allow-origin"] == origin
    assert response.headers["access-control-allow-credentials"] == "true"
    assert response.headers["vary"] == "Origin"


def assert_unreadable(response: httpx.Response) -> None:
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["vary"] == "Origin"


async def test_a_trusted_page_may_call(client: httpx.AsyncClient) -> None:
    """With any Sec-Fetch-Site, it may change what a program may, and seed."""
    for origin, site in product((TRUSTED, SECURE), SITES):
        response = await client.post("/api/auth/sign-out", headers={"Origin": origin, **site})
        assert response.status_code == 200, response.text
        assert_readable(response, origin)
    response = await client.post(SEED, headers={"Origin": TRUSTED, **SITES[-1]})
    assert response.status_code == 200, response.text
    assert_readable(response, TRUSTED)


@pytest.mark.parametrize("origin", UNTRUSTED)
async def test_no_other_page_may_call(client: httpx.AsyncClient, origin: str) -> None:
    """Scheme, host and port must all be those of a trusted origin, and nothing be added."""
    for site, path in product(SITES, (SEED, "/api/auth/sign-out")):
        response = await client.post(path, headers={"Origin": origin, **site})
        assert response.status_code == 403, site
        assert codes(response) == ["CROSS_SITE"]
        assert "TRUSTED_ORIGINS" in response.json()["reasons"][0]["remedy"]
        assert_unreadable(response)
    session = await client.get("/api/auth/get-session", headers={"Origin": origin})
    assert_unreadable(session)


async def test_a_page_that_does_not_say_its_origin_is_not_trusted(
    client: httpx.AsyncClient,
) -> None:
    """A browser that hides the origin of a page says at least that it is another."""
    response = await client.post(SEED, headers={"Sec-Fetch-Site": "same-site"})
    assert codes(response) == ["CROSS_SITE"]


async def test_a_trusted_page_must_know_the_servers_name(client: httpx.AsyncClient) -> None:
    """Trust in a page is not trust in another name of this machine."""
    headers = {"Origin": TRUSTED, "Host": "evil.example"}
    response = await client.post(SEED, headers=headers)
    assert codes(response) == ["UNKNOWN_HOST"]


async def test_a_trusted_page_may_not_seed_production(new_sqlite: NewDatabase) -> None:
    """What the environment forbids, no origin allows; and the page can read why."""
    settings = Settings(
        Environment.PRODUCTION,
        parse_database_url(new_sqlite()),
        trusted_origins=frozenset({TRUSTED}),
    )
    async with open_client(create_app(settings)) as client:
        response = await client.post(SEED, headers={"Origin": TRUSTED})
    assert codes(response) == ["PRODUCTION"]
    assert_readable(response, TRUSTED)


@pytest.mark.parametrize(("method", "path", "content", "status"), ANSWERS)
async def test_every_response_can_be_read(
    client: httpx.AsyncClient, method: str, path: str, content: bytes, status: int
) -> None:
    """A front end that is refused reads why, when to try again and where the log has it."""
    headers = {"Origin": TRUSTED, **JSON}
    response = await client.request(method, path, content=content, headers=headers)
    assert response.status_code == status
    assert_readable(response, TRUSTED)
    exposed = set(response.headers["access-control-expose-headers"].split(", "))
    assert exposed == {"ETag", "Retry-After", "X-Retry-After", "set-auth-token", "X-Request-ID"}


@pytest.mark.parametrize("path", [SEED, SIGN_IN, "/api/auth/get-session"])
async def test_a_preflight_request_gets_the_cors_headers(
    client: httpx.AsyncClient, path: str
) -> None:
    """A trusted page may use every method and the headers that something here reads."""
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        headers = {
            "Origin": TRUSTED,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type,if-match,x-request-id",
        }
        response = await client.options(path, headers=headers)
        assert response.status_code == 204
        assert_readable(response, TRUSTED)
        assert method in response.headers["access-control-allow-methods"].split(", ")
        allowed = response.headers["access-control-allow-headers"].lower().split(", ")
        assert {"authorization", "content-type", "if-match", "x-request-id"} <= set(allowed)
        assert response.headers["x-request-id"]


@pytest.mark.parametrize("asked", TRACING)
async def test_a_trusted_page_may_send_any_header(client: httpx.AsyncClient, asked: str) -> None:
    """Tracing libraries add their own; each header that is asked for is allowed by its name."""
    for origin in (TRUSTED, SECURE):
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": asked,
        }
        response = await client.options("/api/patients", headers=headers)
        assert response.status_code == 204
        assert_readable(response, origin)
        allowed = response.headers["access-control-allow-headers"].lower().split(", ")
        # A browser that sends a cookie takes a `*` for the name of a header.
        assert {name.strip().lower() for name in asked.split(",")} <= set(allowed)


@pytest.mark.parametrize("origin", UNTRUSTED)
async def test_no_other_page_may_send_any(client: httpx.AsyncClient, origin: str) -> None:
    """An origin that is not trusted learns of no method and of no header."""
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert_unreadable(await client.options(SEED, headers=headers))
    for asked in TRACING:
        headers |= {"Access-Control-Request-Headers": asked}
        response = await client.options("/api/patients", headers=headers)
        assert_unreadable(response)
        assert "access-control-allow-headers" not in response.headers


async def test_no_cache_returns_the_response_of_another_caller(client: httpx.AsyncClient) -> None:
    """Also what is said to a program depends on who asks."""
    assert_unreadable(await client.get("/assets/swagger-ui.css"))
    assert_readable(await client.get("/assets/swagger-ui.css", headers={"Origin": SECURE}), SECURE)

"""The console is added by the first request that can be for it, and behaves as if it had been."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from app.console.on_demand import add_console
from app.main import create_app
from app.settings import Environment, Settings, parse_database_url

IN_BROWSER = {"Accept": "text/html", "X-Request-ID": "0b5e3d5f9b8e4c6c"}
# Requests that differ without the console: pages, its files, pages for unknown paths and methods.
FIRST = (
    ("GET", "/people", "", (200, "text/html")),
    ("GET", "/nothing", "", (404, "text/html")),
    ("POST", "/nothing", "", (404, "text/html")),
    ("DELETE", "/schema/openapi.json", "", (405, "text/html")),
    ("GET", "/console/calendar.css", "", (200, "text/css")),
    ("GET", "/console/nothing", "", (404, "text/html")),
    ("OPTIONS", "/people", "", (204, "")),
    # A prefix that begins like a page is not removed twice.
    ("GET", "/patients/patients/new", "/patients", (303, "text/plain")),
    ("GET", "/api/people", "/api", (200, "text/html")),
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def new_app(folder: Path, environment: Environment = Environment.TEST) -> Litestar:
    return create_app(Settings(environment, parse_database_url(f"sqlite:///{folder}/pages.db")))


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Litestar]:
    app = new_app(tmp_path)
    async with app.lifespan():
        yield app


async def call(app: Litestar, method: str, path: str, prefix: str = "") -> httpx.Response:
    asgi: object = app
    transport = httpx.ASGITransport(asgi, root_path=prefix)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.request(method, path, headers=IN_BROWSER)


def shown(response: httpx.Response) -> tuple[int, httpx.Headers, str]:
    """Return a response without the time of the server."""
    return response.status_code, response.headers, TIME.sub("", response.text)


@pytest.mark.parametrize(("method", "path", "prefix", "expected"), FIRST)
async def test_the_first_request_gets_what_all_others_get(
    app: Litestar, tmp_path: Path, method: str, path: str, prefix: str, expected: tuple[int, str]
) -> None:
    first = await call(app, method, path, prefix)
    media_type = first.headers.get("Content-Type", "").partition(";")[0]
    assert (first.status_code, media_type) == expected
    complete = new_app(tmp_path)
    add_console(complete)
    async with complete.lifespan():
        assert shown(first) == shown(await call(complete, method, path, prefix))
    assert {route.path for route in app.routes} == {route.path for route in complete.routes}


async def test_calls_of_the_api_do_not_add_it(app: Litestar) -> None:
    before = [route.path for route in app.routes]
    assert "/people" not in before
    for path in ("/api/auth/ok", "/api/patients", "/api/nothing", "/health/live", "/health/ready"):
        await call(app, "GET", path)
    assert [route.path for route in app.routes] == before


async def test_it_is_added_once(app: Litestar) -> None:
    """The second page finds the routes of the first one."""
    await call(app, "GET", "/people")
    routes = [id(route) for route in app.routes]
    assert (await call(app, "GET", "/people")).status_code == 200
    assert [id(route) for route in app.routes] == routes


async def test_production_never_has_it(tmp_path: Path) -> None:
    app = new_app(tmp_path, Environment.PRODUCTION)
    before = [route.path for route in app.routes]
    for path in ("/people", "/nothing"):
        response = await call(app, "GET", path)
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"
    assert [route.path for route in app.routes] == before

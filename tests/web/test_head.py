"""HEAD is GET without the body: the same checks, status and headers, on every path."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from app.auth.examples import SIGN_IN
from app.clinic.patients.examples import PATIENT_ID
from app.console.on_demand import add_console
from conftest import make_app, open_app, open_client, seed
from server_processes import serving
from snapshots import snapshot

pytestmark = pytest.mark.slow

PARAMETERS = {
    "patient_id": PATIENT_ID,
    "file_path": "swagger-ui.css",
    "path": "nothing",
    "kind": "templates",
}
MADE_UP = "00000000-0000-4000-8000-000000000000"
# They say when and for which request they were made.
OWN = {"x-request-id", "date"}
MISSING = ("/nothing", "/api/nothing", f"/api/patients/{MADE_UP}", "/assets/nothing.css")
REFUSED = ("/api/patients?serach=x", "/api/patients?limit=0", "/availability?week=never")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    app = make_app(f"sqlite:///{tmp_path_factory.mktemp('head')}/seedbed.db")
    add_console(app)
    return app


@pytest.fixture(scope="module")
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """One seeded database, somebody signed in."""
    async with open_client(app) as client:
        await seed(client, asOf="2026-01-01")
        (await client.post("/api/auth/sign-in/email", json=SIGN_IN)).raise_for_status()
        yield client


def paths_of(app: Litestar, method: str) -> list[str]:
    return [
        re.sub(r"\{(\w+)(:\w+)?\}", lambda found: PARAMETERS.get(found[1], MADE_UP), route.path)
        for route in app.routes
        if isinstance(route, HTTPRoute) and method in route.methods
    ]


def compared(response: httpx.Response) -> tuple[int, dict[str, str]]:
    headers = {name: value for name, value in response.headers.items() if name not in OWN}
    # Of a problem document, the id of the request is a part; its length does not differ.
    return response.status_code, headers


async def assert_alike(client: httpx.AsyncClient, path: str, **options: Any) -> int:
    head = await client.head(path, **options)
    get = await client.get(path, **options)
    assert head.content == b"", path
    assert compared(head) == compared(get), path
    return get.status_code


async def test_every_path_with_get_has_head(app: Litestar, client: httpx.AsyncClient) -> None:
    """Pages, the API, the document and files, found, refused and not found."""
    paths = paths_of(app, "GET")
    assert len(paths) > 35
    statuses = {await assert_alike(client, path) for path in (*paths, *MISSING, *REFUSED)}
    assert statuses >= {200, 400, 404}


async def test_head_is_refused_where_get_is(app: Litestar, client: httpx.AsyncClient) -> None:
    """Without a session it tells no more than GET does."""
    del client
    url = app.state.settings.database_url.render_as_string()
    async with open_app(url.replace("+aiosqlite", "")) as stranger:
        statuses = [await assert_alike(stranger, path) for path in paths_of(app, "GET")]
    assert statuses.count(401) > 10


async def test_head_of_what_takes_no_get_does_nothing(
    app: Litestar, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """A path that only changes something returns 405 with its methods, and changes nothing."""
    del tmp_path
    url = str(app.state.settings.database_url.render_as_string()).replace("+aiosqlite", "")
    before = snapshot(url)
    for path in set(paths_of(app, "POST")) - set(paths_of(app, "GET")):
        response = await client.head(path)
        assert response.status_code == 405, path
        assert response.content == b""
        assert {"POST", "OPTIONS"} <= set(response.headers["allow"].split(", "))
    assert snapshot(url) == before


async def test_the_methods_of_a_path_include_head(client: httpx.AsyncClient) -> None:
    """In the header of OPTIONS, and in the header and the text of 405."""
    options = await client.options("/api/patients")
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    refused = await client.put("/api/patients")
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert refused.json()["detail"].endswith("It supports GET, HEAD, OPTIONS, POST.")
    only_post = await client.options("/api/auth/sign-out")
    assert only_post.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("path", ["/", "/api/db", "/assets/swagger-ui.css", "/nothing"])
async def test_no_body_is_left_to_the_server(
    app: Litestar, client: httpx.AsyncClient, path: str
) -> None:
    """A server that would send what it is given is given nothing, and the end of it once."""
    del client
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "method": "HEAD",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    await app(scope, receive, send)
    start, *bodies = sent
    assert start["type"] == "http.response.start"
    assert [(body["body"], body.get("more_body", False)) for body in bodies] == [(b"", False)]


def test_a_response_to_head_has_no_body(tmp_path: Path) -> None:
    """Over a socket the connection stays usable for the next request."""
    with (
        serving(f"sqlite:///{tmp_path}/seedbed.db", tmp_path / "log") as server,
        httpx.Client(base_url=server.base_url, trust_env=False, timeout=180) as client,
    ):
        for path in ("/", "/api/db", "/schema/openapi.json", "/assets/swagger-ui.css", "/nothing"):
            head, get = client.head(path), client.get(path)
            assert head.content == b""
            assert head.status_code == get.status_code
            if "etag" in get.headers:
                assert head.headers["etag"] == get.headers["etag"]

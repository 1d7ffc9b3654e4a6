"""A page of the console gets from the API what the browser that opened it would get itself."""

import html
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import event

from app.auth.examples import SIGN_IN
from app.main import create_app
from app.settings import Environment, Settings, parse_database_url
from app.web.origins import ORIGIN_HEADERS
from conftest import open_client, seed
from console.recorded_calls import PART, Calls, list_addresses, recorded_calls
from snapshots import snapshot

pytestmark = pytest.mark.slow

TRUSTED = "http://localhost:5173"
OWN_PAGE = {
    "Host": "localhost:8000",
    "Origin": "http://localhost:8000",
    "Sec-Fetch-Site": "same-origin",
}
OTHER_SITES: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Host": "evil.example"},
    {"Host": "[::1].evil.example"},
)
# A site that is refused, and a host: the guard decides on all others before it knows the route.
OTHER_SITE, OTHER_HOST = OTHER_SITES[0], OTHER_SITES[4]


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('origins')}/seeded.db"


@pytest.fixture(scope="module")
def app(database_url: str) -> Litestar:
    url = parse_database_url(database_url)
    return create_app(Settings(Environment.TEST, url, trusted_origins=frozenset({TRUSTED})))


@pytest.fixture(scope="module")
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    async with open_client(app) as client:
        await seed(client, patients=6)
        yield client


@pytest.fixture(autouse=True)
async def _signed_in(client: httpx.AsyncClient) -> None:
    (await client.post("/api/auth/sign-in/email", json=dict(SIGN_IN))).raise_for_status()


@pytest.fixture
def calls(app: Litestar) -> Iterator[Calls]:
    with recorded_calls(app) as calls:
        yield calls


@contextmanager
def statements(app: Litestar) -> Iterator[list[str]]:
    executed: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        executed.append(statement)

    engine = app.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", record)
    try:
        yield executed
    finally:
        event.remove(engine, "before_cursor_execute", record)


async def test_every_route_forwards_what_the_guard_looks_at(
    app: Litestar, client: httpx.AsyncClient, calls: Calls
) -> None:
    """The API sees the same host, origin and site in each call that a page makes."""
    addresses = await list_addresses(app, client)
    routes = {(address.method, address.route) for address in addresses}
    assert {("GET", "/"), ("POST", "/people/sign-in"), ("GET", "/overview")} <= routes
    assert {name.lower() for name in OWN_PAGE} == {name.lower() for name in ORIGIN_HEADERS}
    expected = {name.lower(): value for name, value in OWN_PAGE.items()}
    for address in addresses:
        for headers in (OWN_PAGE, OWN_PAGE | PART):
            calls.take()
            await address.open(client, headers)
            made = calls.take()
            assert made or headers == OWN_PAGE, address  # a part shows what the API returned
            for call in made:
                assert {name: call.headers.get(name) for name in expected} == expected, address


@pytest.mark.parametrize("headers", [OTHER_SITE, OTHER_HOST], ids=str)
async def test_a_page_is_refused_where_the_api_is(
    app: Litestar, client: httpx.AsyncClient, calls: Calls, headers: Mapping[str, str]
) -> None:
    """If the API refuses a call of a page to the caller, so does the page, in whole or in part."""
    refused = set()
    for address in await list_addresses(app, client):
        if address.method != "GET":
            continue
        for part in ({}, PART):
            calls.take()
            response = await address.open(client, {**headers, **part})
            statuses = {call.status for call in calls.take()}
            assert (response.status_code == 403) == (403 in statuses), (address, part)
            if response.status_code == 403:
                refused.add((address.route, bool(part)))
    assert refused == {
        ("/", False),
        ("/", True),
        ("/people", False),
        ("/people", True),
        ("/people/sign-in", False),
        ("/people/sign-in", True),
        ("/overview", True),
        ("/snapshots", True),
    }


@pytest.mark.parametrize("headers", OTHER_SITES, ids=str)
async def test_no_row_is_counted_for_another_site(
    app: Litestar, client: httpx.AsyncClient, headers: Mapping[str, str]
) -> None:
    """The pages that count rows do so for themselves only."""
    for path, part in (("/", {}), ("/", PART), ("/overview", PART)):
        with statements(app) as counted:
            assert (await client.get(path, headers=part)).status_code == 200
        assert any("count(" in statement.lower() for statement in counted)
        with statements(app) as executed:
            assert (await client.get(path, headers={**headers, **part})).status_code == 403
        assert not [statement for statement in executed if "count(" in statement.lower()]


@pytest.mark.parametrize("headers", OTHER_SITES, ids=str)
async def test_no_form_of_another_site_changes_anything(
    app: Litestar,
    client: httpx.AsyncClient,
    database_url: str,
    calls: Calls,
    headers: Mapping[str, str],
) -> None:
    """It is refused before the API is called, and the person who sent it gets a page."""
    before = snapshot(database_url)
    addresses = await list_addresses(app, client)
    calls.take()
    for address in addresses:
        if address.method != "GET":
            for part in ({}, PART):
                response = await address.open(client, {**headers, **part})
                assert response.status_code == 403
                assert response.headers["Content-Type"].startswith("text/html")
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]
                assert "Set-Cookie" not in response.headers
                assert ("<html" in response.text) == (not part)
    assert calls.take() == []
    assert snapshot(database_url) == before


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/", "/"),
        ("/people", "/people"),
        ("/people?to=%2Fpatients%3Fsearch%3Da&search=b", None),
        ("/people?search=%22%3E%3Cscript%3E", None),
        ('/people?search="><b>', "/people?search=%22%3E%3Cb%3E"),
        ("//people", "/people"),
        ("///people/", "/people"),
    ],
)
async def test_a_link_on_another_site_leads_to_a_page_that_explains(
    client: httpx.AsyncClient, address: str, link: str | None
) -> None:
    """It says what happened, and has a link to the same address, which a click opens from here."""
    headers = {"Host": "localhost:8000", "Sec-Fetch-Site": "cross-site"}
    url = f"http://localhost:8000{address}"
    response = await client.get(url, headers=headers)
    assert response.status_code == 403
    assert "This page was opened from another site" in response.text
    assert "Nothing was changed" in response.text
    main = response.text.partition("<main")[2]
    [found] = re.findall(r'<a href="(.*?)">Open this page</a>', main)
    assert html.unescape(found) == (link or address)
    assert (await client.get(html.unescape(found), headers=OWN_PAGE)).status_code == 200


async def test_a_form_on_another_site_leads_to_no_form(client: httpx.AsyncClient) -> None:
    """The address of a form cannot be opened, so the page links to the console."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = await client.post("/people/sign-out", headers=headers)
    main = response.text.partition("<main")[2]
    assert "This request came from another site" in main
    assert re.findall(r'href="(.*?)"', main) == ["/"]


async def test_an_unknown_host_is_named_as_the_reason(client: httpx.AsyncClient) -> None:
    """A link would not help there."""
    response = await client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 403
    assert "ALLOWED_HOSTS" in response.text
    assert "Open this page" not in response.text


async def test_a_trusted_origin_may_open_a_page(client: httpx.AsyncClient) -> None:
    """A page gets as much as the API would give it."""
    headers = {"Origin": TRUSTED, "Sec-Fetch-Site": "cross-site"}
    assert (await client.get("/", headers=headers)).status_code == 200
    response = await client.post("/people/sign-out", headers=headers)
    assert response.status_code == 303


async def test_only_what_the_api_needs_is_forwarded(
    client: httpx.AsyncClient, calls: Calls
) -> None:
    """Cookies of other programs on this host, and headers of other purposes, stay outside."""
    session = "better-auth.session_token=x"
    headers = {
        "Accept": "text/html",
        "Accept-Language": "mi",
        "Cookie": f"theme=dark; {session} ; better-auth.session_token.old=y; a={session}",
        "If-Match": "*",
        "Referer": "http://localhost/people?search=secret",
        "User-Agent": "Mosaic",
        "X-Forwarded-For": "203.0.113.9",
        "X-Request-ID": "page-0001",
    }
    client.cookies.clear()
    await client.get("/people", headers=headers)
    made = calls.take()
    assert [call.path for call in made] == ["/api/db/seed", "/api/auth/get-session"]
    for call in made:
        assert call.headers == {
            "cookie": f" {session} ",
            "host": "127.0.0.1",
            "user-agent": "Mosaic",
            "x-request-id": "page-0001",
        }


async def test_a_session_has_the_browser_that_opened_it(client: httpx.AsyncClient) -> None:
    """If the browser does not name itself, neither does the console."""
    form = {"email": SIGN_IN["email"]}
    for agent, expected in (("Mosaic", "Mosaic"), (None, None)):
        request = client.build_request("POST", "/people/sign-in", data=form)
        del request.headers["User-Agent"]
        if agent:
            request.headers["User-Agent"] = agent
        await client.send(request)
        session = (await client.get("/api/auth/get-session")).json()["session"]
        assert session["userAgent"] == expected

"""Pages of other origins in a real browser.

With any request, a developer's database stays, unless the developer trusts their origin.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Error, Page

from app.seed.constants import PASSWORD
from chromium import REBOUND_NAME
from journeys.commands import serving
from journeys.console.views import check_accessible
from journeys.other_servers import other_server
from snapshots import snapshot

pytestmark = pytest.mark.browser

SMALL = {"users": 1, "organizations": 1, "patients": 7}
# What a page of any site can send without asking first: a form, and a request with a plain body.
HOSTILE = """
<!doctype html><title>hostile</title>
<form method="post" action="{target}/api/db/seed?reset=drop"><button>Win a prize</button></form>
<script>
const send = (path, type) => fetch('{target}' + path, {{
  method: 'POST', mode: 'no-cors', credentials: 'include', headers: {{'Content-Type': type}},
  body: '{{}}',
}}).catch(() => undefined)
</script>
"""
# What Better Auth's client sends: JSON, with the user's cookie.
FRONT_END = """
<!doctype html><title>front end</title>
<script>
const call = (url, body) => fetch(url, {
  method: body ? 'POST' : 'GET', credentials: 'include',
  headers: body ? {'Content-Type': 'application/json'} : {}, body: body && JSON.stringify(body),
}).then(async response => ({
  status: response.status, id: response.headers.get('X-Request-ID'), body: await response.json(),
}))
</script>
"""


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('origins')}/seedbed.db"


@pytest.fixture(scope="module")
def server(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one server for the tests of pages that are not trusted."""
    with serving(database_url, tmp_path_factory.mktemp("log") / "server.log") as base_url:
        yield base_url


@pytest.fixture
def before(server: str, database_url: str) -> Any:
    """Seed by a program; return everything in the database."""
    seeded = httpx.post(f"{server}/api/db/seed", json=SMALL, trust_env=False, timeout=180)
    assert seeded.status_code == 201
    return snapshot(database_url)


def test_a_page_of_another_origin_cannot_seed(
    server: str, page: Page, before: Any, database_url: str
) -> None:
    """Neither a script nor a form of another page resets the database, and the form says why."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    with other_server(HOSTILE.format(target=server)) as url:
        page.goto(url)
        for path in ("/api/db/seed", "/api/db/seed?reset=drop", "/api/auth/sign-out"):
            page.evaluate(f"send('{path}', 'text/plain')")  # the browser hides the response
        page.evaluate("send('/api/db/seed', 'application/json')")
        page.get_by_role("button").click()
        page.wait_for_url(f"{server}/**")
        assert "another origin" in page.content()
    assert sum(f"{server}/api/" in url for url in sent) >= 4
    assert snapshot(database_url) == before


def test_a_name_that_was_led_to_this_machine_cannot_seed(
    server: str, page: Page, before: Any, database_url: str
) -> None:
    """After DNS rebinding a page is of the server's own origin, and its name gives it away."""
    port = server.rpartition(":")[2]
    page.goto(f"http://{REBOUND_NAME}:{port}/")
    seeding = "fetch('/api/db/seed', {method: 'POST'}).then(r => r.json())"
    refusal = page.evaluate(seeding)
    assert [reason["code"] for reason in refusal["reasons"]] == ["UNKNOWN_HOST"]
    looking = page.evaluate("fetch('/api/db').then(r => r.status)")
    assert looking == 403
    assert snapshot(database_url) == before


def test_a_link_of_another_origin_opens_the_console_with_one_more_click(
    server: str, page: Page, before: Any, database_url: str
) -> None:
    """The browser says where the link is; the page that it opens instead links to the same one."""
    link = f"{server}/people?search=owner"
    with other_server(f'<!doctype html><title>chat</title><a href="{link}">Look</a>') as url:
        page.goto(url)
        page.get_by_role("link").click()
        page.get_by_role("heading", name="This page was opened from another site").wait_for()
        assert page.url == link
        assert page.get_by_role("button", name="owner").count() == 0
        check_accessible(page)
        with page.expect_response(link) as opened:
            page.get_by_role("link", name="Open this page").click()
        assert opened.value.status == 200
        page.get_by_role("button").first.wait_for()
        assert page.url == link
    assert snapshot(database_url) == before


@pytest.fixture
def front_end(page: Page) -> Iterator[str]:
    """Open the page of a development server that is not ours; return its origin."""
    with other_server(FRONT_END) as origin:
        page.goto(origin)
        yield origin


def call(page: Page, url: str, body: Any = None) -> Any:
    """Have the page call with its user's cookie; return what it could read of the response."""
    return page.evaluate("([url, body]) => call(url, body)", [url, body])


def test_a_page_of_a_trusted_origin_signs_in(page: Page, front_end: str, tmp_path: Path) -> None:
    """It may seed, reads whom it can be, is that user until it signs out, and reads refusals."""
    url, log = f"sqlite:///{tmp_path}/seedbed.db", tmp_path / "server.log"
    with serving(url, log, TRUSTED_ORIGINS=front_end) as server:
        seeded = call(page, f"{server}/api/db/seed", SMALL)
        assert seeded["status"] == 201
        assert seeded["id"]
        email = seeded["body"]["signIn"]["users"][0]["email"]
        identity = f"{server}/api/auth"
        wrong = {"email": email, "password": "wrong password"}
        assert call(page, f"{identity}/sign-in/email", wrong)["status"] == 401
        credentials = {"email": email, "password": PASSWORD}
        assert call(page, f"{identity}/sign-in/email", credentials)["status"] == 200
        assert call(page, f"{identity}/get-session")["body"]["user"]["email"] == email
        assert call(page, f"{identity}/sign-out", {})["status"] == 200
        assert call(page, f"{identity}/get-session")["body"] is None


def test_the_same_page_reads_nothing_unless_it_is_trusted(
    page: Page, front_end: str, tmp_path: Path
) -> None:
    """That another port of its host is trusted, one that its own begins with, changes nothing."""
    url, log = f"sqlite:///{tmp_path}/seedbed.db", tmp_path / "server.log"
    with serving(url, log, TRUSTED_ORIGINS=front_end[:-1]) as server:
        for path, body in (
            ("db/seed", {}),
            ("auth/sign-in/email", {"email": "ada@example.com", "password": PASSWORD}),
            ("auth/get-session", None),
        ):
            with pytest.raises(Error, match="Failed to fetch"):
                call(page, f"{server}/api/{path}", body)
        look = httpx.get(f"{server}/api/db", trust_env=False, timeout=180).json()
        assert look["mark"] is None

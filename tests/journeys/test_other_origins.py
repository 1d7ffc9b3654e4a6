"""Pages of other origins in a real browser: whatever they send, a developer's database stays."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from journeys.commands import on_sqlite
from journeys.conftest import REBOUND_NAME
from snapshots import snapshot

pytestmark = [pytest.mark.browser, on_sqlite]

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


@contextmanager
def hostile_page(target: str) -> Iterator[str]:
    """Serve the page at a port of its own, which makes it another origin; give its URL."""

    class Hostile(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(HOSTILE.format(target=target).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{other.server_port}/"
        finally:
            other.shutdown()
            thread.join()


@pytest.fixture
def before(server: str, database_url: str) -> Any:
    """Seed by a program; give all that stands in the database."""
    seeded = httpx.post(f"{server}/api/db/seed", json={"patients": 7}, trust_env=False)
    assert seeded.status_code == 201
    return snapshot(database_url)


def test_a_page_of_another_origin_cannot_seed(
    server: str, page: Page, before: Any, database_url: str
) -> None:
    """Neither a script nor a form of another page resets the database, and the form says why."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    with hostile_page(server) as url:
        page.goto(url)
        for path in ("/api/db/seed", "/api/db/seed?reset=drop", "/api/auth/sign-out"):
            page.evaluate(f"send('{path}', 'text/plain')")  # the browser hides the answer
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
    page.goto(f"http://{REBOUND_NAME}:{port}/schema/swagger")
    seeding = "fetch('/api/db/seed', {method: 'POST'}).then(r => r.json())"
    refusal = page.evaluate(seeding)
    assert [reason["code"] for reason in refusal["reasons"]] == ["UNKNOWN_HOST"]
    looking = page.evaluate("fetch('/api/db').then(r => r.status)")
    assert looking == 403
    assert snapshot(database_url) == before


def test_a_page_of_the_server_itself_can_seed(server: str, page: Page, before: Any) -> None:
    """What the two others could not do needs no configuration from here."""
    assert before
    page.goto(f"{server}/schema/swagger")
    seeding = "fetch('/api/db/seed', {method: 'POST'}).then(r => r.json())"
    assert page.evaluate(seeding)["deleted"]["patients"] == 7

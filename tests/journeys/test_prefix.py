"""At a prefix behind a reverse proxy, nothing leads outside of the prefix.

`tests/web/test_prefix.py` tries every way to write a prefix.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.auth.authentication import SESSION_COOKIE
from app.auth.examples import SIGN_IN
from journeys.commands import on_sqlite, serving
from journeys.reverse_proxies import reverse_proxy
from journeys.traffic import Traffic

pytestmark = on_sqlite

PREFIX = "/seedbed"
ADDRESS = re.compile(r'(?:href|src|action|data-hx-get|data-hx-post)="([^"#]*)')
PAGES = (
    *("/", "/people", "/availability", "/patients", "/treatment-plans", "/rooms", "/overview"),
    *("/nothing", "/schema/swagger"),
)


@contextmanager
def behind_proxy(
    database_url: str, folder: Path, prefix: str, *, strips: bool, option: str | None = None
) -> Iterator[str]:
    """Start a server that knows its prefix, and a proxy that serves it there; yield the origin."""
    log = folder / "server.log"
    with (
        serving(database_url, log, "--root-path", option or prefix) as server,
        reverse_proxy(server, prefix, strips=strips) as origin,
    ):
        yield origin


def client_of(origin: str, prefix: str) -> httpx.Client:
    return httpx.Client(
        base_url=origin + httpx.URL(prefix).raw_path.decode(), trust_env=False, timeout=180
    )


def test_everything_is_at_the_prefix(database_url: str, tmp_path: Path) -> None:
    """The API, pages and files respond; links, redirects, cookies and the document have it."""
    prefix, option = "/my apps/Übung", "/my%20apps/%C3%9Cbung"
    with (
        behind_proxy(database_url, tmp_path, prefix, strips=True, option=option) as origin,
        client_of(origin, prefix) as client,
    ):
        base = client.base_url.raw_path.decode().rstrip("/")
        checked: set[str] = set()
        client.post("/api/db/seed", timeout=180).raise_for_status()
        led = client.get("/availability")
        assert (led.status_code, led.headers["location"].partition("?")[0]) == (
            303,
            f"{base}/people",
        )
        signed_in = client.post("/api/auth/sign-in/email", json=SIGN_IN)
        assert f"Path={base};" in f"{signed_in.headers['set-cookie']};"
        assert client.get("/api/patients").json()["items"]
        document = client.get("/schema/openapi.json").json()
        assert document["servers"] == [{"url": base}]
        assert all(path.startswith(("/api/", "/health/")) for path in document["paths"])
        cross_site = {"Accept": "text/html", "Sec-Fetch-Site": "cross-site"}
        pages = [
            *(client.get(page, headers={"Accept": "text/html"}) for page in PAGES),
            client.get("/people", headers=cross_site),
            client.post("/people/sign-out", headers=cross_site),
        ]
        for response in pages:
            addresses = {*ADDRESS.findall(response.text)} - {"", "data:,"}
            assert addresses, response.url
            assert all(f"{each}/".startswith(f"{base}/") for each in addresses), addresses
            for each in addresses - checked:
                assert client.get(f"{origin}{each}").status_code != 404, each
            checked |= addresses
        assert f"{base}/schema/swagger" in client.get("/api/nothing").json()["detail"]
        assert client.head("/api/db").status_code == 200


@pytest.mark.browser
def test_a_person_stays_inside(
    database_url: str, tmp_path: Path, page: Page, traffic: Traffic
) -> None:
    """Seeding, signing in, hours, patients and plots, by clicks alone."""
    with behind_proxy(database_url, tmp_path, PREFIX, strips=False) as origin:
        site = f"{origin}{PREFIX}"
        page.goto(f"{site}/")
        page.get_by_role("button", name="Seed", exact=True).click()
        expect(page.get_by_text("The new data set is ready")).to_be_visible()
        views = page.get_by_role("navigation", name="Pages")
        views.get_by_role("link", name="Availability").click()
        page.get_by_role("button", name="Sign in as Edward Papadopoulos").click()
        expect(page.get_by_role("heading", name="Availability")).to_be_visible()
        assert page.url.startswith(f"{site}/availability")
        [cookie] = [each for each in page.context.cookies() if each.get("name") == SESSION_COOKIE]
        assert cookie.get("path") == PREFIX
        make_and_delete_slot(page)
        views.get_by_role("link", name="Patients").click()
        page.wait_for_url(f"{site}/patients")  # and until its scripts are there
        page.get_by_role("searchbox").fill("byr")
        expect(page).to_have_url(f"{site}/patients?search=byr")
        page.get_by_role("link", name="Byrne").first.click()
        expect(page.locator("#timeline canvas")).to_be_visible()
        page.get_by_role("button", name="Pause").first.click()
        expect(page.get_by_text("The plan is paused now.")).to_be_visible()
        page.once("dialog", lambda question: question.accept())
        page.get_by_role("button", name="Delete").first.click()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#timeline canvas")).to_be_visible()
        views.get_by_role("link", name="Overview").click()
        expect(page.get_by_role("heading", name="Plans by status")).to_be_visible()
        page.locator("#user-menu summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{site}/people")
        assert not [each for each in page.context.cookies() if each.get("name") == SESSION_COOKIE]
        assert traffic.urls_outside(site) == []
        assert traffic.errors == []


def make_and_delete_slot(page: Page) -> None:
    page.get_by_role("button", name="New slot").click()
    dialog = page.get_by_role("dialog")
    # On a Sunday the form begins with an exception, because no template can be on one.
    dialog.get_by_label("Weekly template").check()
    dialog.locator("[name=dayOfWeek]").select_option("Saturday")
    dialog.get_by_label("Start", exact=True).fill("06:00")
    dialog.get_by_label("End", exact=True).fill("07:00")
    dialog.get_by_role("button", name="Create").click()
    expect(page.get_by_text("The slot was created.")).to_be_visible()
    page.get_by_role("button", name=re.compile("06:00 to 07:00")).first.click()
    page.once("dialog", lambda question: question.accept())
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The slot was deleted.")).to_be_visible()

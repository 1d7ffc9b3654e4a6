"""While the clock is frozen, the pages of today look the same on every day.

Two servers have one database. For one of them and its browser it is a day later.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.console.conftest import open_page
from journeys.console.data_set import seed
from journeys.console.tomorrow import DAY, be_a_day_later
from server_processes import serving

pytestmark = pytest.mark.browser

SUNDAY = "2031-02-02"  # the next day is in another week
MOMENT = f"{SUNDAY}T10:30:00Z"
# By path: what is there when the page is complete.
TODAY = {
    "/": "#changes-title",
    "/calendar": "[role=columnheader][aria-current=date]",
    "/overview": ".plot canvas",
}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Return the base URL of a server of today and of one of tomorrow."""
    folder = tmp_path_factory.mktemp("days")
    url, log = f"sqlite:///{folder}/seedbed.db", folder / "server.log"
    with ExitStack() as stack:
        today = stack.enter_context(serving(url, log))
        tomorrow = stack.enter_context(serving(url, log, prepare=be_a_day_later))
        seed(today.base_url, asOf=SUNDAY)
        yield [today.base_url, tomorrow.base_url]


@pytest.fixture(scope="module")
def site(servers: list[str]) -> str:
    return servers[0]


@pytest.fixture
def days(browser: Browser, servers: list[str]) -> Iterator[list[Page]]:
    """Freeze the clock, and open a page on each server, signed in with the same session."""
    set_clock(servers[0], is_frozen=True)
    created = httpx.post(f"{servers[0]}/api/db/sessions", trust_env=False).json()
    now = datetime.now(UTC)
    pages = [open_page(browser, server) for server in servers]
    for page, time in zip(pages, (now, now + DAY), strict=True):
        page.clock.set_fixed_time(time)
        page.context.add_cookies(created[0]["storageState"]["cookies"])
    yield pages
    for page in pages:
        page.close()


def set_clock(server: str, *, is_frozen: bool) -> None:
    body = {"now": MOMENT, "isFrozen": is_frozen}
    httpx.put(f"{server}/api/db/clock", json=body, trust_env=False).raise_for_status()


def show(pages: list[Page], path: str) -> None:
    for page in pages:
        page.goto(path)
        expect(page.locator(TODAY[path]).first).to_be_visible()
        expect(page.locator("[data-user]").first).to_be_attached()


def look_the_same(pages: list[Page], tries: int) -> bool:
    """Compare the pages several times, as something may still move."""
    for _ in range(tries):
        today, tomorrow = [page.locator("main").screenshot() for page in pages]
        if today == tomorrow:
            return True
        pages[0].wait_for_timeout(200)
    return False


def text_without_notice(page: Page) -> str:
    notice = page.locator("#test-clock").inner_text()
    return page.locator("main").inner_text().replace(notice, "")


def test_pages_of_today_are_the_same_to_the_pixel(days: list[Page], site: str) -> None:
    """A clock that runs shows that they would differ: on Monday, two have another text."""
    for path in TODAY:
        show(days, path)
        assert look_the_same(days, tries=30), path
        assert len({page.locator("#test-clock").inner_text() for page in days}) == 1
    set_clock(site, is_frozen=False)
    for path in ("/", "/calendar"):
        show(days, path)
        today, tomorrow = [text_without_notice(page) for page in days]
        assert today != tomorrow, path

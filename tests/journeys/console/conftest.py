"""A seeded server for the tests of a file, and one page of its console in a real browser."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from journeys.conftest import PATIENCE_MS
from journeys.traffic import Traffic, record
from server_processes import serving

# A page without scripts. A page of no site would end the process that has compiled our scripts.
BLANK = "/console/icon.svg"
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server and seed its database; return the base URL.

    On SQLite alone: pages call the API, whose tests use both, and the story runs on PostgreSQL.
    """
    folder = tmp_path_factory.mktemp("console")
    with serving(f"sqlite:///{folder}/seedbed.db", folder / "server.log") as server:
        reseed(server.base_url)
        yield server.base_url


def reseed(site: str) -> None:
    httpx.post(f"{site}/api/db/seed", timeout=180, trust_env=False).raise_for_status()


def open_page(browser: Browser, site: str) -> Page:
    # What moves may be looked at half-way, in colors that are neither.
    page = browser.new_page(base_url=site, viewport=DESKTOP, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE_MS)
    return page


@pytest.fixture(scope="module")
def module_page(browser: Browser, site: str) -> Iterator[Page]:
    """One page for all tests of a file: to open another one costs as much as most tests."""
    page = open_page(browser, site)
    yield page
    page.close()


@pytest.fixture(scope="module")
def recorded(module_page: Page) -> Traffic:
    return record(module_page)


@pytest.fixture
def page(module_page: Page, recorded: Traffic, site: str) -> Iterator[Page]:
    """Have a page as if it were new, except for scripts and clocks: these need `fresh_page`."""
    module_page.set_viewport_size(DESKTOP)
    module_page.emulate_media(color_scheme="light", reduced_motion="reduce")
    yield module_page
    module_page.unroute_all(behavior="ignoreErrors")
    module_page.context.clear_permissions()
    module_page.context.clear_cookies()
    if module_page.url.startswith(site):
        module_page.evaluate("sessionStorage.clear()")
    module_page.goto(BLANK)
    recorded.urls.clear()
    recorded.errors.clear()


@pytest.fixture(autouse=True)
def traffic(page: Page, recorded: Traffic, site: str) -> Iterator[Traffic]:
    """Fail the test if the page asks another machine, or for an error that it did not expect."""
    yield recorded
    assert recorded.urls_outside(site) == []
    assert recorded.errors == []


@pytest.fixture
def fresh_page(browser: Browser, site: str, traffic: Traffic) -> Iterator[Page]:
    """Open another page, for scripts and clocks that would stay for the next test."""
    page = open_page(browser, site)
    record(page, traffic)
    yield page
    page.close()

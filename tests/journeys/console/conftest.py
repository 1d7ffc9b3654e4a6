"""A seeded server for the tests of a file, and a page of its console in a real browser."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from journeys.conftest import PATIENCE_MS
from journeys.traffic import Traffic, record
from server_processes import serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server and seed its database; return the base URL.

    On SQLite alone: pages call the API, whose tests use both, and the story runs on both.
    """
    folder = tmp_path_factory.mktemp("console")
    with serving(f"sqlite:///{folder}/seedbed.db", folder / "server.log") as server:
        reseed(server.base_url)
        yield server.base_url


def reseed(site: str) -> None:
    httpx.post(f"{site}/api/db/seed", timeout=180, trust_env=False).raise_for_status()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    # What moves may be looked at half-way, in colours that are neither.
    page = browser.new_page(
        base_url=site, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.close()


@pytest.fixture(autouse=True)
def traffic(page: Page, site: str) -> Iterator[Traffic]:
    """Fail the test if the page asks another machine, or for an error that it did not expect."""
    traffic = record(page)
    yield traffic
    assert traffic.urls_outside(site) == []
    assert traffic.errors == []

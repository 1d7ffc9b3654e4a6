"""The development server as a separate process, and a real browser to look at its page."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.settings import Environment
from chromium import NoChromium, chromium
from conftest import NewDatabase
from journeys.commands import serving
from journeys.suspended_browser import SuspendedBrowser
from journeys.traffic import Traffic, record
from requirements import lacking
from snapshots import snapshot

# As long as the browser itself waits for a page: the machine may have much to do.
PATIENCE_MS = 90_000
SMALL: dict[str, Any] = {"users": 1, "organizations": 1, "patients": 7, "randomSeed": 1}
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, new_database: NewDatabase) -> str:
    """Name an empty database, or one with the small data set of `before`."""
    if "before" in request.fixturenames:
        return new_database.seeded(Environment.DEVELOPMENT, **SMALL)
    return new_database()


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Start the development server; return its base URL."""
    with serving(database_url, tmp_path / "server.log") as base_url:
        yield base_url


@pytest.fixture
def before(database_url: str) -> Any:
    """Return all rows of a database with a small data set, unlike the default one."""
    return snapshot(database_url)


@pytest.fixture(scope="session")
def suspended_browser() -> Iterator[SuspendedBrowser]:
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(chromium())
        except NoChromium as error:
            lacking(str(error))
        suspended = SuspendedBrowser(browser)
        yield suspended
        suspended.resume()


@pytest.fixture(scope="module")
def browser(suspended_browser: SuspendedBrowser) -> Iterator[Browser]:
    """Return the browser of this process, for a module whose tests are all synchronous."""
    suspended_browser.resume()
    browser = suspended_browser.browser
    yield browser
    for context in browser.contexts:  # those of tests that failed
        context.close()
    suspended_browser.suspend()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1250})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.close()


@pytest.fixture
def traffic(page: Page) -> Traffic:
    return record(page)

"""The development server as a process of its own, and a real browser to look at its page."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.settings import Environment
from conftest import make_app, open_client
from conftest import seed as seed_through_endpoint
from journeys.commands import serving
from journeys.traffic import Traffic, record
from requirements import lacking
from snapshots import snapshot

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REBOUND_NAME = "rebound.example"
CHROMIUM_OPTIONS = (
    "--no-sandbox",  # in a container the suite may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # As on a machine without network, but for a name that somebody else gave this machine.
    f"--host-resolver-rules=MAP {REBOUND_NAME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
NO_CHROMIUM = (
    "There is no Chromium on this machine: get one with "
    "`apt-get install chromium`, or install Google Chrome."
)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Start the development server; give its base URL."""
    with serving(database_url, tmp_path / "server.log") as base_url:
        yield base_url


@pytest.fixture
def before(database_url: str) -> Any:
    """Seed a data set unlike the default one; give all that stands in the database."""

    async def fill() -> None:
        async with open_client(make_app(database_url, Environment.DEVELOPMENT)) as client:
            await seed_through_endpoint(client, patients=7, randomSeed=1)

    anyio.run(fill)
    return snapshot(database_url)


# Playwright keeps an event loop running for as long as it lives, and while one runs there can be
# no other: it therefore lives as long as a module, whose tests are all synchronous.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        lacking(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1250})
    page.set_default_timeout(10_000)
    yield page
    page.close()


@pytest.fixture
def traffic(page: Page) -> Traffic:
    return record(page)

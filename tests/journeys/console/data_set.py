"""The form that seeds, and what the page shows of a seed."""

import sqlite3
from contextlib import closing
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import make_url

MANY = 60_000
READY = "The new data set is ready"


def call(site: str, path: str = "/api/db") -> Any:
    return httpx.get(f"{site}{path}", trust_env=False, timeout=180).json()


def read_data_set(site: str) -> Any:
    """Return what a seed changes: the rows, and when and by what they were made."""
    return call(site)["rows"], call(site, "/api/db/seed")


def seed(site: str, **quantities: Any) -> None:
    httpx.post(
        f"{site}/api/db/seed", json=quantities, timeout=180, trust_env=False
    ).raise_for_status()


def execute(database_url: str, statement: str) -> None:
    """Change a SQLite database behind the application's back."""
    with closing(sqlite3.connect(str(make_url(database_url).database))) as file, file:
        file.execute(statement)


def open_form(page: Page) -> None:
    """Open the page, and wait until its script has enabled the button."""
    page.goto("/")
    expect(seed_button(page)).to_be_enabled()


def seed_button(page: Page) -> Locator:
    return page.locator("#seed").get_by_role("button", name="Seed", exact=True)


def confirmation(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Replace the current data?")


def confirm(page: Page) -> None:
    confirmation(page).get_by_role("button", name="Replace").click()


def start_seed(page: Page) -> None:
    """Press the button, and confirm."""
    seed_button(page).click()
    confirm(page)


def quantity(page: Page, name: str) -> Locator:
    return page.locator("#seed").get_by_role("spinbutton", name=name)


def row_counts(page: Page, table: str) -> Locator:
    """The counts of a table before the last seed and now."""
    return page.locator("#state tr", has=page.get_by_role("rowheader", name=table)).locator("td")


def expect_nothing_sent(page: Page) -> None:
    """Wait until the form is back, with the focus where it was."""
    expect(confirmation(page)).to_be_hidden()
    expect(seed_button(page)).to_be_enabled()
    expect(seed_button(page)).to_be_focused()
    expect(page.locator("#steps li")).to_have_count(0)


def expect_outcome(page: Page, title: str) -> Locator:
    """Wait for the end of a seed. Its heading has the focus and can be seen."""
    heading = page.locator("#outcome").get_by_role("heading", name=title)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    expect(seed_button(page)).to_be_enabled()
    return page.locator("#outcome")

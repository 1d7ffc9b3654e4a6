"""The views of the console, and what holds for each."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def check_accessible(page: Page) -> None:
    """Raise for whatever axe-core finds, its advice on good practice included."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def sign_in_as(page: Page, name: str = "Edward Papadopoulos", to: str = "/availability") -> None:
    """Sign in as one of the default data set, by one click that leads to a view."""
    page.goto(f"/people?to={to}")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("navigation", name="User")).to_contain_text(name)

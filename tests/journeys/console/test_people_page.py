"""The page of the people that one can be."""

import pytest
from playwright.sync_api import Page, expect

from journeys.console.views import be_someone, check_accessible

pytestmark = pytest.mark.browser


def test_people_are_found_while_one_types(page: Page) -> None:
    """The list follows the words, one click makes one somebody, and one can be nobody again."""
    page.goto("/people?to=/patients")
    people = page.locator("#people").get_by_role("button")
    expect(people).to_have_count(10)
    page.get_by_role("searchbox", name="Name, role or clinic").press_sequentially("owner bou")
    expect(people).to_have_count(1)
    check_accessible(page)
    people.click()
    expect(page).to_have_url("/patients")
    who = page.get_by_role("region", name="Who you are")
    expect(who).to_contain_text("Hēmi Warsame, owner of Boulevard Injury Clinic")
    who.get_by_role("button", name="Sign out").click()
    expect(who).to_contain_text("You are nobody yet")
    page.goto("/patients")
    expect(page.get_by_role("heading", name="Be someone")).to_be_visible()


def test_the_page_is_for_everyone(page: Page) -> None:
    """By keyboard, in light and dark, on a phone, and where nobody is found."""
    be_someone(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for path in ("/people", "/people?search=nobody+at+all"):
        page.goto(path)
        check_accessible(page)
    page.goto("/people")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 375, "height": 800})
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

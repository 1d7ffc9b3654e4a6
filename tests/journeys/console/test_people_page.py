"""The page of the people who can sign in."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.console.views import (
    check_accessible,
    check_looks,
    open_user_menu,
    sign_in,
    toast,
    user_menu,
)

pytestmark = pytest.mark.browser


def test_people_are_found_while_typing(page: Page, site: str) -> None:
    """The list and the address follow; one click signs in, and another one out."""
    page.goto("/people?to=/patients")
    people = page.locator("#people tbody tr")
    expect(people).to_have_count(10)
    check_looks(page)
    page.get_by_role("searchbox", name="Name, email, role or clinic").press_sequentially(
        "owner bou"
    )
    expect(people).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1 person of 10.")
    expect(page).to_have_url(f"{site}/people?search=owner+bou&to=%2Fpatients")
    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value("owner bou")
    people.get_by_role("button", name="Sign in as Hēmi Warsame").click()
    expect(page).to_have_url(f"{site}/patients")
    page.goto("/people?search=nobody+at+all")
    expect(page.locator("#count")).to_have_text("No matches.")
    page.get_by_role("link", name="Show all people").click()
    expect(people).to_have_count(10)
    expect(page.locator("tr", has_text="Hēmi Warsame")).to_contain_text("current")
    check_accessible(page)
    page.keyboard.press("Tab")
    open_user_menu(page).get_by_role("button", name="Sign out").click()
    expect(user_menu(page)).to_contain_text("Not signed in")
    page.goto("/patients")
    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_a_copied_login_link_signs_in(page: Page, browser: Browser, site: str) -> None:
    """It works in the address bar of another browser; without JavaScript it takes one click."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/people?to=/patients")
    page.get_by_role("button", name="Copy login link of Mai Kovač").click()
    expect(toast(page, "Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{site}/people/sign-in?")
    other = browser.new_page()
    other.goto(link)
    expect(other).to_have_url(f"{site}/patients")
    expect(user_menu(other)).to_contain_text("Mai Kovač")
    other.close()
    without = browser.new_page(java_script_enabled=False)
    without.goto(link)
    without.get_by_role("button", name=re.compile("Sign in as mai.kovac@")).click()
    expect(without).to_have_url(f"{site}/patients")
    without.close()


def test_the_keyboard_skips_to_the_content(page: Page) -> None:
    """The first stop of Tab is the link to it."""
    sign_in(page, to="/availability")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

"""The whole story in the browser, on PostgreSQL: the other tests of pages are on SQLite."""

import datetime
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conftest import NewDatabase
from journeys.console.views import check_accessible, user_menu
from journeys.console.week import drag
from server_processes import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(new_postgresql: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server on an empty database."""
    log = tmp_path_factory.mktemp("story") / "server.log"
    with serving(new_postgresql(), log) as server:
        yield server.base_url


def test_from_an_empty_database_to_an_exported_patient(page: Page, site: str) -> None:
    """Seed, sign in, offer hours twice, move them, export a patient, seed and sign in again."""
    page.goto("/people")
    page.get_by_role("link", name="Seed one").click()
    expect(page.get_by_text("No tables yet")).to_be_visible()
    page.get_by_role("button", name="Seed", exact=True).click()
    expect(page.get_by_text("The new data set is ready")).to_be_visible()
    pages = page.get_by_role("navigation", name="Pages")
    pages.get_by_role("link", name="Availability").click()
    page.get_by_role("button", name="Sign in as Edward Papadopoulos").click()
    expect(page.get_by_role("heading", name="Availability")).to_be_visible()
    expect(user_menu(page)).to_contain_text("owner of Peninsula Rehabilitation Clinic")
    offer(page)
    expect(page.get_by_text("The slot was created.")).to_be_visible()
    expect(page.get_by_role("dialog")).not_to_be_visible()
    offer(page)
    refusal = page.get_by_role("dialog").get_by_role("alert")
    expect(refusal).to_contain_text("It conflicts with the slot from 06:00 to 07:00")
    expect(page.locator("#calendar .clash")).to_have_count(1)
    check_accessible(page)
    dialog = page.get_by_role("dialog")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    move_to_friday(page)
    create_and_export_a_patient(page)
    pages.get_by_role("link", name="Data set").click()
    page.get_by_role("button", name="Seed", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Replace").click()
    expect(user_menu(page)).to_contain_text("Not signed in")
    page.get_by_role("main").get_by_role("button", name="Sign in again as Edward").click()
    expect(user_menu(page)).to_contain_text("owner of Peninsula Rehabilitation Clinic")
    assert page.url == f"{site}/"


def offer(page: Page) -> None:
    """Fill in and send the form for hours of every Saturday."""
    page.get_by_role("button", name="New slot").click()
    dialog = page.get_by_role("dialog")
    # On a Sunday the form begins with an exception, because no template can be on one.
    dialog.get_by_label("Weekly template").check()
    dialog.locator("[name=dayOfWeek]").select_option("Saturday")
    dialog.get_by_label("Start", exact=True).fill("06:00")
    dialog.get_by_label("End", exact=True).fill("07:00")
    dialog.get_by_role("button", name="Create").click()


def move_to_friday(page: Page) -> None:
    """Drag the hours of Saturday."""
    slot = page.get_by_role("button", name=re.compile("Saturday.*06:00 to 07:00"))
    expect(page.locator("#calendar .clash")).to_have_count(0)
    today = datetime.datetime.now(datetime.UTC).date()
    saturday = today + datetime.timedelta(days=5 - today.weekday())
    friday = saturday - datetime.timedelta(days=1)
    drag(page, slot, (saturday, 6 * 60 + 30), (friday, 6 * 60 + 30))
    expect(page.get_by_text("Moved: Every Friday, 06:00 to 07:00.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Friday.*06:00 to 07:00"))).to_be_visible()


def create_and_export_a_patient(page: Page) -> None:
    """Create, edit, copy and find a patient, and download what is found."""
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Patients").click()
    page.get_by_role("button", name="New patient").click()
    page.get_by_label("First name").fill("Grace")
    page.get_by_label("Last name").fill("Example")
    page.get_by_label("Date of birth").fill("1980-02-29")
    page.get_by_label("Email").fill("grace@example.org")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Grace Example was created.")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("City").fill("Geelong")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Grace Example was saved.")).to_be_visible()
    page.get_by_role("button", name="Copy email").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    page.get_by_role("link", name="Patients").last.click()
    page.get_by_role("searchbox").fill("grace example")
    expect(page.locator("#said")).to_have_text("1 patient")
    with page.expect_download() as downloads:
        page.get_by_role("link", name="CSV").click()
    assert "grace@example.org" in downloads.value.path().read_text()

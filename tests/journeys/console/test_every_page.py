"""What all pages have: menus, messages, copying, JSON, and who is signed in."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from journeys.console.conftest import reseed
from journeys.console.views import (
    check_accessible,
    check_looks,
    delayed,
    open_user_menu,
    sign_in,
    toast,
    user_menu,
)
from journeys.traffic import Traffic

pytestmark = pytest.mark.browser

MENU = "**/people/user-menu?*"
NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
# After a round trip to the server, in which a page that is about to reload would have begun to.
READ_MARK = "fetch('/console/icon.svg').then(response => response.text()).then(() => window.mark)"
WIDEST = """
window.widest = 0;
requestAnimationFrame(function look() {
  widest = Math.max(widest, document.documentElement?.scrollWidth ?? 0);
  requestAnimationFrame(look);
});
"""


@pytest.fixture
def reseeded(site: str) -> Iterator[None]:
    """Restore the default data set after a test that changes it."""
    yield
    reseed(site)


reseeds = pytest.mark.usefixtures("reseeded")


def json_dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="GET /api/")


def pasted(page: Page) -> str:
    """Return what the clipboard has, by the keyboard."""
    page.goto("/people")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press("Control+V")
    return page.get_by_role("searchbox").input_value()


@reseeds
def test_the_header_is_one_row_on_a_phone_and_on_a_desktop(fresh_page: Page) -> None:
    """Two clinics and a person with endless names widen no page; the menus work by keyboard."""
    page = fresh_page
    sign_in(page)
    request = page.request
    for name in ("Dandenong Ranges Physiotherapy Group", "W" * 100):
        made = request.post(
            "/api/auth/organization/create", data={"name": name, "slug": f"s{len(name)}"}
        )
        assert made.ok, made.text()
    assert request.post("/api/auth/update-user", data={"name": "M" * 100}).ok
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/people")
        expect(user_menu(page)).to_contain_text("MMM")
        assert page.evaluate("document.querySelector('header').clientHeight") < 60
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        open_user_menu(page)
        expect(page.get_by_role("button", name="Switch to").first).to_be_visible()
        menu = user_menu(page).locator("ul").bounding_box()
        assert menu
        assert 0 <= menu["x"] <= menu["x"] + menu["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 390:
            check_accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Switch to").first).to_be_hidden()
        expect(user_menu(page).locator("summary")).to_be_focused()
    page.add_init_script(WIDEST)
    page.goto("/overview?clinics=all")
    expect(page.get_by_role("figure")).not_to_have_count(0)
    assert page.evaluate("widest") <= 390  # in no frame, before the charts were there or after
    pages = page.get_by_role("navigation", name="Pages")
    pages.get_by_text("Menu").press("Enter")
    check_accessible(page)
    pages.get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_copying_and_json(page: Page, site: str) -> None:
    """With the clipboard API; what is copied as curl runs, as the signed-in user."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, to="/patients")
    open_user_menu(page).get_by_role("button", name="View session as JSON").click()
    dialog = json_dialog(page)
    session: Any = page.request.get("/api/auth/get-session").json()
    token = session["session"].pop("token")
    assert json.loads(dialog.locator("code").inner_text()) == session
    check_looks(page)
    dialog.get_by_role("button", name="Copy", exact=True).click()
    expect(dialog.locator("#toasts").get_by_text("Copied")).to_be_visible()
    dialog.get_by_role("button", name="Copy as curl").click()
    expect(dialog.locator("#toasts").get_by_text("Copied")).to_have_count(2)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("body > #toasts")).to_contain_text("Copied")
    command = pasted(page)
    assert shlex.split(command)[1] == f"{site}/api/auth/get-session"
    shown = subprocess.check_output(["sh", "-c", f"{command} -s --noproxy '*'"], timeout=180)
    assert json.loads(shown)["session"] == {**session["session"], "token": token}


def test_copying_without_the_clipboard_api(fresh_page: Page) -> None:
    """As on a page that is not secure."""
    fresh_page.add_init_script(NO_CLIPBOARD)
    sign_in(fresh_page, to="/people")
    open_user_menu(fresh_page).get_by_role("button", name="Copy email").click()
    expect(toast(fresh_page, "Copied")).to_be_visible()
    expect(user_menu(fresh_page).get_by_role("button", name="Copy email")).to_be_hidden()
    assert pasted(fresh_page) == "edward.papadopoulos@example.com"


@reseeds
def test_rooms_and_appointment_types(page: Page, site: str) -> None:
    """An owner creates a room and renames a type; the page and its forms look well."""
    sign_in(page, to="/rooms")
    check_looks(page)
    page.get_by_role("button", name="New room").click()
    check_looks(page)
    page.get_by_label("Name").fill("Pool")
    page.get_by_label("Capacity").fill("3")
    page.get_by_role("button", name="Create").click()
    expect(toast(page, "Pool was created.")).to_be_visible()
    pool = page.get_by_role("row", name="Pool")
    page.once("dialog", lambda dialog: dialog.accept())
    pool.get_by_role("button", name="Delete Pool").click()
    expect(pool).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(pool).to_be_visible()
    page.get_by_role("button", name="Edit Follow-up", exact=True).click()
    page.get_by_label("Title").fill("Control")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Control FOLLOW_UP")).to_be_visible()
    expect(page).to_have_url(f"{site}/rooms")


def test_what_is_done_before_a_script_has_run_is_not_lost(page: Page) -> None:
    """What was typed is searched, a chosen value and a pressed button have their effect."""
    with delayed(page, "htmx.min.js"):
        page.goto("/people", wait_until="commit")
        page.get_by_role("searchbox").fill("papadopoulos")
    expect(page.get_by_role("button", name="Sign in as")).to_have_count(1)
    sign_in(page)
    with delayed(page, "calendar.js"):
        page.goto("/calendar", wait_until="commit")
        page.get_by_role("button", name="New appointment").click()
    expect(page.get_by_role("dialog").get_by_label("Type")).to_be_visible()
    with delayed(page, "contacts.js"):
        page.goto("/patients/new", wait_until="commit")
        page.locator(".contact").get_by_label("Name").fill("Bea")
    expect(page.locator(".contact")).to_have_count(2)


def test_a_button_that_asks_does_so_before_the_modules_have_run(page: Page) -> None:
    """Otherwise the form would be sent without the question."""
    sign_in(page)
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    with delayed(page, "page.js"):
        page.goto("/rooms", wait_until="commit")
        page.get_by_role("button", name="Delete ").first.click()
    page.remove_listener("dialog", dismiss)
    assert asked
    expect(user_menu(page)).to_contain_text("Edward Papadopoulos")
    expect(toast(page, "was deleted")).to_have_count(0)


def test_messages(fresh_page: Page) -> None:
    """A message disappears by itself, unless somebody reads it; an error can be closed."""
    page = fresh_page
    page.clock.install(time=datetime(2026, 1, 1, tzinfo=UTC))
    page.goto("/people")
    expect(user_menu(page)).to_contain_text("Not signed in")
    send = "detail => document.dispatchEvent(new CustomEvent('toast', { detail }))"
    page.evaluate(send, {"message": "Not saved", "isError": True})
    expect(page.get_by_role("alert")).to_have_text("Not saved")
    check_accessible(page)
    page.clock.pause_at(datetime(2026, 1, 2, tzinfo=UTC))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.evaluate(send, {"message": "<b>Saved</b>", "isError": False})
    page.evaluate(send, {"message": "Not saved", "isError": True})
    expect(page.get_by_role("alert")).to_have_text("Not saved")
    toast(page, "<b>Saved</b>").hover()
    page.clock.run_for(10_000)
    expect(toast(page, "<b>Saved</b>")).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(3_000)
    expect(toast(page, "<b>Saved</b>")).to_have_count(0)
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_notice_says_that_somebody_else_seeded(fresh_page: Page, site: str) -> None:
    """The page asks again and again; it does not reload by itself, and offers to sign in again."""
    page = fresh_page
    page.clock.install()
    sign_in(page, to="/patients")
    page.get_by_role("searchbox").fill("christo")
    expect(page).to_have_url(f"{site}/patients?search=christo")
    notice = page.get_by_text("The data set was replaced.")
    page.clock.run_for(6_000)
    expect(notice).to_have_count(0)
    reseed(site)
    with page.expect_response("**/api/db/seed/running"):
        page.clock.run_for(6_000)
    expect(notice).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("christo")
    again = user_menu(page).get_by_role("button", name="Sign in again as Edward Papadopoulos")
    expect(again).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Reload").click()
    expect(page).to_have_url(f"{site}/people?to=%2Fpatients%3Fsearch%3Dchristo")
    again.click()
    expect(page).to_have_url(f"{site}/patients?search=christo")
    expect(user_menu(page)).to_contain_text("Edward Papadopoulos")


def test_a_page_follows_who_is_signed_in_elsewhere(page: Page) -> None:
    """It reloads on coming back if another user is signed in, but not while somebody types."""
    sign_in(page)
    page.goto("/overview")
    expect(user_menu(page)).to_contain_text("Edward Papadopoulos")
    page.evaluate("window.mark = 1")
    come_back(page)
    assert page.evaluate(READ_MARK) == 1
    refusal = '<article class="problem">The database is locked</article>'
    page.route(MENU, lambda route: route.fulfill(body=refusal, content_type="text/html"))
    come_back(page)
    assert page.evaluate(READ_MARK) == 1
    page.unroute(MENU)
    page.request.post("/people/sign-in", form={"email": "hemi.warsame@example.com"})
    come_back(page)
    expect(user_menu(page)).to_contain_text("Hēmi Warsame")
    page.goto("/people")
    page.get_by_role("searchbox").fill("owner")
    page.request.post("/people/sign-in", form={"email": "edward.papadopoulos@example.com"})
    come_back(page)
    expect(page.get_by_text("Another user is signed in now.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("owner")


def come_back(page: Page) -> None:
    """Have the window told that it has the focus, and wait until it has asked who is signed in."""
    with page.expect_request_finished(lambda request: "/people/user-menu?" in request.url):
        page.evaluate("dispatchEvent(new Event('focus'))")


def test_a_server_that_does_not_respond_is_reported(page: Page, traffic: Traffic) -> None:
    """Where the response would be, also in a dialog, and until the server responds again."""
    sign_in(page, to="/people")
    message = page.get_by_text("The server does not respond")
    page.route("**/*", lambda route: route.abort())
    page.get_by_role("searchbox").press_sequentially("a")
    expect(message).to_be_visible()
    open_user_menu(page).get_by_role("button", name="View session as JSON").click()
    expect(page.locator("#toasts").get_by_role("alert")).to_contain_text("does not respond")
    page.unroute("**/*")
    page.get_by_role("searchbox").press_sequentially("b")
    expect(page.get_by_role("main").get_by_text("The server does not respond")).to_be_hidden()
    assert traffic.errors
    traffic.errors.clear()

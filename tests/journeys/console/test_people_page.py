"""The page of the people that one can be."""

import pytest
from playwright.sync_api import Page, expect

from journeys.console.conftest import reseed
from journeys.console.views import check_accessible, sign_in_as
from journeys.traffic import Traffic

pytestmark = pytest.mark.browser

MENU = "**/people/user-menu"
WIDEST = """
window.widest = 0;
requestAnimationFrame(function look() {
  widest = Math.max(widest, document.documentElement?.scrollWidth ?? 0);
  requestAnimationFrame(look);
});
"""


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
    who = page.get_by_role("navigation", name="User")
    expect(who).to_contain_text("owner of Boulevard Injury Clinic")
    who.get_by_text("Hēmi Warsame").first.click()
    who.get_by_role("button", name="Sign out").click()
    expect(who).to_contain_text("Not signed in")
    page.goto("/patients")
    expect(page.get_by_role("heading", name="Be someone")).to_be_visible()


def test_the_page_is_for_everyone(page: Page) -> None:
    """By keyboard, in light and dark, on a phone, and where nobody is found."""
    sign_in_as(page)
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


def test_a_dead_end_says_who_one_is_and_leads_on(page: Page, traffic: Traffic) -> None:
    """An address that leads nowhere is a page as any other."""
    sign_in_as(page)
    page.goto("/patients/nobody")
    expect(page.get_by_role("alert")).to_contain_text("There is nothing at this address")
    expect(page.get_by_role("navigation", name="User")).to_contain_text("Edward Papadopoulos")
    assert traffic.take_refusals() == ["404"]
    check_accessible(page)
    page.get_by_role("main").get_by_role("link", name="Patients").click()
    expect(page.get_by_role("heading", name="Patients")).to_be_visible()


def test_whoever_became_somebody_else_elsewhere_sees_it_on_coming_back(page: Page) -> None:
    """A page whose header no longer tells the truth is loaded again, and only such a page."""
    sign_in_as(page)
    page.goto("/overview")
    page.evaluate("window.mark = 1")
    come_back(page)
    assert page.evaluate("window.mark") == 1
    refusal = '<article class="problem">The database is locked</article>'
    page.route(MENU, lambda route: route.fulfill(body=refusal, content_type="text/html"))
    come_back(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.mark") == 1
    page.unroute(MENU)
    page.request.post("/people/sign-in", form={"email": "hemi.warsame@example.com"})
    come_back(page)
    expect(page.get_by_role("navigation", name="User")).to_contain_text("Hēmi Warsame")


def come_back(page: Page) -> None:
    """Have the window told that it is looked at again, and wait until it has asked who one is."""
    with page.expect_request_finished(lambda request: request.url.endswith("/people/user-menu")):
        page.evaluate("dispatchEvent(new Event('focus'))")


def test_the_header_fits_a_phone_whatever_it_says(page: Page, site: str) -> None:
    """Two clinics with long names, and a person whose name never ends, widen no page."""
    sign_in_as(page)
    request = page.request
    for name in ("Dandenong Ranges Physiotherapy Group", "W" * 100):
        made = request.post(
            "/api/auth/organization/create", data={"name": name, "slug": f"s{len(name)}"}
        )
        assert made.ok, made.text()
    assert request.post("/api/auth/update-user", data={"name": "M" * 100}).ok
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/people")
    page.locator("#user-menu summary").click()
    expect(page.get_by_role("button", name="Switch to").first).to_be_visible()
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.add_init_script(WIDEST)
    page.goto("/overview")
    expect(page.get_by_role("figure")).not_to_have_count(0)
    assert page.evaluate("widest") <= 375  # in no frame, before its plots were there or after
    check_accessible(page)
    reseed(site)


@pytest.mark.parametrize("path", ["/people", "/patients", "/availability"])
def test_a_server_that_does_not_answer_is_told(page: Page, traffic: Traffic, path: str) -> None:
    """Where one looks, and until it answers again."""
    sign_in_as(page)
    page.goto(path)
    if path == "/availability":
        page.get_by_role("button", name="New slot").click()
        expect(page.get_by_role("button", name="Create")).to_be_visible()
    page.route("**/*", lambda route: route.abort())
    if path == "/availability":
        page.get_by_role("button", name="Create").click()
        place = page.get_by_role("dialog")
    else:
        page.get_by_role("searchbox").press_sequentially("a")
        place = page.get_by_role("alert")
    expect(place.get_by_text("The server does not respond")).to_be_visible()
    check_accessible(page)
    assert traffic.errors
    traffic.errors.clear()
    page.unroute("**/*")
    if path != "/availability":
        page.get_by_role("searchbox").press_sequentially("b")
        expect(page.get_by_text("The server does not respond")).to_be_hidden()


def test_a_button_under_the_mouse_can_be_read_in_the_dark(page: Page) -> None:
    """Pico's own colour for it is too bright."""
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    page.locator("#seed").get_by_role("button", name="Seed").hover()
    check_accessible(page)

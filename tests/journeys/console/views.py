"""What holds for each page of the console, and what all of them have."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

OWNER = {"email": "edward.papadopoulos@example.com", "password": "Password123"}
PHONE = {"width": 390, "height": 844}
# A function, since the policy of the pages forbids to evaluate an expression again and again.
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
MOST_MS = 5_000
PAGES = (
    "/people",
    "/availability",
    "/availability/team",
    "/calendar",
    "/calendar/team",
    "/calendar/room",
    "/appointments",
    "/patients",
    "/treatment-plans",
    "/rooms",
    "/overview",
)
IS_LOADED = "'axe' in window"
LOADED = Axe(axe_script=IS_LOADED)
# To report what is right as well takes as long as to find what is wrong.
REPORTED = {"resultTypes": ["violations"]}
# Most of the time of a long list is for its colors, and its rows are alike.
CHECKED = {"exclude": [[".list tbody tr:nth-child(n+13)"]]}


def check_accessible(page: Page) -> None:
    """Raise for all that axe-core finds, its advice on good practice included.

    It takes long, most of it for colors: once for each state of a page is enough.
    """
    found = (LOADED if page.evaluate(IS_LOADED) else Axe()).run(page, CHECKED, REPORTED)
    assert found.violations_count == 0, found.generate_report()


def check_looks(page: Page) -> None:
    """Raise if a page is not accessible in light, or too wide or not accessible on a dark phone."""
    check_accessible(page)
    before = page.viewport_size
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.wait_for_function(FITS)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    check_accessible(page)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if before:
        page.set_viewport_size(before)


def fits(page: Page) -> bool:
    """Wait a little: a calendar becomes one day wide shortly after the window."""
    try:
        page.wait_for_function(FITS, timeout=MOST_MS)
    except PlaywrightTimeout:
        return False
    return True


def user_menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="User")


def open_user_menu(page: Page) -> Locator:
    user_menu(page).locator("summary").click()
    return user_menu(page)


def sign_in(page: Page, to: str | None = None) -> None:
    """Sign in as an owner of the default data set, without the page for it; open another page."""
    assert page.request.post("/api/auth/sign-in/email", data=OWNER).ok
    if to:
        page.goto(to)
        expect(user_menu(page)).to_contain_text("Edward Papadopoulos")


def toast(page: Page, text: str) -> Locator:
    return page.locator("#toasts").get_by_text(text, exact=True)


@contextmanager
def delayed(page: Page, script: str) -> Iterator[None]:
    """Hold a script back until the end of the block, as a slow line would."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/{script}", hold)
    yield
    [route] = held
    route.continue_()
    page.unroute(f"**/{script}")

"""What has changed since the seed, and snapshots, on the page of the data set."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from journeys.console.conftest import open_page, reseed
from journeys.console.data_set import call, execute, row_counts
from journeys.console.views import check_accessible, check_looks, sign_in, toast, user_menu
from journeys.traffic import Traffic, record
from server_processes import serving

pytestmark = pytest.mark.browser

IMAGE = "<img src=x onerror=alert(1)>"
SNAPSHOTS = "/api/db/snapshots"
NOTHING = "Nothing has changed since the seed."
ONE_PATIENT = "(SELECT id FROM patients ORDER BY id LIMIT 1)"
ONE_EXCEPTION = "(SELECT id FROM availability_exceptions ORDER BY id LIMIT 1)"


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('snapshots')}/seedbed.db"


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(database_url, tmp_path_factory.mktemp("log") / "server.log") as server:
        yield server.base_url


@pytest.fixture(autouse=True)
def _seeded(site: str) -> None:
    reseed(site)


def open_changes(page: Page) -> Locator:
    """Open the page, and wait until it shows what has changed."""
    page.goto("/")
    expect(changes(page).locator("#changes-title")).to_be_visible()
    return changes(page)


def changes(page: Page) -> Locator:
    return page.get_by_role("region", name="Snapshots and changes")


def changed_row(page: Page, text: str) -> Locator:
    return changes(page).locator("tbody tr", has=page.get_by_role("rowheader", name=text))


def restore(page: Page, name: str = "") -> Locator:
    """Press the button of the shown snapshot, or of another one; return the question."""
    found = changes(page).get_by_role("button", name=f"Restore {name}".strip(), exact=True)
    found.click()
    question = page.get_by_role("dialog", name="Restore “")
    expect(question).to_be_visible()
    return question


def listed(page: Page, name: str) -> Locator:
    return changes(page).get_by_role("listitem").filter(has=page.get_by_text(name, exact=True))


def take(page: Page, name: str) -> None:
    page.get_by_label("Name the current state").fill(name)
    page.get_by_role("button", name="Take snapshot").click()


def come_back(page: Page) -> None:
    """Have the window told that it has the focus, and wait until it knows of changes."""
    with page.expect_response("**/api/db/seed/running"):
        page.evaluate("dispatchEvent(new Event('focus'))")


def test_changes_by_another_program_are_shown_and_undone(
    page: Page, browser: Browser, site: str, database_url: str, traffic: Traffic
) -> None:
    """The restore says what it undid; another tab notices, this one shows the new state."""
    shown = open_changes(page)
    expect(shown).to_contain_text(NOTHING)
    before = call(site)["rows"]
    execute(
        database_url,
        f"UPDATE patients SET last_name = '{IMAGE}', email = NULL, notes = '' "
        f"WHERE id = {ONE_PATIENT}",
    )
    execute(database_url, f"DELETE FROM availability_exceptions WHERE id = {ONE_EXCEPTION}")
    count = before["availability_exceptions"]
    sign_in(page, to="/")
    tab = open_page(browser, site)
    record(tab, traffic)
    tab.goto("/people")
    come_back(tab)

    expect(shown).to_contain_text("3 rows changed: 1 patient, 1 session, 1 availability exception.")
    patient = shown.locator("tbody tr", has_text=IMAGE)
    expect(patient.get_by_role("rowheader")).to_contain_text("updated patients")
    expect(patient.locator("td").first).to_have_text("last name")
    expect(patient.locator("td").last).to_have_text(IMAGE)
    expect(shown.locator("img")).to_have_count(0)
    expect(shown.locator("tr", has=page.get_by_text("email", exact=True))).to_contain_text("null")
    exception = shown.locator("tbody tr", has_text="deleted availability exceptions")
    expect(exception.get_by_role("cell")).to_contain_text("is available")
    session = shown.locator("tbody tr", has_text="inserted sessions")
    expect(session).to_contain_text("user agent")
    expect(session).not_to_contain_text("token")
    check_looks(page)

    question = restore(page)
    expect(question).to_contain_text("Changes of 3 rows")
    expect(question).to_contain_text("you are signed out")
    expect(question.get_by_text("taken later")).to_be_hidden()
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    check_accessible(page)
    page.keyboard.press("Escape")
    expect(shown.get_by_role("button", name="Restore", exact=True)).to_be_focused()
    assert call(site)["rows"]["availability_exceptions"] == count - 1

    restore(page).get_by_role("button", name="Restore").click()
    expect(page.locator("#changes-title")).to_be_focused()
    done = page.locator("#toasts").get_by_text("“seeded” was restored in")
    for undone in ("ms. Undone: ", "1 patient", "1 session", "1 availability exception"):
        expect(done).to_contain_text(undone)
    expect(shown).to_contain_text(NOTHING)
    expect(user_menu(page)).to_contain_text("Not signed in")
    expect(row_counts(page, "Availability exceptions").last).to_have_text(str(count))
    assert call(site)["rows"] == before
    come_back(page)
    come_back(tab)
    expect(tab.get_by_text("The data set was restored.")).to_be_visible()
    expect(page.get_by_text("The data set was restored.")).to_have_count(0)
    tab.close()


def test_a_restore_can_be_seen_while_it_runs(page: Page, traffic: Traffic) -> None:
    """Nothing else can be started meanwhile, and a refusal is shown with its reasons."""
    shown = open_changes(page)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**{SNAPSHOTS}/seeded/restore", hold)
    restore(page).get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restoring “seeded” …")).to_be_visible()
    for button in ("Restore", "Restore seeded", "Take snapshot"):
        expect(shown.get_by_role("button", name=button, exact=True)).to_be_disabled()
    held[0].fulfill(status=403, json=PRODUCTION)
    problem = shown.get_by_role("alert")
    expect(problem).to_contain_text("The database is marked for production.")
    expect(problem).to_contain_text("Use another database.")
    expect(shown.get_by_role("button", name="Restore", exact=True)).to_be_enabled()
    expect(page.get_by_text("Restoring “seeded” …")).to_have_count(0)
    assert traffic.take_refusals() == ["403"]


PRODUCTION = {
    "status": 403,
    "title": "Forbidden",
    "detail": "Refused.",
    "reasons": [
        {
            "code": "production",
            "reason": "The database is marked for production.",
            "remedy": "Use another database.",
        }
    ],
}


def test_snapshots_can_be_named_chosen_restored_and_deleted(
    page: Page, site: str, database_url: str, traffic: Traffic
) -> None:
    """Restoring one deletes the later ones, and the question says so."""
    shown = open_changes(page)
    for wrong in ("Two plans", "zwei/drei", "ü"):
        take(page, wrong)
        expect(page.locator("#snapshot-error")).to_have_text("Must have 1 to 64 of a-z, 0-9 and -.")
        expect(page.get_by_label("Name the current state")).to_be_focused()
    take(page, "two-plans")
    expect(toast(page, "“two-plans” is the name of the current state.")).to_be_visible()
    expect(listed(page, "two-plans")).to_contain_text("0 rows changed")
    execute(database_url, f"UPDATE patients SET notes = 'first' WHERE id = {ONE_PATIENT}")
    take(page, "later")
    expect(listed(page, "two-plans")).to_contain_text("1 row changed")
    execute(database_url, "UPDATE patients SET notes = 'second'")
    page.goto("/?since=later")
    expect(page.get_by_role("heading", name="Changes since “later”")).to_be_visible()
    expect(shown.locator("tbody tr", has_text="updated patients")).to_have_count(10)
    shown.get_by_role("link", name="Show more").press("Enter")
    rows = shown.locator("tbody tr", has_text="updated patients")
    expect(rows).to_have_count(20)
    expect(rows.nth(10).get_by_role("rowheader")).to_be_focused()
    shown.get_by_role("link", name="changed since two-plans").press("Enter")
    expect(page.get_by_role("heading", name="Changes since “two-plans”")).to_be_focused()
    expect(listed(page, "two-plans")).to_have_attribute("aria-current", "true")

    question = restore(page, "two-plans")
    expect(question).to_contain_text("taken later are deleted: later.")
    question.get_by_role("button", name="Restore").click()
    expect(shown).to_contain_text("Nothing has changed since “two-plans”.")
    expect(listed(page, "later")).to_have_count(0)
    expect(listed(page, "seeded")).to_contain_text("0 rows changed")

    execute(database_url, f"UPDATE patients SET notes = 'third' WHERE id = {ONE_PATIENT}")
    page.once("dialog", lambda dialog: dialog.dismiss())
    take(page, "two-plans")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Take snapshot").click()
    expect(listed(page, "seeded")).to_contain_text("1 row changed")
    expect(listed(page, "two-plans")).to_contain_text("0 rows changed")
    httpx.delete(f"{site}{SNAPSHOTS}/two-plans", trust_env=False).raise_for_status()
    page.once("dialog", lambda dialog: dialog.accept())
    shown.get_by_role("button", name="Delete two-plans").click()
    expect(shown.get_by_role("alert")).to_contain_text('There is no snapshot "two-plans".')
    expect(shown).to_contain_text("There is no snapshot “two-plans” any more.")
    assert traffic.take_refusals() == ["404"]
    page.once("dialog", lambda dialog: dialog.accept())
    shown.get_by_role("button", name="Delete seeded").click()
    expect(shown).to_contain_text("There is no snapshot to compare with.")
    expect(page.get_by_role("heading", name="Snapshots")).to_be_focused()
    check_accessible(page)


def test_an_altered_table_is_refused_with_the_remedy(
    page: Page, site: str, database_url: str, traffic: Traffic
) -> None:
    """The rest of the page works, and so does the remedy: to name the current state."""
    shown = open_changes(page)
    execute(database_url, "ALTER TABLE rooms ADD COLUMN extra text")
    shown.get_by_role("button", name="Restore", exact=True).click()
    expect(shown.locator("#changes-problem")).to_contain_text("a table was altered or dropped")
    assert traffic.take_refusals() == ["409"]
    page.reload()
    expect(shown.get_by_role("alert")).to_contain_text("Seed again, or take a new snapshot")
    expect(row_counts(page, "Rooms").last).to_be_visible()
    check_accessible(page)
    take(page, "again")
    expect(page.get_by_role("heading", name="Changes since “again”")).to_be_visible()
    expect(shown.get_by_role("alert")).to_have_count(0)
    drop = httpx.post(f"{site}/api/db/seed?reset=drop", timeout=180, trust_env=False)
    assert drop.status_code == 201


def test_the_clock_is_set_and_every_page_says_so(page: Page, site: str) -> None:
    """Today of the calendar and of new rows is that of the clock."""
    sign_in(page)
    page.goto("/")
    clock = page.get_by_role("region", name="Clock")
    clock.get_by_label("Time in UTC").fill("2031-02-03T23:30")
    clock.get_by_role("button", name="Set the clock").click()
    notice = page.get_by_role("note").filter(has_text="The clock is frozen")
    expect(notice).to_contain_text("3 Feb 2031, 23:30 UTC")
    check_accessible(page)
    check_looks(page)
    sign_in(page)
    page.goto("/calendar")
    expect(page.get_by_role("heading", name="Feb 3")).to_be_visible()
    today = page.locator("[role=columnheader][aria-current=date]")
    expect(today).to_contain_text("Mon 3")
    expect(notice).to_be_visible()
    notice.get_by_role("link", name="Change").click()
    clock.get_by_label("Time in UTC").fill("2200-01-01T00:00")
    clock.get_by_role("button", name="Set the clock").click()
    expect(clock.get_by_text("Value must be")).to_be_visible()
    clock.get_by_role("button", name="Return to the machine's time").click()
    expect(notice).to_be_hidden()
    assert httpx.get(f"{site}/api/db/clock", trust_env=False).json()["offsetSeconds"] == 0

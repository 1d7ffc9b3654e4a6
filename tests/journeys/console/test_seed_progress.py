"""A seed on the page while it runs: its progress, and how it is cancelled."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Page, expect

from journeys.console.data_set import (
    MANY,
    READY,
    confirm,
    expect_outcome,
    open_form,
    quantity,
    read_data_set,
    row_counts,
    seed,
    seed_button,
    start_seed,
)
from journeys.console.views import check_looks
from journeys.traffic import Traffic
from server_processes import serving

pytestmark = pytest.mark.browser

BYTE_BY_BYTE = """
const fetchWhole = window.fetch;
window.fetch = async (...asked) => {
  const response = await fetchWhole(...asked);
  if (!String(asked[0]).startsWith("/api/db/seed")) {
    return response;
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const stream = new ReadableStream({
    start(controller) {
      bytes.forEach((byte) => controller.enqueue(Uint8Array.of(byte)));
      controller.close();
    },
  });
  return new Response(stream, { status: response.status });
};
"""

# The page hears no more than some of the lines, though the seed comes to its end.
DEAF = """
const fetchWhole = window.fetch;
window.fetch = async (url, asked) => {
  const response = await fetchWhole(url, asked);
  if (!asked?.signal) {
    return response;
  }
  const lines = (await response.text()).split("\\n");
  const heard = lines.slice(0, lines.findIndex((line) => line.includes(LAST)) + 1);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(heard.map((line) => `${line}\\n`).join("")));
      asked.signal.addEventListener("abort", () => controller.error(asked.signal.reason));
    },
  });
  return new Response(stream, { status: response.status });
};
"""
CANCEL_AFTER_AUDIT = """
new MutationObserver(() => {
  if (document.querySelector("#steps li:last-child[data-done] .name")?.textContent === "audit") {
    document.querySelector("#cancel").click();
  }
}).observe(document, { subtree: true, attributeFilter: ["data-done"] });
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seeding") / "seedbed.db"


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[str]:
    with serving(f"sqlite:///{path}", path.with_suffix(".log")) as server:
        seed(server.base_url)
        yield server.base_url


def come_back_as_somebody_else(page: Page) -> None:
    """Have the window get the focus after another tab signed in: no reason to leave the page."""
    menu = '<nav id="user-menu" data-user="somebody else"></nav>'
    page.route(
        "**/people/user-menu?*", lambda route: route.fulfill(body=menu, content_type="text/html")
    )
    page.evaluate("window.stays = true")
    with page.expect_request_finished(lambda request: "/people/user-menu?" in request.url):
        page.evaluate("dispatchEvent(new Event('focus'))")
    page.evaluate("fetch('/console/icon.svg').then(response => response.text())")
    assert page.evaluate("window.stays")


@contextmanager
def seeding(path: Path) -> Iterator[None]:
    """Hold the lock of a SQLite file, as a seed does."""
    lock = f"{path}.seed.lock"
    note = {"since": "2026-01-01T00:00:00Z", "step": "patients", "process": 1}
    with FileLock(lock):
        Path(lock).write_text(json.dumps(note))
        yield


def test_a_long_seed_shows_its_progress_and_can_be_cancelled(page: Page, site: str) -> None:
    """The bars grow towards the expected rows; after a cancel the old data is still there."""
    open_form(page)
    seed(site, patients=7)  # the page does not show it yet
    before = read_data_set(site)
    quantity(page, "Patients").fill(str(MANY))
    seed_button(page).click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    confirm(page)
    patients = page.locator("#steps li", has_text="Patients")
    expect(patients).to_contain_text(f"of {MANY:,} rows · ")
    expect(patients).to_contain_text("rows/s")
    assert patients.locator("progress").evaluate("bar => bar.max") == MANY
    expect(page.locator("#told")).to_contain_text("Seeding: patients")
    expect(seed_button(page)).to_be_disabled()
    come_back_as_somebody_else(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_enabled()
    page.get_by_role("button", name="Cancel").click()
    expect_outcome(page, "Cancelled")
    expect(page.locator("#steps li").last).to_contain_text("not finished")
    expect(page.locator("#steps")).to_be_visible()
    expect(page.get_by_text("The data set was replaced")).to_have_count(0)
    check_looks(page)
    assert read_data_set(site) == before


def test_what_was_committed_is_not_called_cancelled(fresh_page: Page, site: str) -> None:
    """The page learns that the commit had started, and shows the new data."""
    page = fresh_page
    seed(site, patients=7)
    page.add_init_script(DEAF.replace("LAST", repr('"done","step":"audit"')))
    open_form(page)
    quantity(page, "Patients").fill("8")
    start_seed(page)
    expect(page.locator("#steps li", has_text="audit")).to_have_attribute("data-done", "yes")
    page.get_by_role("button", name="Cancel").click()
    expect(expect_outcome(page, "Too late to cancel")).to_contain_text("Everyone was signed out")
    expect(row_counts(page, "Patients")).to_have_text(["7", "8"])
    expect(page.get_by_text("The data set was replaced")).to_have_count(0)


def test_the_page_waits_for_the_end_of_a_cancelled_seed(
    page: Page, site: str, path: Path, traffic: Traffic
) -> None:
    """The test does what that seed would: it holds its lock, and it commits late."""
    page.route(re.compile(r"/api/db/seed(\?|$)"), lambda _: None)  # without a response
    open_form(page)
    cancel = page.get_by_role("button", name="Cancel")
    start_seed(page)
    with seeding(path):
        cancel.click()
        for _ in range(2):
            page.wait_for_event("response", lambda response: "/running" in response.url)
        expect(page.locator("#told")).to_contain_text("has not ended yet")
    expect_outcome(page, "Cancelled")

    page.get_by_label("Dry run").check()
    seed_button(page).click()
    with seeding(path):
        cancel.click()
        expect(page.locator("#told")).to_contain_text("has not ended yet")
    expect_outcome(page, "Cancelled")
    page.get_by_label("Dry run").uncheck()

    start_seed(page)
    with seeding(path):
        cancel.click()
        expect(page.locator("#told")).to_contain_text("has not ended yet")
        with closing(sqlite3.connect(path)) as file, file:
            moment = "json_set(document, '$.seededAt', '2099-01-01T00:00:00Z')"
            file.execute(f"UPDATE last_seed SET document = {moment}")
    expect_outcome(page, "Too late to cancel")

    page.route("**/api/db/seed/running", lambda route: route.abort())
    start_seed(page)
    cancel.click()
    expect_outcome(page, "Result unknown")
    assert traffic.errors
    assert all("ERR_FAILED" in error for error in traffic.errors)
    traffic.errors.clear()


def test_a_commit_cannot_be_cancelled(fresh_page: Page) -> None:
    """The button is disabled once the commit has started."""
    page = fresh_page
    page.add_init_script(DEAF.replace("LAST", repr('"started","step":"commit"')))
    open_form(page)
    start_seed(page)
    expect(page.locator("#steps li").last).to_contain_text("commit")
    expect(page.get_by_role("button", name="Cancel")).to_be_disabled()


def test_the_result_of_a_late_cancel_is_true(fresh_page: Page, site: str) -> None:
    """However close to the commit it is cancelled, the page shows what is in the database."""
    page = fresh_page
    page.add_init_script(CANCEL_AFTER_AUDIT)
    open_form(page)
    before = read_data_set(site)
    quantity(page, "Patients").fill("101")
    start_seed(page)
    heading = page.locator("#outcome").get_by_role("heading")
    expect(heading).to_be_focused()
    title = heading.inner_text()
    after = read_data_set(site)
    if title == "Cancelled":
        assert after == before
    else:
        assert title in {"Too late to cancel", READY}
        assert after[0]["patients"] == 101
        expect(row_counts(page, "Patients").last).to_have_text("101")


def test_only_one_seed_runs_at_a_time(page: Page, path: Path) -> None:
    """The second one is refused, and says since when the other has been running."""
    open_form(page)
    with seeding(path):
        start_seed(page)
        shown = expect_outcome(page, "Conflict")
        expect(shown).to_contain_text("has been running since")
        expect(shown).to_contain_text("now in step")


def test_a_stream_is_read_however_it_is_cut(fresh_page: Page, path: Path) -> None:
    """Byte by byte, in the middle of lines and of characters, it shows the same."""
    page = fresh_page
    page.add_init_script(BYTE_BY_BYTE)
    open_form(page)
    page.get_by_label("Dry run").check()
    seed_button(page).click()
    expect_outcome(page, "Dry run succeeded")
    with closing(sqlite3.connect(path)) as file:
        [[version]] = file.execute("SELECT version_num FROM alembic_version").fetchall()
        with file:
            file.execute("UPDATE alembic_version SET version_num = 'Grün 🌱'")
        seed_button(page).click()
        expect(expect_outcome(page, "Conflict")).to_contain_text("at migration Grün 🌱, which")
        expect(page.locator("#steps li")).to_have_text(["reset not finished"])
        expect(page.locator("#steps progress:indeterminate")).to_have_count(0)
        with file:
            file.execute("UPDATE alembic_version SET version_num = ?", [version])


def test_the_result_of_a_lost_seed_is_unknown(page: Page, tmp_path: Path, traffic: Traffic) -> None:
    """If the server is lost, the page says so; when nothing was sent, it says that."""
    with serving(f"sqlite:///{tmp_path}/lost.db", tmp_path / "server.log") as server:
        traffic.urls.clear()
        page.goto(server.base_url)
        expect(seed_button(page)).to_be_enabled()
        quantity(page, "Patients").fill(str(MANY))
        seed_button(page).click()
        expect(page.locator("#steps li", has_text="Patients")).to_be_visible()
        server.kill()
        lost = expect_outcome(page, "Result unknown")
        expect(lost.get_by_role("link", name="Reload")).to_be_visible()
        seed_button(page).click()
        shown = expect_outcome(page, "The server does not respond")
        expect(shown).to_contain_text("Nothing was sent")
    assert traffic.urls_outside(server.base_url) == []
    assert traffic.errors
    traffic.urls.clear()
    traffic.errors.clear()

"""The page that seeds: what it says stands there, what it asks, and what it shows meanwhile."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import make_url

from conftest import NewDatabase
from journeys.commands import on_postgresql, on_sqlite
from journeys.console.views import check_accessible
from journeys.traffic import Traffic
from server_processes import ServerProcess, serving

pytestmark = pytest.mark.browser

IMAGE = "<img src=x onerror=alert(1)>"
FILE_NAME = f"{IMAGE}.db"
MANY = 60_000
BYTE_BY_BYTE = """
const fetchWhole = window.fetch;
window.fetch = async (...asked) => {
  const answer = await fetchWhole(...asked);
  if (!String(asked[0]).startsWith("/api/db/seed")) {
    return answer;
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const stream = new ReadableStream({
    start(controller) {
      bytes.forEach((byte) => controller.enqueue(Uint8Array.of(byte)));
      controller.close();
    },
  });
  return new Response(stream, { status: answer.status });
};
"""

# The page hears no more than some of the lines, though the seed comes to its end.
DEAF = """
const fetchWhole = window.fetch;
window.fetch = async (url, asked) => {
  const answer = await fetchWhole(url, asked);
  if (!asked?.signal) {
    return answer;
  }
  const lines = (await answer.text()).split("\\n");
  const heard = lines.slice(0, lines.findIndex((line) => line.includes(LAST)) + 1);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(heard.map((line) => `${line}\\n`).join("")));
      asked.signal.addEventListener("abort", () => controller.error(asked.signal.reason));
    },
  });
  return new Response(stream, { status: answer.status });
};
"""
CANCEL_AFTER_AUDIT = """
new MutationObserver(() => {
  if (document.querySelector("#steps li:last-child[data-done] .name")?.textContent === "audit") {
    document.querySelector("#cancel").click();
  }
}).observe(document, { subtree: true, attributeFilter: ["data-done"] });
"""


@pytest.fixture
def database_url(new_database: NewDatabase, tmp_path: Path) -> str:
    url = new_database()
    return f"sqlite:///{tmp_path}/{FILE_NAME}" if url.startswith("sqlite") else url


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    """Start a server on a database that nothing stands in."""
    with serving(database_url, tmp_path / "server.log") as server:
        yield server


@pytest.fixture
def site(server: ServerProcess) -> str:
    return server.base_url


def call(site: str, path: str = "/api/db") -> Any:
    return httpx.get(f"{site}{path}", trust_env=False, timeout=180).json()


def stands(site: str) -> Any:
    """Give what a seed changes: the rows, and when and by what they were made."""
    return call(site)["rows"], call(site, "/api/db/seed")


def seed(site: str, **quantities: Any) -> None:
    httpx.post(
        f"{site}/api/db/seed", json=quantities, timeout=180, trust_env=False
    ).raise_for_status()


def execute(database_url: str, statement: str) -> None:
    """Change the database behind the application's back."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(database_url).database))) as file, file:
            file.execute(statement)
    else:
        with psycopg.connect(database_url) as connection:
            connection.execute(statement.encode())


def seed_button(page: Page) -> Locator:
    return page.locator("#seed").get_by_role("button", name="Seed")


def confirm(page: Page) -> None:
    question(page).get_by_role("button", name="Seed").click()


def quantity(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name)


def question(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Delete what stands there?")


def fact(page: Page, name: str) -> Locator:
    """What the page says of what stands, under a name."""
    return page.locator(f"#state > dl > dt:text-is('{name}') + dd")


def fulfill_seed(page: Page, *, status: int, body: str) -> None:
    """Have a seed of the page end like this, instead of sending it."""
    page.unroute("**/api/db/seed?*")
    page.route("**/api/db/seed?*", lambda route: route.fulfill(status=status, body=body))


def expect_nothing_sent(page: Page) -> None:
    """Wait until the form is back, and see that one is where one was."""
    expect(question(page)).to_be_hidden()
    expect(seed_button(page)).to_be_enabled()
    expect(seed_button(page)).to_be_focused()
    expect(page.locator("#steps li")).to_have_count(0)


def expect_outcome(page: Page, title: str) -> Locator:
    """Wait for the end of a seed; its heading has the focus, so that nobody misses it."""
    heading = page.locator("#outcome").get_by_role("heading", name=title)
    expect(heading).to_be_focused()
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    expect(seed_button(page)).to_be_enabled()
    return page.locator("#outcome")


@pytest.fixture
def check_looks(page: Page, database_url: str) -> Callable[[], None]:
    """See that a state is accessible in the light and in the dark, and fits on a phone.

    It looks the same on both databases, so one will do.
    """

    def check() -> None:
        wide = page.viewport_size
        page.set_viewport_size({"width": 375, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        check_accessible(page)
        # Without the motion of one colour becoming another.
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        check_accessible(page)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(wide or {"width": 1280, "height": 900})

    return check if database_url.startswith("sqlite") else lambda: None


def test_from_nothing_to_a_data_set(page: Page, site: str, check_looks: Callable[[], None]) -> None:
    """What is empty is said to be, and seeded without a question; what was made is shown."""
    page.goto("/")
    state = page.get_by_role("region", name="What stands")
    expect(state).to_contain_text("there are no tables yet")
    expect(state).to_contain_text("Nothing was seeded here yet.")
    expect(fact(page, "Database")).to_have_text(call(site)["database"])
    expect(fact(page, "Marked")).to_have_text("not yet")
    check_looks()
    quantity(page, "Patients").fill("25")
    seed_button(page).click()
    shown = expect_outcome(page, "The new data set stands")
    first = call(site, "/api/db/seed")
    steps = [*first["summary"]["durationMs"]["steps"], "commit"]
    bars = page.locator("#steps progress")
    expect(bars).to_have_count(len(steps))
    assert bars.evaluate_all("bars => bars.every((bar) => bar.value === bar.max)")
    expect(page.locator("#steps li", has_text="Treatment plans")).to_contain_text("75 rows")
    expect(shown).to_contain_text("nothing: there was nothing")
    expect(shown).to_contain_text("25 patients")
    expect(shown).to_contain_text(first["summary"]["fingerprint"])
    shown.get_by_text(f"all {len(first['summary']['checks'])} rules held").click()
    expect(shown).to_contain_text("every patient has exactly one ongoing plan (25 rows)")
    check_looks()

    shown.get_by_role("link", name="Be someone").click()
    expect(page).to_have_url(f"{site}/people")
    page.goto("/")
    moment = first["seededAt"]
    expect(state.locator("time")).to_have_attribute("datetime", moment)
    expect(state.locator("time")).to_have_text(f"{moment[:10]} {moment[11:19]} UTC")
    expect(state).to_contain_text("where you are")
    expect(state).to_contain_text("25 patients")
    mark = call(site)["mark"]
    expect(fact(page, "Marked")).to_have_text(f"for test, as {mark['database']}")
    asked = fact(page, "Asked for").get_by_role("listitem")
    expect(asked).to_have_text(
        ["10 users", "3 organizations", "25 patients", "3 plans per patient"]
    )
    expect(fact(page, "Random seed")).to_have_text("2025")
    expect(quantity(page, "Patients")).to_have_value("25")
    expect(page.get_by_label("As of")).to_have_value("")
    expect(state.get_by_text(first["summary"]["fingerprint"]).first).to_be_visible()
    state.get_by_text("What it answered").click()
    expect(state.get_by_text("nothing: there was nothing")).to_be_visible()


def test_what_stands_goes_after_a_question(page: Page, site: str) -> None:
    """Whoever is asked and thinks better of it changes nothing; nor does a dry run, unasked."""
    seed(site)
    page.goto("/people?to=/")
    page.get_by_role("button", name="Edward Papadopoulos").click()
    who = page.get_by_role("navigation", name="User")
    expect(who).to_contain_text("Edward Papadopoulos")
    before = stands(site)
    seed_button(page).click()
    rows = sum(before[0].values())
    state = page.get_by_role("region", name="What stands")
    expect(question(page)).to_contain_text(f"{rows} rows of {call(site)['database']} (test)")
    expect(question(page).get_by_text("the tables stay")).to_be_visible()
    expect(question(page).get_by_text("dropped and created again")).to_be_hidden()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect_nothing_sent(page)
    seed_button(page).click()
    question(page).get_by_role("button", name="Cancel").click()
    expect_nothing_sent(page)
    assert stands(site) == before
    expect(who).to_contain_text("Edward Papadopoulos")

    page.get_by_label("Dry run").check()
    quantity(page, "Patients").fill("1000")
    seed_button(page).click()
    shown = expect_outcome(page, "The dry run succeeded")
    expect(shown).to_contain_text("Nothing was changed")
    expect(shown).to_contain_text("1,000 patients")
    assert stands(site) == before
    expect(who).to_contain_text("Edward Papadopoulos")
    page.get_by_label("Dry run").uncheck()
    quantity(page, "Patients").fill("25")
    quantity(page, "Organizations").fill("")
    page.get_by_label("As of").fill("2028-02-29")
    seed_button(page).click()
    confirm(page)
    expect(expect_outcome(page, "The new data set stands")).to_contain_text("20 patients")
    expect(who).to_contain_text("Not signed in")
    expect(state).to_contain_text("25 patients")
    after = stands(site)
    seed_button(page).click()
    expect(question(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect_nothing_sent(page)
    assert stands(site) == after
    page.reload()
    expect(page.get_by_label("As of")).to_have_value("2028-02-29")
    asked = after[1]["request"]
    assert (asked["organizations"], asked["patients"], asked["asOf"]) == (3, 25, "2028-02-29")


def come_back_as_somebody_else(page: Page) -> None:
    """Have the window looked at again after another tab signed in: no reason to leave the page."""
    who = '<nav id="user-menu" data-user="somebody else"></nav>'
    page.route(
        "**/people/user-menu", lambda route: route.fulfill(body=who, content_type="text/html")
    )
    page.evaluate("window.stays = true")
    with page.expect_request_finished(lambda request: request.url.endswith("/people/user-menu")):
        page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(300)
    assert page.evaluate("window.stays")


def test_what_takes_long_is_told_and_can_be_cancelled(
    page: Page, site: str, check_looks: Callable[[], None]
) -> None:
    """Rows grow towards those that are expected; when it is cancelled, the old set stands."""
    page.goto("/")
    seed(site, patients=7)  # which the page does not show yet
    before = stands(site)
    quantity(page, "Patients").fill(str(MANY))
    seed_button(page).click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    check_looks()
    confirm(page)
    patients = page.locator("#steps li", has_text="Patients")
    expect(patients).to_contain_text(f"of {MANY:,} rows · ")
    expect(patients).to_contain_text("rows/s")
    assert patients.locator("progress").evaluate("bar => bar.max") == MANY
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("Seeding: patients")
    expect(seed_button(page)).to_be_disabled()
    check_looks()
    come_back_as_somebody_else(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_enabled()
    page.get_by_role("button", name="Cancel").click()
    expect_outcome(page, "Cancelled")
    expect(page.locator("#steps li").last).to_contain_text("not finished")
    check_looks()
    assert stands(site) == before


@on_sqlite
def test_what_was_committed_is_not_called_cancelled(page: Page, site: str) -> None:
    """Whoever cancels while the commit is not heard of yet learns that the new set stands."""
    seed(site, patients=7)
    page.add_init_script(DEAF.replace("LAST", repr('"done","step":"audit"')))
    page.goto("/")
    quantity(page, "Patients").fill("8")
    seed_button(page).click()
    confirm(page)
    expect(page.locator("#steps li", has_text="audit")).to_have_attribute("data-done", "yes")
    page.get_by_role("button", name="Cancel").click()
    shown = expect_outcome(page, "It was too late to cancel")
    expect(shown).to_contain_text("the new data set stands")
    expect(page.get_by_role("region", name="What stands")).to_contain_text("8 patients")


@contextmanager
def seeding(path: str) -> Iterator[None]:
    """Hold the lock of a SQLite file, as a seed does."""
    lock = f"{path}.seed.lock"
    with FileLock(lock):
        Path(lock).write_text('{"process": 1}')
        yield


@on_sqlite
def test_nothing_is_said_of_what_has_not_ended(
    page: Page, site: str, database_url: str, traffic: Traffic
) -> None:
    """However long a seed goes on after it was cancelled, the page waits for its end.

    The test does what that seed would: it holds its lock, and it commits late.
    """
    path = str(make_url(database_url).database)
    page.route("**/api/db/seed?reset=*", lambda _: None)  # as long as it runs, nothing is heard
    page.goto("/")
    cancel = page.get_by_role("button", name="Cancel")
    seed_button(page).click()
    with seeding(path):
        cancel.click()
        for _ in range(3):
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

    seed(site, patients=7)
    page.reload()
    seed_button(page).click()
    confirm(page)
    with seeding(path):
        cancel.click()
        expect(page.locator("#told")).to_contain_text("has not ended yet")
        with closing(sqlite3.connect(path)) as file, file:
            moment = "json_set(document, '$.seededAt', '2099-01-01T00:00:00Z')"
            file.execute(f"UPDATE last_seed SET document = {moment}")
    expect_outcome(page, "It was too late to cancel")

    page.route("**/api/db/seed/running", lambda route: route.abort())
    seed_button(page).click()
    confirm(page)
    cancel.click()
    expect_outcome(page, "What became of the seed is not known")
    assert "ERR_FAILED" in traffic.errors.pop()


@on_sqlite
def test_a_commit_cannot_be_cancelled(page: Page, site: str) -> None:
    """Once the page has heard that the commit has begun, it offers to cancel no more."""
    page.add_init_script(DEAF.replace("LAST", repr('"started","step":"commit"')))
    page.goto("/")
    seed_button(page).click()
    expect(page.locator("#steps li").last).to_contain_text("commit")
    expect(page.get_by_role("button", name="Cancel")).to_be_disabled()


def test_what_is_said_of_a_late_cancel_is_so(page: Page, site: str) -> None:
    """However close to the commit it is cancelled, what the page says is what stands."""
    page.add_init_script(CANCEL_AFTER_AUDIT)
    seed(site)
    page.goto("/")
    for patients in (101, 102, 103):
        before = stands(site)
        quantity(page, "Patients").fill(str(patients))
        seed_button(page).click()
        confirm(page)
        heading = page.locator("#outcome").get_by_role("heading")
        expect(heading).to_be_focused()
        said = heading.inner_text()
        after = stands(site)
        if said == "Cancelled":
            assert after == before
        else:
            assert said in {"It was too late to cancel", "The new data set stands"}
            assert after[0]["patients"] == patients
            expect(page.locator("#state")).to_contain_text(f"{patients} patients")


@on_sqlite
def test_drop_asks_for_what_others_keep_there(
    page: Page, site: str, database_url: str, traffic: Traffic
) -> None:
    """Tables of others are not dropped unasked, be they empty; their rows are counted if they go.

    A reset by delete leaves them, so it neither asks for them nor counts them.
    """
    page.goto("/")
    drop, delete = (page.get_by_label(reset) for reset in ("Drop every table", "Delete every row"))

    def expect_question(rows: int) -> None:
        seed_button(page).click()
        expect(question(page).get_by_text(f"{rows} rows", exact=True)).to_be_visible()
        page.keyboard.press("Escape")
        expect_nothing_sent(page)

    execute(database_url, "CREATE TABLE notes (id INTEGER)")
    drop.check()
    expect_question(0)
    execute(database_url, "INSERT INTO notes VALUES (1), (2)")
    expect_question(2)
    delete.check()
    seed_button(page).click()
    expect(expect_outcome(page, "Forbidden")).to_contain_text("tables of another program")
    assert traffic.take_refusals() == ["403"]
    execute(database_url, "DROP TABLE notes")
    seed(site, patients=1)
    execute(database_url, "CREATE TABLE notes AS SELECT 1 AS id UNION SELECT 2")
    rows = sum(call(site)["rows"].values())
    expect_question(rows)
    drop.check()
    expect_question(rows + 2)


@on_postgresql
def test_another_seed_is_in_the_way(page: Page, site: str) -> None:
    """Whoever comes second learns since when the other has been running and in which step."""
    seed(site)
    page.goto("/")
    accept = {"Accept": "application/x-ndjson"}
    url = f"{site}/api/db/seed"
    with httpx.stream(
        "POST", url, headers=accept, json={"patients": MANY}, trust_env=False, timeout=180
    ) as other:
        lines = other.iter_lines()  # which hangs up when nobody holds it
        next(line for line in lines if '"patients"' in line)
        seed_button(page).click()
        confirm(page)
        shown = expect_outcome(page, "Conflict")
        expect(shown).to_contain_text("has been running since")
        expect(shown).to_contain_text("now in step")


def test_a_database_that_may_not_be_reset_says_why(
    page: Page, site: str, database_url: str, traffic: Traffic, check_looks: Callable[[], None]
) -> None:
    """Each reason and its remedy, with a form that cannot be sent, or as the answer to one sent.

    What else stands there is named, and that only one kind of reset removes it.
    """
    seed(site, users=1, organizations=1)
    execute(database_url, "CREATE TABLE notes (id INTEGER)")
    page.goto("/")
    state = page.get_by_role("region", name="What stands")
    expect(state.get_by_text("1 organization", exact=True).first).to_be_visible()
    expect(state).to_contain_text("notes: 0 rows")
    page.get_by_label("Drop every table").check()
    seed_button(page).click()
    expect(question(page).get_by_text("dropped and created again")).to_contain_text("table notes")
    expect(question(page).get_by_text("the tables stay")).to_be_hidden()
    execute(database_url, "UPDATE database_mark SET environment = 'development'")
    confirm(page)
    shown = expect_outcome(page, "Forbidden")
    expect(shown).to_contain_text('marked for development, but APP_ENV is "test"')
    expect(shown).to_contain_text("APP_ENV=development")
    expect(page.get_by_label("Drop every table")).to_be_checked()
    assert traffic.take_refusals() == ["403"]
    check_looks()
    execute(database_url, "UPDATE database_mark SET environment = 'production'")
    page.reload()
    expect(page.get_by_text("This database may not be reset")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Such a database is never reset")
    expect(page.locator("main")).to_contain_text("Set DATABASE_URL to another database.")
    expect(seed_button(page)).to_be_disabled()
    check_looks()


@on_sqlite
def test_a_wrong_value_is_told_and_nothing_is_lost(page: Page, site: str, traffic: Traffic) -> None:
    """What the API says of the request stands beside the form, whose values stay."""
    page.goto("/")
    quantity(page, "Users").fill("2")
    page.get_by_label("As of").fill("1999-12-31")
    seed_button(page).click()
    expect(expect_outcome(page, "Bad Request")).to_contain_text(
        "`users` (2) must be at least `organizations` (3)"
    )
    quantity(page, "Users").fill("3")
    seed_button(page).click()
    expect(expect_outcome(page, "Bad Request")).to_contain_text(
        "must be a date from 2000-01-01 to 2099-12-31"
    )
    expect(quantity(page, "Users")).to_have_value("3")
    expect(page.get_by_label("As of")).to_have_value("1999-12-31")
    assert traffic.take_refusals() == ["400", "400"]
    limits = call(site, "/schema/openapi.json")["components"]["schemas"]["SeedRequest"]
    for name, limit in limits["properties"].items():
        if limit["type"] == "integer":
            field = page.locator(f"#{name}")
            expect(field).to_have_attribute("min", str(int(limit["minimum"])))
            expect(field).to_have_attribute("max", str(int(limit["maximum"])))
    assert call(site)["rows"] == {}


@on_sqlite
def test_without_scripts_the_form_cannot_be_sent(browser: Browser, site: str) -> None:
    """Nothing looks alive that is not, and it says what else seeds."""
    page = browser.new_page(base_url=site, java_script_enabled=False)
    page.goto("/")
    expect(page.locator("noscript p")).to_be_visible()  # which no search by text finds
    expect(seed_button(page)).to_be_disabled()
    quantity(page, "Patients").press("Enter")
    expect(page).to_have_url(f"{site}/")
    page.close()


@on_sqlite
def test_a_stream_is_read_however_it_is_cut(page: Page, site: str, database_url: str) -> None:
    """Byte by byte, in the middle of lines and of characters, it says the same."""
    seed(site)
    page.add_init_script(BYTE_BY_BYTE)
    page.goto("/")
    page.get_by_label("Dry run").check()
    seed_button(page).click()
    expect_outcome(page, "The dry run succeeded")
    execute(database_url, "UPDATE alembic_version SET version_num = 'Grün 🌱'")
    seed_button(page).click()
    expect(expect_outcome(page, "Conflict")).to_contain_text("at migration Grün 🌱, which")
    expect(page.locator("#steps li")).to_have_text(["reset not finished"])
    expect(page.locator("#steps progress:indeterminate")).to_have_count(0)


@on_sqlite
def test_nobody_pretends_to_know_what_became_of_a_lost_seed(
    page: Page, site: str, server: ServerProcess, traffic: Traffic
) -> None:
    """If the server is lost on the way, the page says so; when nothing was sent, that."""
    page.goto("/")
    quantity(page, "Patients").fill(str(MANY))
    seed_button(page).click()
    expect(page.locator("#steps li", has_text="Patients")).to_be_visible()
    server.kill()
    lost = expect_outcome(page, "What became of the seed is not known")
    expect(lost.get_by_role("link", name="Reload")).to_be_visible()
    seed_button(page).click()
    expect(expect_outcome(page, "The server does not answer")).to_contain_text("Nothing was sent")
    assert traffic.errors
    traffic.errors.clear()


@on_sqlite
def test_every_refusal_is_shown_whole(page: Page, site: str, traffic: Traffic) -> None:
    """Each reason with its remedy, each broken rule with its rows, or else the detail."""
    answers = call(site, "/schema/openapi.json")["paths"]["/api/db/seed"]["post"]["responses"]
    problems = [
        example["value"]
        for status, answer in answers.items()
        if status >= "400"
        for example in answer["content"]["application/problem+json"]["examples"].values()
    ]
    assert len(problems) >= 6
    page.goto("/")
    page.get_by_label("Dry run").check()
    for problem in problems:
        fulfill_seed(page, status=problem["status"], body=json.dumps(problem))
        seed_button(page).click()
        shown = expect_outcome(page, problem["title"]).get_by_role("alert")
        reasons, violations = problem.get("reasons", []), problem.get("violations", [])
        for text in (
            *(f"{each['reason']} {each['remedy']}" for each in reasons),
            *(text for each in violations for text in (each["rule"], *each["rows"])),
            "Nothing was changed." if reasons else problem["detail"],
        ):
            expect(shown).to_contain_text(text)
        expect(shown.get_by_role("list")).to_have_count(1 if reasons else 0)
    assert len(traffic.take_refusals()) == len(problems)


@on_sqlite
def test_names_in_a_summary_or_a_problem_are_text(page: Page, site: str) -> None:
    """A name that looks like markup is shown as it is: no element and no script is made of it."""
    page.goto("/")
    page.get_by_label("Dry run").check()
    summary = {
        "reset": IMAGE,
        "committed": False,
        "deleted": {f"{IMAGE}s": 1},
        "dropped": [IMAGE],
        "created": {IMAGE: {"count": 1}},
        "checks": [{"rule": IMAGE, "rows": 1}],
        "durationMs": {"total": 1234},
        "fingerprint": IMAGE,
    }
    reason = {"reason": IMAGE, "remedy": IMAGE}
    violation = {"rule": IMAGE, "rows": [IMAGE]}
    problem = {"title": IMAGE, "reasons": [reason], "violations": [violation]}
    for title, names, event in (
        ("The dry run succeeded", 6, {"event": "finished", "summary": summary}),
        (IMAGE, 5, {"event": "failed", "problem": problem}),
    ):
        fulfill_seed(page, status=200, body=f"{json.dumps(event)}\n")
        seed_button(page).click()
        shown = expect_outcome(page, title)
        assert (shown.text_content() or "").count(IMAGE) == names
        expect(shown.locator("img")).to_have_count(0)

"""The page that shows the data in the database, and seeds it."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cli.seed import main as seed_command
from app.console.templating import plain
from journeys.console.data_set import (
    READY,
    call,
    confirm,
    confirmation,
    execute,
    expect_nothing_sent,
    expect_outcome,
    open_form,
    quantity,
    read_data_set,
    row_counts,
    seed,
    seed_button,
    start_seed,
)
from journeys.console.views import check_accessible, check_looks, sign_in, toast, user_menu
from journeys.traffic import Traffic
from server_processes import serving

pytestmark = pytest.mark.browser

IMAGE = "<img src=x onerror=alert(1)>"
FILE_NAME = f"{IMAGE}.db"
EDWARD = "Edward Papadopoulos"


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('data_set')}/{FILE_NAME}"


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(database_url, tmp_path_factory.mktemp("log") / "server.log") as server:
        seed(server.base_url)
        yield server.base_url


def fulfill_seed(page: Page, *, status: int, body: str) -> None:
    """Have a seed of the page end like this, instead of sending it."""
    page.unroute("**/api/db/seed?dryRun=true")
    page.route("**/api/db/seed?dryRun=true", lambda route: route.fulfill(status=status, body=body))


@contextmanager
def changed(database_url: str, do: str, undo: str) -> Iterator[None]:
    execute(database_url, do)
    try:
        yield
    finally:
        execute(database_url, undo)


def test_the_confirmation_can_be_left_without_a_change(page: Page, site: str) -> None:
    """It says how many rows of which database would be deleted."""
    open_form(page)
    before = read_data_set(site)
    check_looks(page)
    seed_button(page).click()
    rows = sum(before[0].values())
    dialog = confirmation(page)
    expect(dialog).to_contain_text(f"{rows} rows in {call(site)['database']} (test)")
    expect(dialog.get_by_text("Tables of other programs keep")).to_be_visible()
    expect(dialog.get_by_text("dropped and created again")).to_be_hidden()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    check_accessible(page)
    page.keyboard.press("Escape")
    expect_nothing_sent(page)
    seed_button(page).click()
    dialog.get_by_role("button", name="Cancel").click()
    expect_nothing_sent(page)
    assert read_data_set(site) == before


def test_the_result_of_a_seed_has_what_signs_in(page: Page, site: str) -> None:
    """The progress folds away, the counts are before and after, and one click signs in again."""
    seed(site)
    sign_in(page, to="/")
    quantity(page, "Patients").fill("25")
    quantity(page, "Organizations").fill("")
    page.get_by_label("As of").fill("2028-02-29")
    start_seed(page)
    shown = expect_outcome(page, READY)
    expect(user_menu(page)).to_contain_text("Not signed in")
    last = call(site, "/api/db/seed")
    assert [last["request"][name] for name in ("organizations", "patients", "asOf")] == [
        *(3, 25, "2028-02-29"),
    ]
    people = shown.locator("tbody tr")
    first = last["summary"]["signIn"]["users"][0]
    expect(people).to_have_count(10)
    for name in ("name", "role", "organization", "email"):
        expect(people.first).to_contain_text(first[name])
    expect(shown).to_contain_text("Password123")
    expect(shown.get_by_role("link", name="All 10 people")).to_be_visible()
    expect(row_counts(page, "Patients")).to_have_text(["20", "25"])
    steps = [*last["summary"]["durationMs"]["steps"], "commit"]
    bars = page.locator("#steps progress")
    expect(bars).to_have_count(len(steps))
    assert bars.evaluate_all("bars => bars.every((bar) => bar.value === bar.max)")
    expect(page.locator("#steps")).to_be_hidden()  # folded
    page.get_by_text(f"Progress: {len(steps)} steps").click()
    expect(page.locator("#steps li", has_text="Treatment plans")).to_contain_text("75 rows")
    shown.get_by_text("Result", exact=True).click()
    shown.get_by_text(f"all {len(last['summary']['checks'])} rules passed").click()
    expect(shown).to_contain_text("every patient has exactly one ongoing plan (25 rows)")
    expect(shown).to_contain_text(last["summary"]["fingerprint"])
    expect(page.get_by_text("The data set was replaced")).to_have_count(0)
    check_looks(page)
    shown.get_by_role("button", name=f"Sign in again as {EDWARD}").click()
    expect(page).to_have_url(f"{site}/")
    expect(user_menu(page)).to_contain_text(EDWARD)
    expect(quantity(page, "Patients")).to_have_value("25")
    expect(page.get_by_label("As of")).to_have_value("2028-02-29")
    expect(page.locator("#state time")).to_have_attribute("datetime", last["seededAt"])


def test_a_dry_run_asks_nothing_and_changes_nothing(page: Page, site: str) -> None:
    """It reports what it would do; the session stays."""
    sign_in(page, to="/")
    before = read_data_set(site)
    page.get_by_label("Dry run").check()
    seed_button(page).click()
    shown = expect_outcome(page, "Dry run succeeded")
    expect(shown).to_contain_text("Nothing was changed")
    expect(shown).to_contain_text("patients")
    assert read_data_set(site) == before
    expect(user_menu(page)).to_contain_text(EDWARD)


def test_a_wrong_value_is_shown_at_its_field(page: Page, site: str, traffic: Traffic) -> None:
    """Before anything is sent, as far as the browser can know; else from the API's response."""
    open_form(page)
    sent = len(traffic.urls)
    quantity(page, "Users").fill("2")
    quantity(page, "Organizations").fill("3")
    quantity(page, "Patients").fill("-1")
    page.get_by_label("As of").fill("1999-12-31")
    seed_button(page).click()
    expect(quantity(page, "Users")).to_be_focused()
    expect(quantity(page, "Users")).to_have_accessible_description(
        "Practitioners; each belongs to one organization. At least as many as organizations. "
        "Must be at least the number of organizations (3)."
    )
    for field in (quantity(page, "Users"), quantity(page, "Patients"), page.get_by_label("As of")):
        expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#asOf-error")).to_contain_text("01/01/2000")
    expect(quantity(page, "Random seed")).not_to_have_attribute("aria-invalid", "true")
    check_accessible(page)
    assert not [url for url in traffic.urls[sent:] if url.endswith(("/api/db", "/api/db/seed"))]
    quantity(page, "Users").fill("3")
    expect(page.locator("#users-error")).to_be_empty()
    expect(quantity(page, "Users")).not_to_have_attribute("aria-invalid", "true")
    quantity(page, "Patients").fill("0")
    page.get_by_label("As of").fill("")

    page.get_by_label("Dry run").check()
    error = {"field": "randomSeed", "message": f"(7) must be less than `plansPerPatient` {IMAGE}"}
    problem: dict[str, Any] = {"title": "Bad Request", "detail": "`x` is wrong", "errors": [error]}
    fulfill_seed(page, status=400, body=json.dumps(problem))
    seed_button(page).click()
    expect(quantity(page, "Random seed")).to_be_focused()
    expect(page.locator("#randomSeed-error")).to_have_text(
        f"Must be less than plans per patient {IMAGE}."
    )
    expect(page.locator("#outcome > *")).to_have_count(0)
    problem["errors"].append({"field": "other", "message": "is wrong"})
    fulfill_seed(page, status=400, body=json.dumps(problem))
    seed_button(page).click()
    expect(expect_outcome(page, "Bad Request")).to_contain_text("X is wrong.")
    assert traffic.take_refusals() == ["400", "400"]


def test_the_form_can_be_copied_as_commands(page: Page, site: str) -> None:
    """They send what the form says, without defaults; curl runs as pasted."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seed(site)
    open_form(page)

    def copied(name: str) -> list[str]:
        page.get_by_role("button", name=f"Copy as {name}").click()
        expect(toast(page, "Copied").last).to_be_visible()
        return shlex.split(page.evaluate("navigator.clipboard.readText()"))

    assert copied("curl") == ["curl", "-X", "POST", f"{site}/api/db/seed"]
    assert copied("just seed") == ["uv", "run", "just", "seed"]
    page.get_by_role("button", name="Small").click()
    page.get_by_label("As of").fill("2028-02-29")
    page.get_by_label("Drop every table").check()
    page.get_by_label("Dry run").check()
    for scenario in ("empty", "no-patients"):
        page.get_by_role("checkbox", name=scenario, exact=True).check()
    request = {"users": 2, "organizations": 1, "patients": 5, "asOf": "2028-02-29"}
    command = copied("just seed")
    assert command[:4] == ["uv", "run", "just", "seed"]
    options = seed_command.make_context("seed", command[4:]).params
    assert options == seed_command.make_context("seed", []).params | {
        "reset": "drop",
        "dry_run": True,
        "users": 2,
        "organizations": 1,
        "patients": 5,
        "as_of": "2028-02-29",
        "scenarios": ("empty", "no-patients"),
    }
    shown = subprocess.check_output([*copied("curl"), "-s", "--noproxy", "*"], timeout=180)
    summary = json.loads(shown)
    assert (summary["reset"], summary["committed"]) == ("drop", False)
    assert summary["created"]["patients"]["count"] == request["patients"]
    assert summary["asOf"] == request["asOf"]
    assert [each["name"] for each in summary["scenarios"]] == ["empty", "no-patients"]


def test_scenarios_are_chosen_and_shown(page: Page, site: str) -> None:
    """Each says what it is for; the result has their owners, and they stay chosen."""
    seed(site)
    open_form(page)
    listed = call(site, "/api/db/scenarios")
    for scenario in listed:
        choice = page.get_by_role("checkbox", name=scenario["name"], exact=True)
        expect(choice).to_have_accessible_description(scenario["purpose"])
        expect(choice).not_to_be_checked()
    for name in ("empty", "long-history"):
        page.get_by_role("checkbox", name=name, exact=True).check()
    start_seed(page)
    shown = expect_outcome(page, READY)
    people = call(site, "/api/db/seed")["summary"]["signIn"]["users"]
    expect(shown.get_by_role("link", name=f"All {len(people)} people")).to_be_visible()
    owner = next(person for person in people if person.get("scenario") == "long-history")
    row = shown.get_by_role("row").filter(has_text="(long-history)")
    expect(row).to_contain_text(owner["email"])
    expect(shown.get_by_role("row").filter(has_text="(empty)")).to_have_count(1)
    shown.get_by_text("Result", exact=True).click()
    expect(shown.locator("[data-field=scenarios] li")).to_have_count(2)
    check_looks(page)
    open_form(page)
    for name in ("empty", "long-history"):
        expect(page.locator("#state li").get_by_text(f"scenario {name}")).to_be_visible()
    expect(page.get_by_role("checkbox", name="empty", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="no-patients", exact=True)).not_to_be_checked()
    check_looks(page)
    seed(site)


def test_drop_counts_the_tables_of_other_programs(
    page: Page, site: str, database_url: str, traffic: Traffic
) -> None:
    """A reset by delete leaves their rows, so it does not count them."""
    seed(site, patients=1)
    rows = sum(call(site)["rows"].values())
    open_form(page)
    drop, delete = (page.get_by_label(reset) for reset in ("Drop every table", "Delete every row"))
    create = "CREATE TABLE notes AS SELECT 1 AS id UNION SELECT 2"
    with changed(database_url, create, "DROP TABLE notes"):
        for choice, count in ((delete, rows), (drop, rows + 2)):
            choice.check()
            seed_button(page).click()
            expect(confirmation(page).get_by_text(f"{count} rows", exact=True)).to_be_visible()
            page.keyboard.press("Escape")
            expect_nothing_sent(page)
        page.reload()
        expect(page.locator("#state")).to_contain_text("notes: 2 rows")
        seed_button(page).click()
        mark = "UPDATE database_mark SET environment = '{}'"
        with changed(database_url, mark.format("development"), mark.format("test")):
            confirm(page)
            shown = expect_outcome(page, "Forbidden")
            expect(shown).to_contain_text('marked for development, but APP_ENV is "test"')
            expect(shown).to_contain_text("APP_ENV=development")
            assert traffic.take_refusals() == ["403"]
            check_accessible(page)


def test_drop_asks_also_if_there_are_no_rows(page: Page, site: str) -> None:
    """Empty tables of other programs are not dropped without a question."""
    open_form(page)
    empty = {**call(site), "rows": {}, "otherRows": {"notes": 0}, "wouldDrop": ["table notes"]}
    page.route("**/api/db", lambda route: route.fulfill(json=empty))
    page.get_by_label("Drop every table").check()
    seed_button(page).click()
    expect(confirmation(page).get_by_text("0 rows", exact=True)).to_be_visible()
    expect(confirmation(page)).to_contain_text("and not created again: table notes.")
    expect(confirmation(page).get_by_text("keep their rows")).to_be_hidden()


def test_a_database_that_cannot_be_reset_says_why(page: Page, database_url: str) -> None:
    """Each reason has its remedy, and the form cannot be sent."""
    mark = "UPDATE database_mark SET environment = '{}'"
    with changed(database_url, mark.format("production"), mark.format("test")):
        page.goto("/")
        expect(page.get_by_text("This database cannot be reset")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("never reset.")
        expect(page.get_by_role("main")).to_contain_text("Set DATABASE_URL to another database.")
        expect(seed_button(page)).to_be_disabled()


def test_without_scripts_the_form_cannot_be_sent(browser: Browser, site: str) -> None:
    """The button is disabled, and the page names the commands that seed and restore."""
    page = browser.new_page(base_url=site, java_script_enabled=False)
    page.goto("/")
    for hint in ("#data-set-changes noscript p", "[aria-labelledby=form-title] noscript p"):
        expect(page.locator(hint)).to_be_visible()  # no search by text finds it
    expect(seed_button(page)).to_be_disabled()
    quantity(page, "Patients").press("Enter")
    expect(page).to_have_url(f"{site}/")
    page.close()


def test_a_button_under_the_mouse_can_be_read_in_the_dark(page: Page) -> None:
    """Pico's own color for it is too bright."""
    page.emulate_media(color_scheme="dark")
    open_form(page)
    seed_button(page).hover()
    check_accessible(page)


def test_every_refusal_is_shown_whole(page: Page, site: str, traffic: Traffic) -> None:
    """Each reason with its remedy, each broken rule with its rows, or else the detail."""
    responses = call(site, "/schema/openapi.json")["paths"]["/api/db/seed"]["post"]["responses"]
    problems = [
        example["value"]
        for status, response in responses.items()
        if status >= "400"
        for example in response["content"]["application/problem+json"]["examples"].values()
    ]
    assert len(problems) >= 6
    open_form(page)
    page.get_by_label("Dry run").check()
    for problem in problems:
        problem.pop("errors", None)
        fulfill_seed(page, status=problem["status"], body=json.dumps(problem))
        seed_button(page).click()
        shown = expect_outcome(page, problem["title"]).get_by_role("alert")
        reasons, violations = problem.get("reasons", []), problem.get("violations", [])
        for text in (
            *(f"{each['reason']} {each['remedy']}" for each in reasons),
            *(text for each in violations for text in (each["rule"], *each["rows"])),
        ):
            expect(shown).to_contain_text(text.replace("`", ""))
        expect(shown).to_contain_text(
            "Nothing was changed." if reasons else plain(problem["detail"])
        )
        expect(shown).not_to_contain_text("`")
        expect(shown.get_by_role("list")).to_have_count(1 if reasons else 0)
    assert len(traffic.take_refusals()) == len(problems)


def test_names_in_a_summary_or_a_problem_are_text(page: Page) -> None:
    """A name that looks like markup is shown as it is: no element and no script is made of it."""
    open_form(page)
    page.get_by_label("Dry run").check()
    user = dict.fromkeys(("name", "email", "role", "organization"), IMAGE)
    summary = {
        "reset": IMAGE,
        "committed": True,
        "deleted": {f"{IMAGE}s": 1},
        "dropped": [IMAGE],
        "created": {IMAGE: {"count": 1}, "users": {"count": 1}},
        "checks": [{"rule": IMAGE, "rows": 1}],
        "scenarios": [
            {"name": IMAGE, "organizations": [{"name": IMAGE}], "created": {}, "checks": []}
        ],
        "signIn": {"password": IMAGE, "users": [user]},
        "durationMs": {"total": 1234},
        "fingerprint": IMAGE,
    }
    reason = {"reason": IMAGE, "remedy": IMAGE}
    violation = {"rule": IMAGE, "rows": [IMAGE]}
    problem = {"title": IMAGE, "reasons": [reason], "violations": [violation]}
    for title, names, event in (
        (READY, 15, {"event": "finished", "summary": summary}),
        (IMAGE, 5, {"event": "failed", "problem": problem}),
    ):
        fulfill_seed(page, status=200, body=f"{json.dumps(event)}\n")
        seed_button(page).click()
        shown = expect_outcome(page, title)
        assert (shown.text_content() or "").count(IMAGE) == names
        expect(shown.locator("img")).to_have_count(0)

"""Clinics that are added and removed on the page of the data set."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from journeys.console.conftest import reseed
from journeys.console.data_set import call, execute, row_counts
from journeys.console.views import check_accessible, check_looks, sign_in, toast, user_menu
from journeys.traffic import Traffic
from server_processes import serving

pytestmark = pytest.mark.browser

NAME = "Worker <b>3</b>"


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('clinics')}/seedbed.db"


@pytest.fixture(scope="module")
def site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(database_url, tmp_path_factory.mktemp("log") / "server.log") as server:
        reseed(server.base_url)
        yield server.base_url


def clinics(page: Page) -> Locator:
    return page.get_by_role("region", name="Clinics")


def clinic(page: Page, name: str) -> Locator:
    heading = page.get_by_role("heading", name=name, exact=True)
    return clinics(page).get_by_role("article").filter(has=heading)


def add(page: Page, scenario: str = "default", **fields: str) -> None:
    page.goto("/")
    clinics(page).get_by_label("Scenario").select_option(scenario)
    for label, value in fields.items():
        clinics(page).get_by_label(label).fill(value)
    clinics(page).get_by_role("button", name="Add clinic").click()


def remove(page: Page, name: str) -> str:
    """Press the button and confirm; return the question."""
    questions: list[str] = []

    def accept(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    page.once("dialog", accept)
    clinic(page, name).get_by_role("button", name=f"Remove {name}").click()
    [question] = questions
    return question


def test_a_clinic_is_added_used_and_removed(page: Page, site: str) -> None:
    """The page shows its people, also after someone has signed in, and has no token of theirs."""
    before = call(site)["rows"]
    with page.expect_response("**/api/db/clinics") as response:
        add(page, Name=NAME, Practitioners="2", Patients="4")
    added = response.value.json()
    assert (len(added["users"]), len(added["patients"])) == (2, 4)
    expect(toast(page, f"“{NAME}” was added.")).to_be_visible()
    shown = clinic(page, NAME)
    expect(shown.get_by_role("heading")).to_be_focused()
    expect(row_counts(page, "Organizations").last).to_have_text(str(before["organizations"] + 1))
    for user in added["users"]:
        person = shown.get_by_role("row", name=user["email"])
        expect(person).to_contain_text(f"{user['name']} {user['role']}", use_inner_text=False)
    kept = page.content() + page.url + page.evaluate("JSON.stringify(sessionStorage)")
    assert added["users"][0]["email"] in kept
    assert [user["name"] for user in added["users"] if user["token"] in kept] == []
    check_looks(page)

    owner = added["users"][0]["name"]
    shown.get_by_role("button", name=f"Sign in as {owner}").click()
    expect(user_menu(page)).to_contain_text(owner)
    expect(user_menu(page)).to_contain_text(NAME)
    page.goto("/")
    page.once("dialog", lambda dialog: dialog.dismiss())
    shown.get_by_role("button", name=f"Remove {NAME}").click()
    assert call(site)["rows"]["organizations"] == before["organizations"] + 1
    assert f"Remove “{NAME}”?" in remove(page, NAME)
    expect(toast(page, f"“{NAME}” was removed.")).to_be_visible()
    expect(page.locator("#clinics-title")).to_be_focused()
    expect(shown).to_have_count(0)
    expect(user_menu(page)).to_contain_text("Not signed in")
    assert call(site)["rows"] == before


def test_a_scenario_says_what_it_is_for(page: Page, site: str) -> None:
    """Sizes can be chosen where it has them; each of several clinics can be removed."""
    page.goto("/")
    form = clinics(page)
    expect(form.get_by_label("Patients")).to_be_visible()
    purposes = {each["name"]: each["purpose"] for each in call(site, "/api/db/scenarios")}
    expect(form.get_by_label("Scenario")).to_have_accessible_description(purposes["default"])
    add(page, "shared-practitioner")
    expect(form.get_by_role("article")).to_have_count(2)
    expect(form.get_by_label("Scenario")).to_have_accessible_description(purposes["default"])
    form.get_by_label("Scenario").select_option("shared-practitioner")
    expect(form).to_contain_text(purposes["shared-practitioner"])
    for label in ("Practitioners", "Patients"):
        expect(form.get_by_label(label)).to_be_hidden()
    names = form.get_by_role("article").get_by_role("heading").all_inner_texts()
    for left, name in enumerate(names[::-1]):
        remove(page, name)
        expect(form.get_by_role("article")).to_have_count(1 - left)
    add(page, "empty")
    expect(form.get_by_role("article")).to_have_count(1)
    reseed(site)
    page.reload()
    expect(form.get_by_role("button", name="Add clinic")).to_be_enabled()
    expect(form.get_by_role("article")).to_have_count(0)


def test_refusals_are_shown(page: Page, site: str, database_url: str, traffic: Traffic) -> None:
    """Wrong sizes at their field, a clinic that is gone, and a database for production."""
    add(page, Practitioners="101")
    expect(page.locator("#clinic-practitioners-error")).to_contain_text("less than or equal to 100")
    expect(clinics(page).get_by_label("Practitioners")).to_be_focused()
    with page.expect_response("**/api/db/clinics") as response:
        add(page, "empty", Name="Gone")
    organization = response.value.json()["organization"]["id"]
    expect(clinic(page, "Gone")).to_be_visible()
    httpx.delete(f"{site}/api/db/clinics/{organization}", trust_env=False).raise_for_status()
    remove(page, "Gone")
    expect(clinics(page).get_by_role("alert")).to_contain_text("There is no clinic with the id")
    expect(clinic(page, "Gone")).to_have_count(0)
    assert traffic.take_refusals() == ["404"]
    check_accessible(page)
    before = call(site)["rows"]
    mark = "UPDATE database_mark SET environment = '{}'"
    add_button = clinics(page).get_by_role("button", name="Add clinic")
    try:
        execute(database_url, mark.format("production"))
        add_button.click()
        expect(clinics(page).get_by_role("alert")).to_contain_text("marked for production")
        expect(clinics(page).get_by_role("alert")).to_contain_text("Set DATABASE_URL to another")
        assert traffic.take_refusals() == ["403"]
        page.reload()
        expect(add_button).to_be_disabled()
    finally:
        execute(database_url, mark.format("test"))
    assert call(site)["rows"] == before
    sign_in(page, to="/")
    expect(add_button).to_be_enabled()

"""The OpenAPI page in a real browser: it needs no network, and what it offers to try works."""

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from app import clock
from journeys.commands import on_postgresql, on_sqlite
from journeys.traffic import Traffic

pytestmark = pytest.mark.browser


def open_operation(page: Page, server: str, operation_id: str) -> Locator:
    """Open the page and try an operation out."""
    page.goto(f"{server}/schema/swagger")
    return try_out(page, operation_id)


def try_out(page: Page, operation_id: str) -> Locator:
    """Unfold an operation and press its "Try it out"."""
    operation = page.locator(f"[id$='-{operation_id}']")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    return operation


def execute(operation: Locator) -> tuple[str, Any]:
    """Press "Execute"; give the status and the body of the answer that is then shown."""
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .response")
    status = answer.locator(".response-col_status").inner_text().strip()
    return status, json.loads(answer.locator(".response-col_description pre").first.inner_text())


def click_through(page: Page, operation_id: str) -> tuple[str, Any]:
    """Try an operation out as it stands, and fold it again: open ones make later clicks slow."""
    operation = try_out(page, operation_id)
    answered = execute(operation)
    operation.locator(".opblock-summary-control").click()
    return answered


def keep_screenshot(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@on_sqlite
def test_the_root_leads_to_the_page(server: str, page: Page) -> None:
    """A link of the console leads to the documentation, and one there leads back."""
    page.goto(server)
    page.get_by_role("navigation").get_by_role("link", name="API").click()
    expect(page).to_have_url(f"{server}/schema/swagger")
    expect(page.locator("#operations-Seed-seedDatabase")).to_be_visible()
    page.get_by_role("link", name="Back to the console").click()
    expect(page).to_have_url(f"{server}/")


@on_sqlite
def test_the_first_click_seeds(server: str, page: Page, traffic: Traffic) -> None:
    """With nothing changed, Execute answers 201, the data stands, and no request went elsewhere."""
    status, summary = execute(open_operation(page, server, "seedDatabase"))
    keep_screenshot(page, "seed")
    assert (status, summary["committed"]) == ("201", True)
    rows = httpx.get(f"{server}/api/db", trust_env=False, timeout=180).json()["rows"]
    assert rows["patients"] == summary["created"]["patients"]["count"] > 0
    assert rows["treatment_plans"] == summary["created"]["treatmentPlans"]["count"] > 0
    assert traffic.urls_outside(server) == []
    assert traffic.errors == []


@on_sqlite
def test_the_other_example_is_one_choice_away(server: str, page: Page, traffic: Traffic) -> None:
    """Choosing the second example of the request fills in its quantities, which are accepted."""
    operation = open_operation(page, server, "seedDatabase")
    operation.locator(".opblock-section-request-body .examples-select-element").select_option(
        index=1
    )
    asked = json.loads(operation.locator("textarea").input_value())
    status, summary = execute(operation)
    assert (status, summary["created"]["patients"]["count"]) == ("201", asked["patients"])
    assert traffic.errors == []


@on_sqlite
def test_a_seeded_user_signs_in_from_the_page(server: str, page: Page, traffic: Traffic) -> None:
    """The e-mail of a seeded user and the common password answer 200 with that user."""
    seeded = httpx.post(f"{server}/api/db/seed", trust_env=False, timeout=180).json()["signIn"]
    email = seeded["users"][-1]["email"]
    operation = open_operation(page, server, "signIn")
    operation.locator("textarea").fill(json.dumps({"email": email, "password": "Password123"}))
    status, answer = execute(operation)
    keep_screenshot(page, "sign-in")
    assert (status, answer["user"]["email"]) == ("200", email)
    assert traffic.urls_outside(server) == []
    assert traffic.errors == []


@on_sqlite
def test_a_person_goes_on_to_try_the_rest(server: str, page: Page, traffic: Traffic) -> None:
    """Seeded and signed in by nothing but clicks, one sees one's clinic, invites, and goes."""
    page.goto(f"{server}/schema/swagger")
    assert click_through(page, "seedDatabase")[0] == "201"
    status, signed_in = click_through(page, "signIn")
    assert status == "200"
    _, current = click_through(page, "getSession")
    assert current["user"] == signed_in["user"]
    _, [clinic] = click_through(page, "listOrganizations")
    assert clinic["id"] == current["session"]["activeOrganizationId"]
    _, full = click_through(page, "getFullOrganization")
    assert len(full["members"]) > 1
    assert current["user"]["id"] in {member["userId"] for member in full["members"]}
    status, invitation = click_through(page, "inviteMember")
    assert status == "200"
    assert click_through(page, "listInvitations") == ("200", [invitation])
    status, refusal = click_through(page, "leaveOrganization")
    assert status == "400"
    assert refusal["code"] == "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"
    assert click_through(page, "signOut") == ("200", {"success": True})
    again = page.locator("[id$='-listOrganizations']")
    again.locator(".opblock-summary-control").click()
    again.get_by_role("button", name="Clear").click()
    assert execute(again)[0] == "401"
    assert traffic.urls_outside(server) == []
    # The browser notes each refusal, and nothing else was wrong.
    assert [re.findall(r"status of (\d+)", error) for error in traffic.errors] == [["400"], ["401"]]


@on_postgresql
def test_a_person_follows_a_story_of_the_clinic(server: str, page: Page, traffic: Traffic) -> None:
    """By nothing but clicks: sign in, see today, offer hours, be refused the same, pause a plan."""
    page.goto(f"{server}/schema/swagger")
    assert click_through(page, "seedDatabase")[0] == "201"
    _, signed_in = click_through(page, "signIn")
    status, today = click_through(page, "getEffectiveAvailability")
    assert (status, today["userId"]) == ("200", signed_in["user"]["id"])
    assert [day["date"] for day in today["days"]] == [str(clock.today())]
    offering = try_out(page, "createTemplate")
    status, template = execute(offering)
    assert status == "201"
    offering.get_by_role("button", name="Clear").click()
    status, refusal = execute(offering)
    keep_screenshot(page, "conflict")
    assert status == "409"
    assert refusal["clashesWith"]["id"] == template["id"]
    assert refusal["gapMinutes"] == 15
    assert refusal["nextFree"] == {"startTime": "12:15:00", "endTime": "15:15:00"}
    offering.locator(".opblock-summary-control").click()
    _, patient = click_through(page, "getPatient")
    _, plans = click_through(page, "listTreatmentPlans")
    ongoing = {
        plan["id"]: plan["patientId"] for plan in plans["items"] if plan["status"] == "ongoing"
    }
    status, plan = click_through(page, "moveTreatmentPlan")
    assert (status, plan["status"]) == ("200", "paused")
    assert ongoing[plan["id"]] == patient["id"]
    assert traffic.urls_outside(server) == []
    assert [re.findall(r"status of (\d+)", error) for error in traffic.errors] == [["409"]]


@on_sqlite
def test_the_page_reads_from_top_to_bottom(server: str, page: Page) -> None:
    """It begins with how to go on, then come the groups in the order of use, each described."""
    page.goto(f"{server}/schema/swagger")
    expect(page.locator(".information-container li")).to_have_count(3)
    groups = page.locator(".opblock-tag")
    names = ["Seed", "Identity", "Organizations", "Members", "Invitations"]
    names += ["Availability", "Patients", "Treatment plans"]
    expect(groups).to_have_count(len(names))
    for group, name in zip(groups.all(), names, strict=True):
        expect(group.locator("a")).to_have_text(name)
        assert group.locator("small").inner_text().strip()
    paths = page.locator("#operations-tag-Identity + * .opblock-summary-path").all_inner_texts()
    first = [path.replace("\u200b", "").removeprefix("/api/auth") for path in paths][:3]
    assert first == ["/sign-up/email", "/sign-in/email", "/sign-out"]
    expect(page.locator("section.models")).to_have_class("models")  # and not "models is-open"

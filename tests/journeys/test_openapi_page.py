"""The OpenAPI page in a real browser: it needs no network, and what it offers to try works."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.commands import on_sqlite
from journeys.traffic import Traffic

pytestmark = pytest.mark.browser


def try_out(page: Page, operation_id: str) -> Locator:
    """Unfold an operation and press its "Try it out"."""
    operation = page.locator(f"[id$='-{operation_id}']")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    return operation


def execute(operation: Locator) -> tuple[str, Any]:
    """Press "Execute"; return the status and the body of the response that is then shown."""
    operation.get_by_role("button", name="Execute").click()
    response = operation.locator(".live-responses-table .response")
    status = response.locator(".response-col_status").inner_text().strip()
    return status, json.loads(response.locator(".response-col_description pre").first.inner_text())


def click_through(page: Page, operation_id: str) -> tuple[str, Any]:
    """Try an operation out as it is, and fold it again: open ones make later clicks slow."""
    operation = try_out(page, operation_id)
    answered = execute(operation)
    operation.locator(".opblock-summary-control").click()
    return answered


@on_sqlite
def test_reader_tries_the_api(server: str, page: Page, traffic: Traffic) -> None:
    """By nothing but clicks: from the console to the page and back, seed, sign in, use the API.

    It is one page for all of it, because to draw it takes a browser seconds. That every example
    is accepted is for `tests/clinic/test_examples.py`.
    """
    page.goto(server)
    page.get_by_role("navigation").get_by_role("link", name="API").click()
    expect(page).to_have_url(f"{server}/schema/swagger")
    check_order(page)
    seed(page, server)
    assert click_through(page, "signIn")[0] == "200"
    sign_out(page, create_twice(page))
    page.get_by_role("link", name="Back to the console").click()
    expect(page).to_have_url(f"{server}/")
    assert traffic.urls_outside(server) == []
    # The browser notes each refusal, and nothing else was wrong.
    statuses = [re.findall(r"status of (\d+)", error) for error in traffic.errors]
    assert statuses == [["409"], ["401"]]


def check_order(page: Page) -> None:
    """The page begins with what to do first; its groups are in the order of use, and described."""
    expect(page.locator(".information-container li")).to_have_count(3)
    groups = page.locator(".opblock-tag")
    names = ["Seed", "Snapshots", "Test sessions", "Test clinics", "Test clock"]
    names += ["Identity", "Organizations", "Members", "Invitations"]
    names += ["Availability", "Patients", "Treatment plans"]
    names += ["Appointments", "Rooms", "Appointment types", "Health"]
    expect(groups).to_have_count(len(names))
    for group, name in zip(groups.all(), names, strict=True):
        expect(group.locator("a")).to_have_text(name)
        assert group.locator("small").inner_text().strip()
    paths = page.locator("#operations-tag-Identity + * .opblock-summary-path").all_inner_texts()
    first = [path.replace("\u200b", "").removeprefix("/api/auth") for path in paths][:3]
    assert first == ["/sign-up/email", "/sign-in/email", "/sign-out"]
    expect(page.locator("section.models")).to_have_class("models")  # and not "models is-open"


def seed(page: Page, server: str) -> None:
    """Execute the seed with nothing changed."""
    status, summary = click_through(page, "seedDatabase")
    assert (status, summary["committed"]) == ("201", True)
    rows = httpx.get(f"{server}/api/db", trust_env=False, timeout=180).json()["rows"]
    assert rows["patients"] == summary["created"]["patients"]["count"] > 0
    assert rows["treatment_plans"] == summary["created"]["treatmentPlans"]["count"] > 0


def create_twice(page: Page) -> Locator:
    """Add hours, and see the refusal of the same hours; return the operation."""
    creating = try_out(page, "createTemplate")
    status, template = execute(creating)
    assert status == "201"
    creating.get_by_role("button", name="Clear").click()
    status, refusal = execute(creating)
    assert status == "409"
    assert refusal["clashesWith"]["id"] == template["id"]
    assert refusal["nextFree"] == {"startTime": "12:15:00", "endTime": "15:15:00"}
    return creating


def sign_out(page: Page, creating: Locator) -> None:
    """After that the API no longer knows the caller."""
    assert click_through(page, "signOut") == ("200", {"success": True})
    creating.get_by_role("button", name="Clear").click()
    assert execute(creating)[0] == "401"

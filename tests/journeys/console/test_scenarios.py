"""The pages with text that is as long as the API accepts, and text that programs get wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from journeys.console.data_set import call, seed
from journeys.console.views import PAGES, fits
from server_processes import serving

pytestmark = pytest.mark.browser

# By path of the API: the page of each row, and the texts of the longest one.
ROWS = {
    "/api/patients": ("/patients/{}", "firstName"),
    "/api/treatment-plans": ("/treatment-plans/{}", "title"),
    "/api/appointments": ("/appointments/{}", "sessionNotes"),
    "/api/availability/exceptions": ("/availability/exceptions/{}", "notes"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("scenarios")
    with serving(f"sqlite:///{folder}/seedbed.db", folder / "server.log") as server:
        seed(server.base_url, users=1, organizations=1, patients=0, scenarios=["extreme-text"])
        clock = {"now": datetime.now(UTC).isoformat(), "isFrozen": True}
        url = f"{server.base_url}/api/db/clock"
        httpx.put(url, json=clock, trust_env=False).raise_for_status()
        yield server.base_url


@pytest.fixture
def owner(page: Page, site: str) -> str:
    """Sign in as the owner of the clinic, and return the token."""
    users = call(site, "/api/db/seed")["summary"]["signIn"]["users"]
    owner = next(user["userId"] for user in users if user.get("scenario") == "extreme-text")
    [created] = httpx.post(
        f"{site}/api/db/sessions", json={"users": [owner]}, trust_env=False
    ).json()
    page.context.add_cookies(created["storageState"]["cookies"])
    token: str = created["token"]
    return token


def longest_of(site: str, token: str, path: str, column: str) -> str:
    """Return the id of the row with the longest text."""
    found: Any = httpx.get(
        f"{site}{path}?limit=200",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    ).json()
    row = max(found["items"], key=lambda row: len(row[column] or ""))
    assert len(row[column]) >= 200
    return str(row["id"])


def test_no_page_is_wider_than_the_window(page: Page, site: str, owner: str) -> None:
    """Neither on a desktop nor on a phone; no text becomes an element or a script.

    Each page has the notice that the clock is frozen.
    """
    rows = [
        link.format(longest_of(site, owner, path, column)) for path, (link, column) in ROWS.items()
    ]
    forms = [f"{rows[0]}/edit", f"{rows[1]}/edit"]
    too_wide = []
    for path in ("/", *PAGES, *rows, *forms):
        page.goto(path)
        expect(page.get_by_role("note")).to_contain_text("The clock is frozen")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            if not fits(page):
                too_wide.append((path, width))
        assert page.locator("img[src=x]").count() == 0
    assert too_wide == []

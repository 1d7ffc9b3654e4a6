"""`just screenshots`: update the pictures of the console in the documentation."""

import datetime
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize, expect

from app.cli.options import command
from app.cli.streams import run
from app.cli.terminal import fail
from chromium import NoChromium, chromium
from databases import database

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
SIZE = ViewportSize(width=1200, height=900)
PERSON = "Edward Papadopoulos"
SEED_MILLISECONDS = 180_000
EMAIL = "edward.papadopoulos@example.com"
NOTES = "Walks with a stick since the fall."
COLORS: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def data_set(page: Page) -> None:
    """Show the page after a sign-in and the change of a patient."""
    page.request.post("/people/sign-in", form={"email": EMAIL})
    [patient, *_] = page.request.get("/api/patients").json()["items"]
    path = f"/api/patients/{patient['id']}"
    version = page.request.get(path).headers["etag"]
    page.request.patch(path, data={"notes": NOTES}, headers={"If-Match": version})
    page.goto("/")
    expect(page.get_by_text(NOTES)).to_be_visible()


def people(page: Page) -> None:
    page.request.post("/api/db/snapshots/seeded/restore").dispose()
    page.context.clear_cookies()
    page.goto("/people")


def availability(page: Page) -> None:
    """Show the first week with an availability exception."""
    page.get_by_role("button", name=f"Sign in as {PERSON}").click()
    mine = page.locator("#practitioner").input_value()
    response = page.request.get(f"/api/availability/exceptions?userId={mine}")
    exceptions = response.json()["items"]
    page.goto(f"/availability?week={min(exception['date'] for exception in exceptions)}")
    expect(page.locator("#calendar .template").first).to_be_visible()
    expect(page.locator("#calendar").locator(".adds, .takes").first).to_be_visible()


def conflict(page: Page) -> None:
    """Create a slot with the hours of the first one of the week."""
    slot = page.locator("#week li[data-layer=template]").first
    weekday, start, end = slot.evaluate(
        "li => [li.closest('tr').dataset.day.split(' ')[0], li.dataset.start, li.dataset.end]"
    )
    page.get_by_role("button", name="New slot").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Weekly template").check()
    dialog.locator("[name=dayOfWeek]").select_option(weekday)
    dialog.locator("[name=startTime]").fill(start[:5])
    dialog.locator("[name=endTime]").fill(end[:5])
    dialog.get_by_role("button", name="Create").click()
    expect(page.locator("#calendar .clash")).to_be_visible()


def team(page: Page) -> None:
    page.goto("/availability/team")


def calendar(page: Page) -> None:
    """Show the week in which the practitioner's appointments have the most statuses."""
    me = page.request.get("/api/auth/get-session").json()["user"]
    query = {"therapistId": me["id"], "limit": 200}
    rows = page.request.get("/api/appointments", params=query).json()["items"]
    statuses = {(_monday(row["date"]), row["status"]) for row in rows}
    weeks = Counter(monday for monday, _ in sorted(statuses))
    page.goto(f"/calendar?date={weeks.most_common(1)[0][0]}")
    expect(page.locator("#calendar .appointment").first).to_be_visible()


def _monday(date: str) -> datetime.date:
    day = datetime.date.fromisoformat(date)
    return day - datetime.timedelta(days=day.weekday())


def team_day(page: Page) -> None:
    """Show the date with the most appointments."""
    rows = page.request.get("/api/appointments", params={"limit": 200}).json()["items"]
    dates = Counter(row["date"] for row in rows)
    page.goto(f"/calendar/team?date={dates.most_common(1)[0][0]}")
    expect(page.locator(".lane .appointment").first).to_be_visible()


def patients(page: Page) -> None:
    page.goto("/patients")


def patient(page: Page) -> None:
    page.locator("main tbody a").first.click()
    expect(page.locator("canvas")).to_be_visible()


def treatment_plans(page: Page) -> None:
    page.goto("/treatment-plans")


def overview(page: Page) -> None:
    page.goto("/overview")
    expect(page.locator("canvas").last).to_be_visible()


VIEWS: tuple[Callable[[Page], None], ...] = (
    *(data_set, people, availability, conflict, team, calendar, team_day),
    *(patients, patient, treatment_plans, overview),
)


@command()
def main() -> None:
    """Update the pictures of the console in docs/screenshots, in light and in dark mode.

    Needs Chromium. Starts its own PostgreSQL and server.

    \b
    Example:
      uv run just screenshots
    """
    try:
        take_pictures()
    except NoChromium as error:
        fail(str(error))


def take_pictures() -> None:
    # The application, which `--help` does not need.
    from app.cli.in_process import serving  # noqa: PLC0415
    from app.main import create_app  # noqa: PLC0415
    from app.settings import Environment, Settings, parse_database_url  # noqa: PLC0415

    FOLDER.mkdir(exist_ok=True)
    # The name of a PostgreSQL database has no path of this machine.
    with database("postgresql", FOLDER) as url:
        settings = Settings(Environment.DEVELOPMENT, parse_database_url(url))
        with serving(settings, create_app) as site, chromium() as browser:
            for colors in COLORS:
                page = browser.new_page(
                    base_url=site, viewport=SIZE, color_scheme=colors, reduced_motion="reduce"
                )
                expect(page.request.post("/api/db/seed", timeout=SEED_MILLISECONDS)).to_be_ok()
                for view in VIEWS:
                    view(page)
                    expect(page.locator("#user-menu[data-user]")).to_be_visible()
                    page.screenshot(path=FOLDER / f"{view.__name__}-{colors}.png")
                page.close()


if __name__ == "__main__":
    run(main, "just screenshots")

"""The week that the calendar of the console shows, compared with what the API says of it."""

import datetime
import json
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect  # noqa: A004 - Playwright's

Place = tuple[datetime.date, int]
PASSWORD = "Password123"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# In New York the clocks go forward on its last day.
MONDAY = datetime.date(2031, 3, 3)
SUNDAY = MONDAY + datetime.timedelta(days=6)
# Where each slot is drawn, which says its times without any of its words.
DRAWN = """slots => slots.filter(slot => slot.closest("[data-date]")).map(slot => {
  const lane = slot.closest("[data-date]").getBoundingClientRect();
  const {top, bottom} = slot.getBoundingClientRect();
  const time = y => Math.round((y - lane.top) / lane.height * 96) * 15;
  return [slot.classList.item([...slot.classList].indexOf("slot") + 1),
          slot.closest("[data-date]").dataset.date, time(top), time(bottom)];
})"""

TIMED = "#calendar .slot:not([aria-label*='All day'])"
# Whether exactly these are drawn, in any order. The calendar draws again after each change.
SHOWS = f"""wanted => {{
  const text = slots => slots.map(slot => JSON.stringify(slot)).sort().join();
  const drawn = ({DRAWN})([...document.querySelectorAll(`{TIMED}`)]);
  return text(drawn) === text(JSON.parse(wanted));
}}"""


def read(page: Page, path: str, **query: str | float) -> Any:
    """Ask the API as the signed-in user."""
    response = page.request.get(f"/api/{path}", params=query)
    assert response.ok, response.text()
    return response.json()


def write(page: Page, path: str, **fields: Any) -> Any:
    response = page.request.post(f"/api/{path}", data=fields)
    assert response.ok, response.text()
    return response.json()


def my_id(page: Page) -> str:
    return str(read(page, "auth/get-session")["user"]["id"])


def minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:5])


def offered(page: Page, user_id: str, monday: datetime.date) -> list[list[Any]]:
    """Return what the API says of a week: layer, date, start, end; whole days aside."""
    dates = [monday + datetime.timedelta(days=n) for n in range(7)]
    week = {"userId": user_id, "from": str(dates[0]), "to": str(dates[-1])}
    templates = read(page, "availability/templates", userId=user_id)["items"]
    exceptions = read(page, "availability/exceptions", **week)["items"]
    effective = read(page, "availability/effective", **week)["days"]
    rows = [
        *(("template", dates[WEEKDAYS.index(row["dayOfWeek"])], row) for row in templates),
        *(("adds" if row["isAvailable"] else "takes", row["date"], row) for row in exceptions),
        *(("remains", day["date"], piece) for day in effective for piece in day["intervals"]),
    ]
    return sorted(
        [layer, str(date), minutes(row["startTime"]), minutes(row["endTime"])]
        for layer, date, row in rows
        if row["startTime"]
    )


def check_week(page: Page, user_id: str, monday: datetime.date) -> None:
    """Raise if the calendar shows other slots than the API tells."""
    expect(page.locator("#week table")).to_have_attribute("data-monday", str(monday))
    expect(page.locator("#week table")).to_have_attribute("data-practitioner", user_id)
    wanted = offered(page, user_id, monday)
    try:
        page.wait_for_function(SHOWS, arg=json.dumps(wanted))
    except TimeoutError:
        assert sorted(timed(page).evaluate_all(DRAWN)) == wanted


def timed(page: Page) -> Locator:
    return page.locator(TIMED)


def draw(
    page: Page, date: datetime.date, start: int, end: int, *, until: datetime.date | None = None
) -> None:
    """Draw from one minute of a day to another, of the same day or a later one, with the mouse."""
    x, y = _place(page, date, start)
    last_x, last_y = _place(page, until or date, end)
    page.mouse.move(x, y + 2)
    page.mouse.down()
    page.mouse.move((x + last_x) / 2, (y + last_y) / 2)
    page.mouse.move(last_x, last_y - 2)
    page.mouse.up()


def drag(page: Page, slot: Locator, start: Place, end: Place) -> None:
    """Drag a slot by the point at one minute of a date to that of another."""
    slot.hover(trial=True)
    # Not at the border of two quarters of an hour.
    x, y = _place(page, start[0], start[1] + 5)
    last_x, last_y = _place(page, end[0], end[1] + 5)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 8)
    page.mouse.move((x + last_x) / 2, (y + last_y) / 2)
    page.mouse.move(last_x, last_y)
    page.mouse.up()


def resize(page: Page, slot: Locator, date: datetime.date, end: int) -> None:
    """Drag the lower edge of a slot to a minute of its day."""
    slot.hover(position={"x": 20, "y": 20})
    box = slot.bounding_box()
    assert box
    x, bottom = box["x"] + box["width"] / 2, box["y"] + box["height"]
    _, y = _place(page, date, end)
    page.mouse.move(x, bottom - 2)
    page.mouse.down()
    page.mouse.move(x, (bottom + y) / 2)
    page.mouse.move(x, y - 2)
    page.mouse.up()


def _place(page: Page, date: datetime.date, minute: int) -> tuple[float, float]:
    lane = page.locator(f"#calendar [role=gridcell][data-date='{date}']").last.bounding_box()
    assert lane
    return lane["x"] + lane["width"] / 2, lane["y"] + minute / 1440 * lane["height"]


def tab_to(element: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(20):
        if element.evaluate("element => element === document.activeElement"):
            return
        element.page.keyboard.press("Tab")
    pytest.fail(f"no Tab leads to {element}")


def call(site: str, path: str, token: str | None = None, **fields: Any) -> Any:
    """Ask the API as somebody who is not the one in the browser."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = httpx.post(
        f"{site}/api/{path}", json=fields, headers=headers, trust_env=False, timeout=180
    )
    assert response.is_success, response.text
    return response.json()


def sign_in(site: str, email: str) -> str:
    """Return a token."""
    return str(call(site, "auth/sign-in/email", email=email, password=PASSWORD)["token"])


def join(site: str, owner: str, guest: str, email: str) -> None:
    """Have a guest become a member of the clinic of an owner; both are their tokens."""
    invited = call(site, "auth/organization/invite-member", owner, email=email, role="member")
    call(site, "auth/organization/accept-invitation", guest, invitationId=invited["id"])

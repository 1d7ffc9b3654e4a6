"""The week of a practitioner and the team, in a browser: what scripts and styles do there.

What the server decides is tested without a browser, in tests/console/test_availability.py.
"""

import datetime
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from journeys.console.views import check_accessible
from journeys.console.week import (
    DRAWN,
    MONDAY,
    PASSWORD,
    SUNDAY,
    call,
    check_week,
    drag,
    draw,
    join,
    my_id,
    read,
    resize,
    sign_in,
    tab_to,
    write,
)
from journeys.traffic import Traffic

OWNER = "edward.papadopoulos@example.com"
MEMBER = "dragana.chahine@example.com"
SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
DAY = datetime.timedelta(days=1)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + n * DAY for n in (1, 2, 3))
HOURS = {"location": "home", "maxSessions": 2}
NINE, NOON = 9 * 60, 12 * 60

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 1400})
    return page


@pytest.fixture
def owner(page: Page) -> Page:
    """Sign in as an owner with two weekly templates, on Monday and on Wednesday."""
    become(page, OWNER)
    for kind in ("templates", "exceptions"):
        for row in read(page, f"availability/{kind}", userId=my_id(page))["items"]:
            page.request.delete(f"/api/availability/{kind}/{row['id']}?force=true")
    for day in ("mon", "wed"):
        times = {"startTime": "09:00:00", "endTime": "12:00:00"}
        write(page, "availability/templates", dayOfWeek=day, **times, **HOURS)
    return page


@pytest.fixture
def edward(owner: Page) -> Page:
    """Show the week of the owner."""
    show(owner)
    return owner


def become(page: Page, email: str) -> None:
    body = {"email": email, "password": PASSWORD}
    assert page.request.post("/api/auth/sign-in/email", data=body).ok


def show(page: Page, date: datetime.date = MONDAY, practitioner: str = "") -> None:
    whose = f"practitioner={practitioner}&" if practitioner else ""
    page.goto(f"/availability?{whose}week={date}")
    expect(page.locator("#practitioner option").nth(1)).to_be_attached()
    expect(page.locator("#calendar .template").first).to_be_visible()


def add(page: Page, date: datetime.date, *times: str, adds: bool = True, notes: str = "") -> Any:
    """Create an exception; without times it is all day."""
    hours = dict(
        zip(("startTime", "endTime"), (f"{time}:00" for time in times), strict=bool(times))
    )
    fields = {"date": str(date), "isAvailable": adds, "reason": "training", "notes": notes or None}
    return write(page, "availability/exceptions", **fields, **hours)


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Slot")


def toast(page: Page, words: str) -> None:
    """Expect a message, and remove it, so that it is not taken for a later one."""
    shown = page.locator(".toast").filter(has_text=words)
    expect(shown).to_be_visible()
    page.locator("#toasts").evaluate("toasts => toasts.replaceChildren()")


def test_the_address_has_practitioner_week_and_view(edward: Page, traffic: Traffic) -> None:
    """Going back and forward and reloading show the same; each step reads one week."""
    me = my_id(edward)
    week = 7 * DAY
    check_week(edward, me, MONDAY)
    edward.get_by_role("button", name="Next week").click()
    check_week(edward, me, MONDAY + week)
    members = read(edward, "auth/organization/list-members")["members"]
    other = next(member for member in members if member["userId"] != me)
    edward.get_by_label("Practitioner").select_option(other["user"]["name"])
    check_week(edward, other["userId"], MONDAY + week)
    seen = len(traffic.urls)
    edward.go_back()
    check_week(edward, me, MONDAY + week)
    assert len([url for url in traffic.urls[seen:] if "/availability?" in url]) == 1
    edward.go_forward()
    check_week(edward, other["userId"], MONDAY + week)
    edward.get_by_role("tab", name="Day view").click()
    expect(edward.get_by_role("columnheader").get_by_text("Monday")).to_be_visible()
    edward.wait_for_url(f"**/availability?practitioner={other['userId']}&week=*&view=day")
    edward.reload()
    expect(edward.get_by_role("columnheader").get_by_text("Monday")).to_be_visible()
    expect(edward.get_by_label("Practitioner")).to_have_value(other["userId"])
    edward.get_by_role("link", name="Team").click()
    expect(edward.get_by_role("heading", name="Monday 10 March 2031")).to_be_visible()
    edward.get_by_role("link", name="Practitioner", exact=True).click()
    expect(edward.get_by_role("columnheader").get_by_text("Monday")).to_be_visible()
    expect(edward.get_by_label("Practitioner")).to_have_value(other["userId"])
    assert "week=2031-03-10" in edward.url


def test_weeks_that_are_requested_at_once_do_not_mix(edward: Page) -> None:
    """The page says that it loads, and then shows the last week that was requested."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    edward.route("**/availability?*", hold)
    for _ in range(3):
        edward.get_by_role("button", name="Next week").click()
    expect(edward.get_by_text("Loading the week of Edward Papadopoulos")).to_be_visible()
    expect(edward.locator("#calendar")).to_have_attribute("aria-busy", "true")
    for route in reversed(held):
        route.continue_()
    check_week(edward, my_id(edward), MONDAY + datetime.timedelta(weeks=3))
    expect(edward.get_by_text("Loading the week")).to_have_count(0)
    edward.unroute("**/availability?*")
    table = edward.locator("#week table")
    edward.goto("/availability?week=9999-12-31")
    expect(table).to_have_attribute("data-monday", "9999-12-27")
    expect(edward.get_by_role("button", name="Next week")).to_be_disabled()
    edward.goto("/availability?week=0001-01-01")
    expect(table).to_have_attribute("data-monday", "0101-01-03")
    expect(edward.get_by_role("button", name="Previous week")).to_be_disabled()


def test_the_keyboard_creates_a_slot(edward: Page, site: str) -> None:
    """For a practitioner and with notes whose text looks like markup."""
    newcomer = {"name": IMAGE, "email": "image@example.com", "password": PASSWORD}
    guest = call(site, "auth/sign-up/email", **newcomer)["token"]
    join(site, sign_in(site, OWNER), guest, newcomer["email"])
    edward.reload()
    edward.get_by_label("Practitioner").select_option(IMAGE)
    expect(edward.locator("#calendar .slot")).to_have_count(0)
    expect(edward.get_by_text("No upcoming exceptions")).to_be_visible()
    keys, dialog = edward.keyboard, dialog_of(edward)
    tab_to(edward.get_by_role("button", name="New slot"))
    keys.press("Enter")
    expect(dialog.get_by_role("heading", name=f"New slot for {IMAGE}")).to_be_visible()
    expect(dialog.get_by_label("Location")).to_be_enabled()
    expect(dialog.get_by_label("Weekly template")).to_be_focused()
    keys.press("ArrowDown")
    expect(dialog.get_by_label("Location")).to_be_disabled()
    expect(dialog.locator("#reason-adds")).to_have_value("other")
    tab_to(dialog.get_by_label("Date", exact=True))
    keys.type("03092031")
    tab_to(dialog.get_by_label("All day"))
    keys.press("Space")
    expect(dialog.get_by_label("Start")).to_be_disabled()
    tab_to(dialog.get_by_label("Notes"))
    keys.type(SCRIPT)
    tab_to(dialog.get_by_role("button", name="Create"))
    keys.press("Enter")
    toast(edward, "The slot was created.")
    expect(edward.get_by_role("button", name="New slot")).to_be_focused()
    expect(edward.get_by_text("Next exception: Sun 9 Mar 2031, extra hours")).to_be_visible()
    expect(edward.locator("#calendar .adds")).to_contain_text(f"Extra hours: other: {SCRIPT}")


def test_the_keyboard_opens_edits_and_deletes_a_slot(owner: Page) -> None:
    """In the calendar, and in the table in words."""
    add(owner, SUNDAY, notes=SCRIPT)
    show(owner)
    keys, dialog = owner.keyboard, dialog_of(owner)
    slot = owner.locator("#calendar .adds")
    slot.focus()
    keys.press("Enter")
    expect(dialog).to_contain_text("Sunday 9 March 2031")
    expect(dialog.locator("dd").last).to_have_text(SCRIPT)
    check_accessible(owner)
    dialog.get_by_role("button", name="View JSON").click()
    expect(owner.locator("#json")).to_contain_text('"reason": "training"')
    keys.press("Escape")  # the dialog of the page, which lies over that of the slot
    expect(owner.locator("#json")).to_be_hidden()
    keys.press("Escape")
    expect(slot).to_be_focused()
    owner.locator("#week").get_by_role("link", name="All day").focus()
    keys.press("Enter")
    tab_to(dialog.get_by_role("button", name="Edit"))
    keys.press("Enter")
    expect(dialog.get_by_label("Notes")).to_have_value(SCRIPT)
    expect(dialog.get_by_label("Start")).to_be_disabled()
    dialog.get_by_label("Notes").fill("Open house")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    toast(owner, "The slot was saved.")
    expect(slot).to_contain_text("Extra hours: training: Open house")
    slot.click()
    owner.once("dialog", lambda question: question.dismiss())
    dialog.get_by_role("button", name="Delete").click()
    expect(slot).to_have_count(1)
    questions: list[str] = []

    def accept(question: Any) -> None:
        questions.append(question.message)
        question.accept()

    owner.once("dialog", accept)
    dialog.get_by_role("button", name="Delete").click()
    toast(owner, "The slot was deleted.")
    expect(slot).to_have_count(0)
    assert questions == [
        "Delete this slot? The weekly templates then apply to Sunday 9 March 2031."
    ]


def test_slots_are_dragged_and_resized(owner: Page) -> None:
    """A template changes its day of the week, an exception its date; times snap to 15 minutes."""
    me = my_id(owner)
    add(owner, THURSDAY, "14:00", "16:00")
    add(owner, SUNDAY)
    show(owner)
    weekly = owner.locator("#calendar .template").first
    drag(owner, weekly, (MONDAY, NINE + 60), (TUESDAY, NOON + 67))
    toast(owner, "Moved: Every Tuesday, 12:00 to 15:00.")
    check_week(owner, me, MONDAY)
    extra = owner.locator("#calendar .adds:not([aria-label*='All day'])")
    drag(owner, extra, (THURSDAY, 15 * 60), (MONDAY, 11 * 60))
    toast(owner, "Moved: Monday 3 March 2031, 10:00 to 12:00.")
    check_week(owner, me, MONDAY)
    resize(owner, extra, MONDAY, 15 * 60 + 40)
    toast(owner, "Moved: Monday 3 March 2031, 10:00 to 15:45.")
    check_week(owner, me, MONDAY)
    all_day = owner.locator("#calendar .adds[aria-label*='All day']")
    all_day.hover()
    box = all_day.bounding_box()
    assert box
    # Its edge does not resize it, so it moves as from anywhere else.
    owner.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    owner.mouse.down()
    owner.mouse.move(box["x"] - 10, box["y"] + box["height"] / 2)
    owner.mouse.move(box["x"] - box["width"] / 2, box["y"] + box["height"] / 2)
    owner.mouse.up()
    toast(owner, "Moved: Saturday 8 March 2031, all day.")
    expect(all_day).to_have_count(1)
    check_week(owner, me, MONDAY)


def test_a_refused_move_goes_back_and_says_why(edward: Page) -> None:
    """The place and the other slot are marked until something else is done."""
    me = my_id(edward)
    weekly = edward.locator("#calendar .template").first
    drag(edward, weekly, (MONDAY, NINE + 60), (WEDNESDAY, NINE))
    expect(edward.locator("#calendar .clash")).to_contain_text("Clashes")
    toast(edward, "Not moved. It conflicts with the slot from 09:00 to 12:00.")
    [refused] = edward.locator("#calendar .refused").evaluate_all(DRAWN)
    assert refused == ["refused", str(WEDNESDAY), 8 * 60, 11 * 60]
    drag(edward, weekly, (MONDAY, NINE + 60), (SUNDAY, NINE + 60))
    toast(edward, "Not moved. A weekly template cannot be on a Sunday.")
    expect(edward.locator("#calendar :is(.clash, .refused)")).to_have_count(0)
    check_week(edward, me, MONDAY)
    [row, _] = read(edward, "availability/templates", userId=me)["items"]
    other = {"dayOfWeek": "mon", "startTime": "13:00:00", "endTime": "14:00:00", **HOURS}
    edward.request.put(f"/api/availability/templates/{row['id']}", data=other)
    drag(edward, weekly, (MONDAY, NINE + 60), (TUESDAY, NINE + 60))
    toast(edward, "Not moved. Somebody else has changed this slot.")
    check_week(edward, me, MONDAY)


def test_a_conflict_is_shown_where_it_is(edward: Page) -> None:
    """What is drawn is rejected beside what it conflicts with, and moves to where it is free."""
    me, dialog = my_id(edward), dialog_of(edward)
    draw(edward, MONDAY, NINE, NOON, until=TUESDAY)
    draw(edward, MONDAY, 8 * 60, NINE)
    expect(dialog.get_by_label("Day", exact=True)).to_have_value("mon")
    expect(dialog.get_by_label("Start")).to_have_value("08:00")
    expect(dialog.get_by_label("Location")).to_have_value("home")
    create = dialog.get_by_role("button", name="Create")
    create.click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("It conflicts with the slot from 09:00 to 12:00.")
    expect(edward.locator("#calendar .clash")).to_contain_text("Clashes")
    [refused] = edward.locator("#calendar .refused").evaluate_all(DRAWN)
    assert refused == ["refused", str(MONDAY), 8 * 60, NINE]
    marked, beside = (
        edward.locator("#calendar .clash").bounding_box(),
        dialog.locator("article").bounding_box(),
    )
    assert marked
    assert beside
    assert marked["x"] + marked["width"] <= beside["x"]
    check_accessible(edward)
    take = dialog.get_by_role("button", name="Use the next free time, 12:15 to 13:15")
    expect(take).to_be_focused()
    dialog.get_by_role("radio", name="Time off").check()
    expect(dialog.get_by_label("Date", exact=True)).to_have_value(str(MONDAY))
    dialog.get_by_role("radio", name="Weekly template").check()
    take.click()
    expect(dialog.get_by_label("Start")).to_have_value("12:15")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    edward.route("**/availability/slots", hold)
    with edward.expect_request("**/availability/slots"):
        create.click()
    edward.keyboard.press("Enter")
    held[0].continue_()
    toast(edward, "The slot was created.")
    edward.unroute("**/availability/slots")
    assert len(held) == 1
    expect(edward.locator("#calendar :is(.clash, .refused)")).to_have_count(0)
    check_week(edward, me, MONDAY)


def test_a_phone_keeps_a_conflict_in_sight(owner: Page) -> None:
    """The dialog covers the calendar there, so the conflict stays marked when it is closed."""
    add(owner, WEDNESDAY, "22:00", "23:00")
    owner.set_viewport_size({"width": 390, "height": 844})
    owner.emulate_media(color_scheme="dark")
    show(owner, WEDNESDAY)
    expect(owner.get_by_role("columnheader").get_by_text("Wednesday")).to_be_visible()
    assert owner.evaluate("document.documentElement.scrollWidth") <= 390
    dialog = dialog_of(owner)
    owner.get_by_role("button", name="New slot").click()
    dialog.get_by_role("radio", name="Extra hours").check()
    dialog.get_by_label("Start").fill("21:00")
    dialog.get_by_label("End").fill("22:30")
    dialog.get_by_role("button", name="Create").click()
    marks = owner.locator("#calendar :is(.clash, .refused)")
    expect(marks).to_have_count(2)
    dialog.get_by_role("button", name="Cancel").click()
    said = owner.get_by_text("Not saved. It conflicts with the slot from 22:00 to 23:00.")
    expect(said).to_be_visible()
    expect(owner.locator("#calendar .clash")).to_be_in_viewport(ratio=1)
    check_accessible(owner)
    owner.get_by_role("button", name="Previous day").click()
    expect(marks).to_have_count(0)
    expect(said).to_have_count(0)


def test_members_change_their_own_hours_only(edward: Page, traffic: Traffic) -> None:
    """For the hours of others there is no button, no drawing and no dragging."""
    owner = my_id(edward)
    become(edward, MEMBER)
    show(edward, practitioner=owner)
    before = read(edward, "availability/templates", userId=owner)
    new, dialog = edward.get_by_role("button", name="New slot"), dialog_of(edward)
    expect(new).to_be_hidden()
    seen = len(traffic.urls)
    draw(edward, THURSDAY, NINE, NOON)
    slot = edward.locator("#calendar .template").first
    drag(edward, slot, (MONDAY, NINE + 60), (TUESDAY, NINE))
    slot.click()
    expect(dialog).to_contain_text("Every Monday")
    expect(dialog.get_by_role("button", name=re.compile("Edit|Delete"))).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    check_week(edward, owner, MONDAY)
    assert read(edward, "availability/templates", userId=owner) == before
    assert not [url for url in traffic.urls[seen:] if "/times" in url or "/new" in url]
    edward.get_by_label("Practitioner").select_option("Dragana Chahine")
    check_week(edward, my_id(edward), MONDAY)
    expect(new).to_be_visible()
    edward.locator("#calendar .template").first.click()
    expect(dialog.get_by_role("button", name="Edit")).to_be_visible()


def test_a_slot_of_another_clinic_is_not_named(edward: Page, site: str) -> None:
    """The practitioner is busy, and nothing of the other clinic is marked."""
    me = read(edward, "auth/get-session")["user"]
    seeded = read(edward, "db/seed")["summary"]["signIn"]["users"]
    here = next(each["organization"] for each in seeded if each["email"] == OWNER)
    elsewhere = [each for each in seeded if each["organization"] != here]
    owner = sign_in(site, next(each["email"] for each in elsewhere if each["role"] == "owner"))
    join(site, owner, sign_in(site, OWNER), OWNER)
    sunday = SUNDAY + 28 * DAY  # on which no other test needs the practitioner to be free
    slot = {"userId": me["id"], "date": str(sunday), "isAvailable": True, "reason": "meeting"}
    times = {"startTime": "09:00:00", "endTime": "10:00:00"}
    call(site, "availability/exceptions", owner, **slot, **times)
    show(edward, sunday)
    dialog = dialog_of(edward)
    draw(edward, sunday, NINE, 11 * 60)
    expect(dialog.get_by_role("radio", name="Extra hours")).to_be_checked()
    dialog.get_by_role("button", name="Create").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("The practitioner is busy in another clinic.")
    expect(alert).not_to_contain_text("10:00.")
    expect(edward.locator("#calendar .refused")).to_be_visible()
    expect(edward.locator("#calendar .clash")).to_have_count(0)
    dialog.get_by_role("button", name="Use the next free time, 10:15 to 12:15").click()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_be_hidden()
    check_week(edward, me["id"], MONDAY + 28 * DAY)


def test_the_clock_of_the_browser_moves_nothing(browser: Browser, site: str, owner: Page) -> None:
    """A slot is at the clinic's time, even in an hour that the browser's own zone leaves out."""
    add(owner, SUNDAY, "02:00", "03:00")
    state = owner.context.storage_state()
    with browser.new_context(
        base_url=site,
        timezone_id="America/New_York",
        viewport={"width": 1280, "height": 1400},
        storage_state=state,
    ) as context:
        page = context.new_page()
        show(page)
        check_week(page, my_id(page), MONDAY)
        expect(page.locator("#calendar").get_by_text("02:00 \N{EN DASH} 03:00")).to_have_count(1)
        drag(
            page,
            page.locator("#calendar .template").first,
            (MONDAY, NINE + 60),
            (TUESDAY, NINE + 60),
        )
        toast(page, "Moved: Every Tuesday, 09:00 to 12:00.")
        check_week(page, my_id(page), MONDAY)
        draw(page, SUNDAY, 18 * 60, 19 * 60)
        expect(dialog_of(page).get_by_label("Date", exact=True)).to_have_value(str(SUNDAY))
        expect(dialog_of(page).get_by_label("Start")).to_have_value("18:00")


def test_the_team_leads_to_a_week_and_fits_a_phone(owner: Page) -> None:
    """The table scrolls in its own region, and the names stay."""
    owner.goto(f"/availability/team?week={MONDAY}")
    link = owner.get_by_role("link", name="Edward Papadopoulos, Wednesday 5 March: 09:00")
    expect(link).to_have_attribute("href", re.compile("week=2031-03-05"))
    link.click()
    owner.wait_for_url(re.compile(r"/availability\?"))  # the page replaces the day by its Monday
    check_week(owner, my_id(owner), MONDAY)
    owner.set_viewport_size({"width": 390, "height": 844})
    owner.emulate_media(color_scheme="dark")
    for view in ("week", "day"):
        owner.goto(f"/availability/team?week={MONDAY}&view={view}")
        assert owner.evaluate("document.documentElement.scrollWidth") <= 390
        region = owner.get_by_role("region", name=re.compile("3 March"))
        region.evaluate("region => region.scrollBy(200, 0)")
        expect(region.get_by_role("rowheader", name="Edward")).to_be_in_viewport(ratio=1)
    check_accessible(owner)


def test_without_javascript_the_table_has_the_week(
    owner: Page, browser: Browser, site: str
) -> None:
    """It leads to the details; what does not work is listed."""
    state = owner.context.storage_state()
    with browser.new_context(
        base_url=site, java_script_enabled=False, storage_state=state
    ) as context:
        plain = context.new_page()
        plain.goto(f"/availability?week={MONDAY}")
        expect(plain.locator("noscript p")).to_contain_text("need JavaScript")
        expect(plain.get_by_label("Practitioner").locator("[selected]")).to_have_count(1)
        expect(plain.get_by_role("button", name="New slot")).to_be_hidden()
        plain.locator("#week").get_by_role("link", name="09:00 to 12:00").first.click()
        expect(plain.get_by_role("heading", name="Weekly template")).to_be_visible()
        plain.get_by_role("link", name="Availability of Edward").click()
        expect(plain.locator("#week")).to_contain_text("09:00 to 12:00")

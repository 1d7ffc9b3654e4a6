"""The week of a practitioner: seen in the calendar, and changed there."""

import datetime
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.console.views import check_accessible, sign_in_as
from journeys.console.week import (
    DRAWN,
    MONDAY,
    PASSWORD,
    SUNDAY,
    WEEKDAYS,
    call,
    check_week,
    draw,
    free_weekday,
    join,
    my_id,
    read,
    sign_in,
    tab_to,
    write,
)
from journeys.traffic import Traffic, record

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"

pytestmark = pytest.mark.browser


@pytest.fixture
def edward(page: Page) -> Page:
    """Look at the page of an owner of a clinic, in a week without exceptions."""
    sign_in_as(page)
    week = {"from": str(MONDAY), "to": str(SUNDAY)}
    for row in read(page, "availability/exceptions", userId=my_id(page), **week)["items"]:
        page.request.delete(f"/api/availability/exceptions/{row['id']}")
    page.set_viewport_size({"width": 1280, "height": 1400})
    page.goto(f"/availability?week={MONDAY}")
    return page


def test_the_calendar_shows_what_the_api_answers(page: Page, traffic: Traffic) -> None:
    """The week of the address, those before and after it, and anybody's of the clinic."""
    sign_in_as(page)
    me = my_id(page)
    first = read(page, "availability/exceptions", userId=me)["items"][0]["date"]
    date = datetime.date.fromisoformat(first)
    monday = date - datetime.timedelta(days=date.weekday())
    page.goto(f"/availability?week={first}")
    check_week(page, me, monday)
    expect(page.locator("#calendar .remains[role=button]")).to_have_count(0)
    assert f"practitioner={me}&week={monday}" in page.url
    check_accessible(page)
    week = datetime.timedelta(days=7)
    page.get_by_role("button", name="Next week").click()
    check_week(page, me, monday + week)
    page.get_by_role("button", name="Previous week").click()
    page.get_by_role("button", name="Previous week").click()
    check_week(page, me, monday - week)
    seen = len(traffic.urls)
    page.go_back()
    check_week(page, me, monday)
    assert len([url for url in traffic.urls[seen:] if "/availability?" in url]) == 1
    page.go_forward()
    check_week(page, me, monday - week)
    members = read(page, "auth/organization/list-members")["members"]
    other = next(member for member in members if member["userId"] != me)
    page.get_by_label("Practitioner").select_option(other["user"]["name"])
    check_week(page, other["userId"], monday - week)
    seen = len(traffic.urls)
    page.go_back()
    check_week(page, me, monday - week)
    assert len([url for url in traffic.urls[seen:] if "/availability?" in url]) == 1
    page.go_forward()
    check_week(page, other["userId"], monday - week)
    page.reload()
    check_week(page, other["userId"], monday - week)
    page.go_back()
    check_week(page, me, monday - week)
    expect(page.get_by_label("Practitioner")).to_have_value(me)
    page.get_by_role("button", name="Today").click()
    today = datetime.datetime.now(datetime.UTC).date()
    check_week(page, me, today - datetime.timedelta(days=today.weekday()))


def test_weeks_that_are_asked_for_at_once_do_not_mix(edward: Page) -> None:
    """The page says that it waits, and then shows the last week that was asked for."""
    me = my_id(edward)
    expect(edward.locator("#calendar .template")).not_to_have_count(0)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    edward.route("**/availability?*", hold)
    for _ in range(3):
        edward.get_by_role("button", name="Next week").click()
    expect(edward.get_by_text("Loading the week of Edward Papadopoulos")).to_be_visible()
    expect(edward.locator("#calendar")).to_have_attribute("aria-busy", "true")
    check_accessible(edward)
    for route in reversed(held):
        route.continue_()
    check_week(edward, me, MONDAY + datetime.timedelta(weeks=3))
    expect(edward.get_by_text("Loading the week")).to_have_count(0)


def test_the_weeks_end_where_the_dates_of_the_calendar_do(edward: Page) -> None:
    """Nothing leads to a year of five digits, nor from an early one into the 1900s."""
    table = edward.locator("#week table")
    edward.goto("/availability?week=9999-12-31")
    expect(table).to_have_attribute("data-monday", "9999-12-27")
    expect(edward.get_by_role("button", name="Next week")).to_be_disabled()
    edward.goto("/availability?week=0001-01-01")
    expect(table).to_have_attribute("data-monday", "0101-01-03")
    expect(edward.get_by_role("button", name="Previous week")).to_be_disabled()
    assert edward.url.endswith("week=0101-01-03")


def test_a_phone_shows_a_day_and_the_dark_is_dark(edward: Page) -> None:
    """Nothing of the page is wider than a phone, which shows one day of the same week."""
    me = my_id(edward)
    write(edward, "availability/exceptions", date=str(MONDAY), isAvailable=False, reason="sick")
    edward.reload()
    expect(edward.locator("#calendar .takes")).to_contain_text("Takes time: sick")
    check_week(edward, me, MONDAY)
    edward.emulate_media(color_scheme="dark", reduced_motion="reduce")
    check_accessible(edward)
    edward.set_viewport_size({"width": 375, "height": 800})
    expect(edward.get_by_role("columnheader").get_by_text("Monday")).to_be_visible()
    expect(edward.locator("#calendar .takes")).to_be_visible()
    assert edward.evaluate("document.documentElement.scrollWidth") <= 375
    check_accessible(edward)
    edward.get_by_role("button", name="Next day").click()
    expect(edward.get_by_role("columnheader").get_by_text("Tuesday")).to_be_visible()
    assert f"week={MONDAY + datetime.timedelta(days=1)}" in edward.url
    edward.get_by_role("button", name="New slot").click()
    check_accessible(edward)


def test_a_long_note_leaves_the_calendar_its_room(edward: Page) -> None:
    """A slot has the beginning of its note, and the table and its label have all of it."""
    notes = "Knees and backs. " * 500
    day_off = {"date": str(MONDAY), "isAvailable": False, "reason": "training"}
    write(edward, "availability/exceptions", notes=notes.strip(), **day_off)
    edward.reload()
    slot = edward.locator("#calendar .takes")
    expect(slot).to_contain_text("Takes time: training: Knees and backs.")
    drawn = slot.bounding_box()
    assert drawn
    assert drawn["height"] < 150
    expect(slot).to_have_attribute("aria-label", re.compile(notes.strip()))
    expect(edward.locator("#week")).to_contain_text(notes.strip())


def test_a_slot_is_drawn_and_a_conflict_is_shown_where_it_is(edward: Page) -> None:
    """What is drawn twice is refused beside what it clashes with, and moves to where it is free."""
    me = my_id(edward)
    date = free_weekday(edward, me)
    dialog = edward.get_by_role("dialog")
    expect(edward.locator("#calendar .template")).not_to_have_count(0)
    draw(edward, date, 9 * 60, 12 * 60, until=date + datetime.timedelta(days=1))
    expect(dialog).to_be_hidden()
    draw(edward, date, 9 * 60, 12 * 60)
    expect(dialog.get_by_role("combobox", name="Day", exact=True)).to_have_value(
        WEEKDAYS[date.weekday()]
    )
    expect(dialog.get_by_label("Start")).to_have_value("09:00")
    expect(dialog.get_by_label("Reason")).to_be_disabled()
    dialog.get_by_label("Location").select_option("Home")
    dialog.get_by_label("Sessions at most").fill("3")
    dialog.get_by_role("button", name="Create").click()
    expect(edward.get_by_text("The slot was created.")).to_be_visible()
    expect(dialog).to_be_hidden()
    check_week(edward, me, MONDAY)
    made = [
        row
        for row in read(edward, "availability/templates", userId=me)["items"]
        if row["dayOfWeek"] == WEEKDAYS[date.weekday()]
    ]
    assert [(row["startTime"], row["location"], row["maxSessions"]) for row in made] == [
        ("09:00:00", "home", 3)
    ]
    draw(edward, date, 8 * 60, 9 * 60)
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_contain_text("clashes with the slot from 09:00 to 12:00")
    expect(dialog.get_by_role("alert")).to_contain_text("at least 15 minutes")
    expect(edward.locator("#calendar .clash")).to_contain_text("Clashes")
    [refused] = edward.locator("#calendar .refused").evaluate_all(DRAWN)
    assert refused == ["refused", str(date), 8 * 60, 9 * 60]
    check_accessible(edward)
    dialog.get_by_role("button", name="Cancel").click()
    check_week(edward, me, MONDAY)
    expect(edward.locator("#calendar :is(.clash, .refused)")).to_have_count(0)
    draw(edward, date, 8 * 60, 9 * 60)
    dialog.get_by_role("button", name="Create").click()
    dialog.get_by_role("button", name="Take the next free time, 12:15 to 13:15").click()
    expect(dialog.get_by_label("Start")).to_have_value("12:15")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_be_hidden()
    check_week(edward, me, MONDAY)


def test_a_conflict_late_in_the_day_is_scrolled_to(edward: Page) -> None:
    """What is refused outside of the hours in sight is brought there."""
    late = {"date": str(SUNDAY), "startTime": "22:00:00", "endTime": "23:00:00"}
    write(edward, "availability/exceptions", isAvailable=True, reason="other", **late)
    edward.reload()
    _ask_for(edward, "adds", SUNDAY, "21:00", "22:30")
    expect(edward.locator("#calendar .refused")).to_be_in_viewport(ratio=1)
    expect(edward.locator("#calendar .clash")).to_be_in_viewport(ratio=1)


def test_a_conflict_with_a_whole_day_speaks_of_no_times(edward: Page) -> None:
    """Where a date is taken, neither the time between two slots matters nor what is later."""
    day_off = {"date": str(MONDAY), "isAvailable": False, "reason": "sick"}
    write(edward, "availability/exceptions", **day_off)
    edward.reload()
    _ask_for(edward, "adds", MONDAY, "09:00", "12:00")
    alert = edward.get_by_role("alert")
    expect(alert).to_contain_text("It clashes with an exception for the whole day.")
    expect(alert).to_contain_text("A date with an exception for the whole day has no other.")
    expect(alert).not_to_contain_text("minutes")
    expect(alert).not_to_contain_text("Nothing later")
    expect(edward.locator("#calendar .takes.clash")).to_be_visible()


def test_whoever_is_impatient_makes_one_slot(edward: Page) -> None:
    """While the answer is awaited, nothing is asked for again."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    edward.route("**/availability/slots", hold)
    with edward.expect_request("**/availability/slots"):
        _ask_for(edward, "adds", SUNDAY, "06:00", "07:00")
    edward.keyboard.press("Enter")
    held[0].continue_()
    expect(edward.get_by_text("The slot was created.")).to_be_visible()
    check_week(edward, my_id(edward), MONDAY)
    assert len(held) == 1


def test_a_slot_that_has_gone_meanwhile_goes_from_the_calendar(edward: Page) -> None:
    """The deletion is refused, and what is shown after it is what there is."""
    early = {"date": str(MONDAY), "startTime": "05:00:00", "endTime": "06:00:00"}
    written = write(edward, "availability/exceptions", isAvailable=True, reason="other", **early)
    edward.reload()
    edward.locator("#calendar .adds").click()
    edward.request.delete(f"/api/availability/exceptions/{written['id']}")
    dialog = edward.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Keep it").click()
    expect(edward.locator("#calendar .adds")).to_have_count(0)
    check_week(edward, my_id(edward), MONDAY)


def _ask_for(page: Page, kind: str, date: datetime.date, start: str, end: str) -> None:
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="New slot").click()
    dialog.get_by_label(f"Exception that {kind} time").check()
    dialog.get_by_label("Date", exact=True).fill(str(date))
    dialog.get_by_label("Start").fill(start)
    dialog.get_by_label("End").fill(end)
    dialog.get_by_role("button", name="Create").click()


@pytest.mark.parametrize("width", [375, 320])
def test_a_phone_keeps_a_conflict_in_sight_until_something_else_is_asked(
    edward: Page, width: int
) -> None:
    """The dialog covers the calendar there, so what clashed is marked and told when it is gone."""
    me = my_id(edward)
    late = {"date": str(SUNDAY), "startTime": "22:00:00", "endTime": "23:00:00"}
    write(edward, "availability/exceptions", isAvailable=True, reason="other", **late)
    edward.set_viewport_size({"width": width, "height": 800})
    edward.goto(f"/availability?week={SUNDAY}")
    dialog = edward.get_by_role("dialog")
    said = edward.get_by_text("This slot is refused. It clashes with the slot from 22:00 to 23:00.")
    marks = edward.locator("#calendar :is(.clash, .refused)")
    others = edward.get_by_label("Practitioner").locator(f"option:not([value='{me}'])")
    ways_on: list[Callable[[], object]] = [
        edward.get_by_role("button", name="New slot").click,
        edward.get_by_role("button", name="Previous day").click,
        lambda: edward.get_by_label("Practitioner").select_option(others.first.inner_text()),
    ]
    for go_on in ways_on:
        _ask_for(edward, "adds", SUNDAY, "21:00", "22:30")
        expect(marks).to_have_count(2)
        dialog.get_by_role("button", name="Cancel").click()
        expect(said).to_be_visible()
        expect(marks).to_have_count(2)
        expect(edward.locator("#calendar .clash")).to_be_in_viewport(ratio=1)
        check_accessible(edward)
        go_on()
        expect(marks).to_have_count(0)
        expect(said).to_have_count(0)
        edward.goto(f"/availability?week={SUNDAY}")


def test_the_keyboard_makes_and_deletes_what_is_shown_as_text(edward: Page, site: str) -> None:
    """Everything is reached by Tab, and notes that look like a script are notes."""
    me = read(edward, "auth/get-session")["user"]
    newcomer = {"name": IMAGE, "email": "image@example.com", "password": PASSWORD}
    guest = call(site, "auth/sign-up/email", **newcomer)["token"]
    join(site, sign_in(site, me["email"]), guest, newcomer["email"])
    edward.reload()
    edward.get_by_label("Practitioner").select_option(IMAGE)
    expect(edward.locator("#calendar .slot")).to_have_count(0)
    keys = edward.keyboard
    dialog = edward.get_by_role("dialog")
    tab_to(edward.get_by_role("button", name="New slot"))
    keys.press("Enter")
    expect(dialog.get_by_role("heading", name=f"New slot of {IMAGE}")).to_be_visible()
    keys.press("ArrowDown")
    expect(dialog.get_by_label("Location")).to_be_disabled()
    tab_to(dialog.get_by_label("Date", exact=True))
    keys.type("03092031")
    tab_to(dialog.get_by_label("The whole day"))
    keys.press("Space")
    expect(dialog.get_by_label("Start")).to_be_disabled()
    tab_to(dialog.get_by_label("Reason"))
    keys.type("Training")
    tab_to(dialog.get_by_label("Notes"))
    keys.type(SCRIPT)
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(edward.get_by_text("The slot was created.")).to_be_visible()
    expect(edward.get_by_role("button", name="New slot")).to_be_focused()
    slot = edward.locator("#calendar .adds")
    expect(slot).to_contain_text(f"Adds time: training: {SCRIPT}")
    check_week(edward, edward.get_by_label("Practitioner").input_value(), MONDAY)
    slot.focus()
    keys.press("Enter")
    expect(dialog).to_contain_text(f"Sunday 9 March, The whole day, Adds time: training: {SCRIPT}")
    expect(dialog).not_to_contain_text("every week")
    check_accessible(edward)
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(edward.get_by_text("The slot was deleted.")).to_be_visible()
    expect(edward.locator("#calendar .adds")).to_have_count(0)
    expect(edward.get_by_role("button", name="New slot")).to_be_focused()


def test_a_member_is_told_that_the_hours_of_others_are_not_theirs(edward: Page) -> None:
    """Neither a new slot nor a deletion passes, and the dialog says why in words."""
    owner = my_id(edward)
    clinic = read(edward, "auth/organization/list-members")["members"]
    member = next(each["user"]["name"] for each in clinic if each["role"] == "member")
    edward.get_by_role("button", name="Sign out").click()
    sign_in_as(edward, member)
    edward.goto(f"/availability?practitioner={owner}&week={MONDAY}")
    dialog = edward.get_by_role("dialog")
    edward.get_by_role("button", name="New slot").click()
    dialog.get_by_label("Exception that takes time").check()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Practitioners change their own")
    dialog.get_by_role("button", name="Cancel").click()
    edward.locator("#calendar .template").first.click()
    expect(dialog).to_contain_text("It goes from every week.")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Practitioners change their own")
    check_accessible(edward)
    dialog.get_by_role("button", name="Keep it").click()
    check_week(edward, owner, MONDAY)


def test_a_slot_of_another_clinic_is_not_named(edward: Page, site: str) -> None:
    """Whoever is busy elsewhere is busy, with the free time after it and not what it is."""
    me = read(edward, "auth/get-session")["user"]
    seeded = read(edward, "db/seed")["summary"]["signIn"]["users"]
    here = next(each["organization"] for each in seeded if each["email"] == me["email"])
    elsewhere = [each for each in seeded if each["organization"] != here]
    owner = sign_in(site, next(each["email"] for each in elsewhere if each["role"] == "owner"))
    join(site, owner, sign_in(site, me["email"]), me["email"])
    slot = {"userId": me["id"], "date": str(SUNDAY), "isAvailable": True, "reason": "meeting"}
    times = {"startTime": "09:00:00", "endTime": "10:00:00"}
    call(site, "availability/exceptions", owner, **slot, **times)
    dialog = edward.get_by_role("dialog")
    expect(edward.locator("#calendar .template")).not_to_have_count(0)
    draw(edward, SUNDAY, 9 * 60, 11 * 60)
    dialog.get_by_role("button", name="Create").click()
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("This practitioner is busy in another clinic.")
    expect(alert).not_to_contain_text("10:00")
    expect(edward.locator("#calendar .refused")).to_be_visible()
    expect(edward.locator("#calendar .clash")).to_have_count(0)
    dialog.get_by_role("button", name="Take the next free time, 10:15 to 12:15").click()
    dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_be_hidden()
    check_week(edward, me["id"], MONDAY)
    edward.get_by_role("button", name="Next week").click()
    edward.get_by_role("button", name="New slot").click()
    dialog.get_by_label("Exception that takes time").check()
    dialog.get_by_label("Date", exact=True).fill(str(SUNDAY))
    dialog.get_by_label("The whole day").check()
    dialog.get_by_role("button", name="Create").click()
    expect(alert).to_contain_text("A date with an exception for the whole day has no other.")
    expect(edward.locator("#calendar .clash")).to_contain_text("10:15")
    expect(edward.locator("#calendar .refused")).to_contain_text("Refused")
    in_sight, beside = (
        edward.locator(".clash").bounding_box(),
        dialog.locator("article").bounding_box(),
    )
    assert in_sight
    assert beside
    assert beside["x"] + beside["width"] <= in_sight["x"]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_the_clocks_of_the_browser_move_nothing(browser: Browser, site: str, zone: str) -> None:
    """A slot is at the clinic's time, even in an hour that the browser's own zone leaves out."""
    page = browser.new_page(
        base_url=site, timezone_id=zone, viewport={"width": 1280, "height": 1400}
    )
    traffic = record(page)
    sign_in_as(page)
    me = my_id(page)
    night = {"date": str(SUNDAY), "startTime": "02:00:00", "endTime": "03:00:00"}
    slot = write(page, "availability/exceptions", isAvailable=True, reason="other", **night)
    page.goto(f"/availability?week={SUNDAY}")
    check_week(page, me, MONDAY)
    expect(page.locator("#calendar").get_by_text("02:00 \N{EN DASH} 03:00")).to_have_count(1)
    page.request.delete(f"/api/availability/exceptions/{slot['id']}")
    draw(page, SUNDAY, 18 * 60, 19 * 60)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Exception that adds time")).to_be_checked()
    expect(dialog.get_by_label("Date", exact=True)).to_have_value(str(SUNDAY))
    expect(dialog.get_by_label("Start")).to_have_value("18:00")
    assert traffic.errors == []
    page.close()


def test_without_javascript_the_table_has_the_week(page: Page, browser: Browser) -> None:
    """What does nothing without it is told."""
    sign_in_as(page)
    state = page.context.storage_state()
    with browser.new_context(
        base_url=page.url, java_script_enabled=False, storage_state=state
    ) as context:
        plain = context.new_page()
        plain.goto(f"/availability?week={MONDAY}")
        expect(plain.locator("noscript p")).to_be_visible()
        expect(plain.locator("noscript p")).to_contain_text("need JavaScript")
        expect(plain.locator("#week")).to_contain_text("Weekly templates")
        expect(plain.get_by_label("Practitioner").locator("[selected]")).to_have_count(1)
        expect(plain.get_by_role("button", name="New slot")).to_be_disabled()

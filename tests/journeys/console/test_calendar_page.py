"""The calendar in a browser: booking, moving and changing appointments by mouse and by keyboard.

What the server decides is tested without a browser, in tests/console/test_calendar.py.
"""

import datetime
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.console.views import check_accessible, check_looks
from journeys.console.week import SUNDAY, drag, draw, my_id, read, tab_to, write

OWNER = "edward.papadopoulos@example.com"
# The hours at the upper and the lower edge of what is visible without scrolling.
SHOWN_HOURS = """calendar => {
  const lane = [...calendar.querySelectorAll("[role=gridcell][data-date]")].at(-1);
  let scroller = lane;
  while (scroller.scrollHeight <= scroller.clientHeight) scroller = scroller.parentElement;
  const { top, height } = lane.getBoundingClientRect();
  const edges = scroller.getBoundingClientRect();
  return [edges.top, edges.bottom].map(edge => Math.round((edge - top) / height * 96) / 4);
}"""
BACK = "dot => getComputedStyle(dot, '::before').backgroundColor"
WEEK = datetime.timedelta(weeks=1)
HOURS = {"startTime": "09:00:00", "endTime": "14:00:00", "isAvailable": True, "reason": "other"}

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 1400})
    body = {"email": OWNER, "password": "Password123"}
    assert page.request.post("/api/auth/sign-in/email", data=body).ok
    return page


def booking(page: Page, date: datetime.date, start: str, patient: Any) -> Any:
    types = read(page, "appointment-types")["items"]
    kind = next(each for each in types if each["durationMinutes"] == 30)
    times = {"date": str(date), "startTime": start}
    fields = {"patientId": patient["id"], "appointmentTypeId": kind["id"], **times}
    return write(page, "appointments", **fields)


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Appointment")


def toast(page: Page, words: str) -> None:
    """Expect a message, and remove it, so that it is not taken for a later one."""
    expect(page.locator(".toast").filter(has_text=words)).to_be_visible()
    page.locator("#toasts").evaluate("toasts => toasts.replaceChildren()")


def appointment(page: Page, times: str, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"{times}, {name}"))


def show(page: Page, path: str) -> None:
    """Open a view of the calendar, and wait for its appointments and its select."""
    page.goto(path)
    expect(page.locator("#calendar .remains").first).to_be_visible()
    expect(page.locator("#subject option").nth(1)).to_be_attached()


def test_a_day_at_the_clinic(page: Page) -> None:
    """Book in a free place, drag twice, the second time onto another appointment, and cancel."""
    one, other, *_ = read(page, "patients", status="active")["items"]
    name = f"{one['firstName']} {one['lastName']}"
    write(page, "availability/exceptions", date=str(SUNDAY), **HOURS)
    show(page, f"/calendar?date={SUNDAY}")
    grid = page.locator("#calendar").element_handle()
    page.wait_for_function(f"grid => String(({SHOWN_HOURS})(grid)) === '7,19'", arg=grid)
    check_looks(page)
    draw(page, SUNDAY, 9 * 60, 9 * 60 + 10)
    dialog = dialog_of(page)
    expect(dialog.get_by_label("Start", exact=True)).to_have_value("09:00")
    expect(dialog.get_by_label("Free times")).to_contain_text("free times")
    dialog.get_by_label("Find a patient").fill(name)
    expect(dialog.get_by_label("Patient", exact=True)).to_have_value(one["id"])
    check_accessible(page)
    dialog.get_by_role("button", name="Book").click()
    toast(page, "Booked: Sun 9 Mar, 09:00 to 09:30.")
    expect(dialog).not_to_be_visible()

    booked = appointment(page, "09:00 to 09:30", name)
    drag(page, booked, (SUNDAY, 9 * 60 + 10), (SUNDAY, 10 * 60 + 40))
    toast(page, "Moved: Sun 9 Mar, 10:30 to 11:00.")
    booking(page, SUNDAY, "12:00:00", other)
    page.reload()
    moved = appointment(page, "10:30 to 11:00", name)
    drag(page, moved, (SUNDAY, 10 * 60 + 40), (SUNDAY, 12 * 60 + 10))
    expect(dialog).to_contain_text("Not moved: the practitioner is busy")
    expect(page.locator("#calendar .refused")).to_be_visible()
    expect(page.locator("#calendar .clash")).to_have_count(1)
    expect(moved).to_be_visible()
    check_accessible(page)
    dialog.get_by_role("button", name="Move to Sun 9 Mar, 12:35 to 13:05").click()
    toast(page, "Moved: Sun 9 Mar, 12:35 to 13:05.")
    expect(page.locator("#calendar .refused")).to_have_count(0)

    appointment(page, "12:35 to 13:05", name).click()
    expect(dialog.get_by_role("heading", name=name)).to_be_visible()
    check_accessible(page)
    dialog.get_by_role("button", name="Cancel appointment").click()
    dialog.get_by_label("Reason").fill("Flu")
    dialog.get_by_role("button", name="Cancel appointment").click()
    toast(page, "The appointment is cancelled now.")
    expect(page.locator("#calendar .appointment.cancelled")).to_have_count(1)
    [row] = read(page, "appointments", patientId=one["id"], **{"from": str(SUNDAY)})["items"]
    assert row["cancellationReason"] == "Flu"


def test_the_keyboard_opens_and_moves_an_appointment(page: Page) -> None:
    """With the free times of another date; the address keeps practitioner, date and view."""
    date = SUNDAY + WEEK
    patient = read(page, "patients", status="active")["items"][2]
    name = f"{patient['firstName']} {patient['lastName']}"
    for day in (date, date - datetime.timedelta(days=1)):
        write(page, "availability/exceptions", date=str(day), **HOURS)
    booking(page, date, "09:00:00", patient)
    show(page, f"/calendar?date={date}")
    appointment(page, "09:00 to 09:30", name).focus()
    page.keyboard.press("Enter")
    dialog = dialog_of(page)
    expect(dialog.get_by_role("button", name="Confirm")).to_be_focused()
    tab_to(dialog.get_by_role("button", name="Edit"))
    page.keyboard.press("Enter")
    free = dialog.get_by_label("Free times")
    expect(free).to_contain_text("free times")
    free.select_option("13:30")
    expect(dialog.get_by_label("End", exact=True)).to_have_value("14:00")
    dialog.get_by_role("button", name="Save").press("Enter")
    toast(page, "The appointment was saved.")
    expect(appointment(page, "13:30 to 14:00", name)).to_be_visible()
    expect(page.get_by_role("button", name="New appointment")).to_be_focused()
    page.get_by_role("tab", name="Day view").click()
    page.wait_for_url(f"**/calendar?practitioner={my_id(page)}&date=*&view=day")
    page.get_by_role("button", name="Next week").or_(
        page.get_by_role("button", name="Next day")
    ).click()
    page.go_back()
    expect(page.locator("#calendar")).to_be_visible()


def test_the_team_and_the_rooms(page: Page) -> None:
    """A click in the column of a practitioner books there; a room shows what is in it."""
    date = SUNDAY + 2 * WEEK
    me = my_id(page)
    patient = read(page, "patients", status="active")["items"][3]
    room = read(page, "rooms")["items"][0]
    write(page, "availability/exceptions", date=str(date), **HOURS)
    page.goto(f"/calendar/team?date={date}")
    check_looks(page)
    lane = page.locator(f".lane[data-practitioner='{me}']")
    box = lane.bounding_box()
    assert box
    hour = box["height"] / 13  # from 7 to 20
    lane.click(position={"x": box["width"] / 2, "y": 3.1 * hour})
    dialog = dialog_of(page)
    expect(dialog.get_by_label("Start", exact=True)).to_have_value("10:00")
    expect(dialog.get_by_label("Practitioner")).to_have_value(me)
    dialog.get_by_label("Find a patient").fill(f"{patient['firstName']} {patient['lastName']}")
    expect(dialog.get_by_label("Patient", exact=True)).to_have_value(patient["id"])
    dialog.get_by_label("Room").select_option(room["name"])
    dialog.get_by_role("button", name="Book").click()
    toast(page, "10:00 to 10:30.")
    booked = lane.get_by_role("link", name=patient["lastName"])
    expect(booked).to_contain_text(room["name"])
    booked.press("Enter")
    dialog.get_by_role("link", name=room["name"]).click()
    expect(page.locator("#calendar .appointment.scheduled")).to_have_count(1)
    expect(page.get_by_label("Room")).to_have_value(room["id"])
    check_looks(page)
    page.get_by_role("link", name="List").click()
    expect(page.locator("#said")).to_contain_text("appointment")
    check_looks(page)


def test_the_page_of_an_appointment(page: Page) -> None:
    """Its buttons open the same forms; afterwards it shows the new values."""
    date = SUNDAY + 3 * WEEK
    patient = read(page, "patients", status="active")["items"][4]
    write(page, "availability/exceptions", date=str(date), **HOURS)
    row = booking(page, date, "09:00:00", patient)
    page.goto(f"/appointments/{row['id']}")
    check_looks(page)
    page.get_by_role("button", name="Confirm").click()
    toast(page, "The appointment is confirmed now.")
    expect(page.locator(".state")).to_have_text("Confirmed")
    page.get_by_role("button", name="Edit").click()
    dialog_of(page).get_by_label("Primary concern").fill("Left knee")
    dialog_of(page).get_by_role("button", name="Save").click()
    expect(page.locator("#details")).to_contain_text("Left knee")
    edge = page.locator(".state").evaluate("state => getComputedStyle(state).borderTopColor")
    page.goto(f"/patients/{patient['id']}")
    badge = page.get_by_role("row", name="09:00 to 09:30").get_by_text("confirmed", exact=True)
    assert badge.evaluate(BACK) == edge
    expect(page.get_by_role("heading", name="Upcoming appointments")).to_be_visible()
    check_looks(page)


def test_hours_with_appointments_move_only_on_request(page: Page) -> None:
    """The dialog lists the appointments; afterwards the calendar marks those outside the hours."""
    date = SUNDAY + 4 * WEEK
    patient = read(page, "patients", status="active")["items"][5]
    write(page, "availability/exceptions", date=str(date), **HOURS)
    booking(page, date, "09:00:00", patient)
    page.goto(f"/availability?week={date}")
    hours = page.locator("#calendar .adds").filter(has_text="09:00")
    drag(page, hours, (date, 11 * 60), (date, 13 * 60))
    dialog = page.get_by_role("dialog", name="Slot")
    expect(dialog).to_contain_text("1 upcoming appointment would be outside the hours")
    expect(dialog.get_by_role("link", name="09:00 to 09:30")).to_be_visible()
    check_accessible(page)
    dialog.get_by_role("button", name="Change anyway").click()
    toast(page, "Moved: ")
    expect(dialog).not_to_be_visible()
    show(page, f"/calendar?date={date}")
    outside = page.locator("#calendar .appointment.outside")
    expect(outside).to_contain_text("outside hours")
    check_accessible(page)

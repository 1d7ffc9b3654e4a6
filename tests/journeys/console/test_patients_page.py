"""The views of patients: a list that is searched, and one patient with the plans on a time axis."""

import re
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Route, ViewportSize, expect

from app.clinic.patients.examples import PATIENT_ID
from app.clinic.patients.models import PatientStatus
from app.clock import today
from journeys.console.views import check_accessible, sign_in_as
from journeys.traffic import Traffic

PHONE: ViewportSize = {"width": 375, "height": 800}
SEARCH = "Name, e-mail address or phone number"
SCRIPT = "<script>alert(1)</script>"
LONG = "a" * 100
KNEES = "\N{BONE}" * 30
IMAGE = "<img src=x onerror=alert(2)>"
NAMES = ".patients tbody th[scope=row]"
BARS = """canvas => {
  const chart = Chart.getChart(canvas);
  const pixels = canvas.getContext("2d");
  const ratio = chart.currentDevicePixelRatio;
  const { left, right, min, max } = chart.scales.x;
  return chart.getDatasetMeta(0).data.map(bar => {
    const { x, base, y } = bar.getProps(["x", "base", "y"], true);
    const day = pixel => min + (pixel - left) / (right - left) * (max - min);
    // Beside the middle, where the line of today may be.
    const middle = (base + x) / 2 + 3;
    const seen = pixels.getImageData(middle * ratio, y * ratio, 1, 1).data;
    return {
      start: day(base), end: day(x), atTheEdge: Math.abs(x - right) < 1,
      color: "#" + [...seen].slice(0, 3).map(n => n.toString(16).padStart(2, "0")).join(""),
    };
  });
}"""
# A preference that changes is heard of before the next frame.
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
ANIMATION = "canvas => Chart.getChart(canvas).options.animation"
LINE_AT = """(canvas, moment) => {
  const chart = Chart.getChart(canvas);
  const { left, right, min, max } = chart.scales.x;
  const { top, bottom } = chart.chartArea;
  const x = Math.floor(left + (moment - min) / (max - min) * (right - left));
  const seen = canvas.getContext("2d").getImageData(x, top, 1, bottom - top).data;
  const colors = new Set();
  for (let i = 0; i < seen.length; i += 4) {
    colors.add("#" + [...seen.slice(i, i + 3)].map(n => n.toString(16).padStart(2, "0")).join(""));
  }
  return [...colors];
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(site: str) -> str:
    """Seed patients for more pages than two."""
    answer = httpx.post(f"{site}/api/db/seed", json={"patients": 300}, trust_env=False, timeout=180)
    answer.raise_for_status()
    return site


@pytest.fixture(scope="module")
def cookies(browser: Browser, site: str) -> list[Any]:
    page = browser.new_page(base_url=site)
    sign_in_as(page, to="/patients")
    kept = page.context.cookies()
    page.close()
    return kept


@pytest.fixture
def page(page: Page, cookies: list[Any]) -> Page:
    page.context.add_cookies(cookies)
    page.emulate_media(reduced_motion="reduce")
    return page


def test_the_list_is_that_of_the_api_and_goes_on_to_the_last_patient(page: Page) -> None:
    """Each page follows the one before it, with the focus on the first patient that is new."""
    everybody = [_name(patient) for patient in _ask(page, "patients", limit=200)["items"]]
    page.goto("/patients")
    expect(page.locator(NAMES)).to_have_text(everybody[:50])
    check_accessible(page)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(NAMES)).to_have_text(everybody[:100])
    expect(page.get_by_role("link", name=everybody[50], exact=True).first).to_be_focused()
    expect(page.get_by_role("main").get_by_role("status")).to_have_text(
        "50 more, and there are others."
    )
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(NAMES)).to_have_text(everybody)
    rest = len(everybody) - 100
    expect(page.get_by_role("main").get_by_role("status")).to_have_text(
        f"{rest} more, and that is everybody."
    )
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def test_typing_searches_and_the_address_keeps_what_was_searched(
    page: Page, traffic: Traffic
) -> None:
    """One request follows the typing, and reloading or going back finds the same again."""
    page.goto("/patients")
    family = _ask(page, f"patients/{PATIENT_ID}")["lastName"]
    found = _names(page, search=family[:3])
    asked_before = len(traffic.urls)
    page.get_by_role("searchbox").press_sequentially(family[:3], delay=20)
    expect(page.locator(NAMES)).to_have_text(found)
    expect(page).to_have_url(re.compile(rf"/patients\?search={family[:3]}$"))
    assert len([url for url in traffic.urls[asked_before:] if "/patients?" in url]) == 1

    page.reload()
    expect(page.get_by_role("searchbox")).to_have_value(family[:3])
    expect(page.locator(NAMES)).to_have_text(found)
    page.locator(NAMES).first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(found[0])
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value(family[:3])
    expect(page.locator(NAMES)).to_have_text(found)

    page.get_by_role("searchbox").fill("<b>nobody")
    expect(page.get_by_role("main").get_by_role("status")).to_have_text(
        "No patient matches “<b>nobody”."
    )
    check_accessible(page)
    page.get_by_role("link", name="Show all patients").click()
    expect(page.locator(NAMES)).to_have_count(50)


def test_of_fast_typing_the_newest_answer_stands_and_waiting_is_told(page: Page) -> None:
    """An answer that comes late does not replace that of what was typed after it."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.goto("/patients")
    page.route(re.compile("search=a&"), hold)
    with page.expect_request(re.compile("search=a&")):
        page.get_by_role("searchbox").fill("a")
    expect(page.get_by_text("Looking…").first).to_have_css("opacity", "1")
    check_accessible(page)
    page.get_by_role("searchbox").fill("b")
    found = _names(page, search="b")
    expect(page.locator(NAMES)).to_have_text(found)
    expect(page.get_by_text("Looking…").first).to_be_hidden()
    held[0].fulfill(body="<p>Too late</p>", content_type="text/html")
    expect(page).to_have_url(re.compile("search=b$"))
    expect(page.locator(NAMES)).to_have_text(found)


def test_the_list_is_filtered_and_sorted_as_the_api_does(page: Page, browser: Browser) -> None:
    """The filters add up, the address keeps them, and they work without JavaScript."""
    members = _ask(page, "auth/organization/list-members")["members"]
    therapist = min(members, key=lambda member: member["user"]["name"])
    gone, *others = _ask(page, "patients", limit=200)["items"]
    page.request.delete(f"/api/patients/{gone['id']}")
    treated = _ask(page, "patients", limit=200, therapistId=therapist["userId"])["items"]
    untreated = [patient for patient in others if patient not in treated]
    for patient in (*treated[:2], untreated[0]):
        page.request.patch(f"/api/patients/{patient['id']}", data={"status": "discharged"})
    page.goto("/patients")
    statuses = page.get_by_label("Status").locator("option")
    expect(statuses).to_have_text(["Any", *PatientStatus])

    page.get_by_label("Status").select_option("discharged")
    expect(page.locator(NAMES)).to_have_count(3)
    expect(page.locator(NAMES)).to_have_text(_names(page, status="discharged"))
    page.get_by_label("Treated by").select_option(therapist["user"]["name"])
    page.get_by_label("Sorted by").select_option("Name, Z to A")
    expect(page.locator(NAMES)).to_have_text([_name(treated[1]), _name(treated[0])])
    expect(page).to_have_url(re.compile(f"{therapist['userId']}&sort=-name$"))
    page.reload()
    expect(page.locator(NAMES)).to_have_text([_name(treated[1]), _name(treated[0])])
    expect(page.get_by_label("Status")).to_have_value("discharged")
    expect(page.get_by_label("Treated by")).to_have_value(therapist["userId"])
    expect(page.get_by_label("Sorted by")).to_have_value("-name")

    page.goto("/patients")
    page.get_by_label("Deleted ones").check()
    expect(page.locator(NAMES)).to_have_text([re.compile(rf"^\s*{_name(gone)}\s+deleted")])
    check_accessible(page)
    _check_without_javascript(page, browser)


def _check_without_javascript(page: Page, browser: Browser) -> None:
    state = page.context.storage_state()
    with browser.new_context(
        base_url=page.url, java_script_enabled=False, storage_state=state
    ) as context:
        plain = context.new_page()
        plain.goto("/patients")
        plain.get_by_label("Sorted by").select_option("Name, Z to A")
        plain.get_by_role("button", name="Search").click()
        plain.get_by_role("link", name="Show more").click()
        second_page = _ask(page, "patients", sort="-name", limit=100)["items"][50:]
        expect(plain.locator(NAMES)).to_have_text([_name(patient) for patient in second_page])


def test_a_patients_page_tells_each_plan_and_draws_it_in_its_colour_and_place(page: Page) -> None:
    """A bar goes from the first to the last day of its plan, in light and dark and on a phone."""
    members = _ask(page, "auth/organization/list-members")["members"]
    names = {member["userId"]: member["user"]["name"] for member in members}
    # Other tests add patients and plans that are not as complete.
    patient, plans = next(
        (patient, plans)
        for patient in _ask(page, "patients")["items"]
        if patient["phone"] and patient["email"] and patient["emergencyContacts"]
        if (plans := _plans(page, patient))
        if all(plan["endDate"] and plan["therapistId"] in names for plan in plans)
    )
    page.goto(f"/patients/{patient['id']}")
    for text in (patient["phone"], patient["email"], patient["emergencyContacts"][0]["name"]):
        expect(page.locator(".facts")).to_contain_text(text)
    rows = page.locator("#plans tbody tr")
    expect(rows).to_have_count(len(plans))
    for row, plan in zip(rows.all(), plans, strict=True):
        coverage = plan["coverageStatus"].replace("_", " ")
        for text in (plan["title"], plan["status"], names[plan["therapistId"]], coverage):
            expect(row).to_contain_text(text)
        expect(row.locator(".start")).to_have_attribute("datetime", plan["startDate"])
        expect(row.locator(".end")).to_have_attribute("datetime", plan["endDate"])
    _check_bars(page, plans)
    assert not page.locator("canvas").evaluate(ANIMATION)
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate(FRAMES)
    assert page.locator("canvas").evaluate(ANIMATION)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(FRAMES)
    check_accessible(page)
    page.emulate_media(color_scheme="dark")
    _check_bars(page, plans)
    check_accessible(page)
    page.set_viewport_size(PHONE)
    check_accessible(page)
    _check_width(page)


def _check_bars(page: Page, plans: list[dict[str, Any]]) -> None:
    page.evaluate(FRAMES)
    for bar, plan in zip(page.locator("canvas").evaluate(BARS), plans, strict=True):
        assert bar["color"] == _color(page, f"--{plan['status']}")
        assert _days(bar["start"]) == pytest.approx(_days_of(plan["startDate"]), abs=0.1)
        if plan["endDate"]:
            # Up to the end of the last day.
            assert _days(bar["end"]) == pytest.approx(_days_of(plan["endDate"]) + 1, abs=0.1)
        assert bar["atTheEdge"] == (plan["endDate"] is None)
    milliseconds = _days_of(str(today())) * 86_400_000
    assert _color(page, "--pico-color") in page.locator("canvas").evaluate(LINE_AT, milliseconds)


def test_text_that_looks_like_markup_is_shown_as_it_is(page: Page) -> None:
    """Neither the list, a patient's page nor the time axis runs what somebody wrote."""
    dialogs: list[Dialog] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog)
        dialog.dismiss()

    page.on("dialog", dismiss)
    patient = _create(
        page,
        "patients",
        firstName=SCRIPT,
        lastName=f"{IMAGE}{LONG}",
        dateOfBirth="1980-02-29",
        allergies=[IMAGE],
    )
    plan = _create(
        page,
        "treatment-plans",
        patientId=patient["id"],
        therapistId=_ask(page, "auth/get-session")["user"]["id"],
        title=f"{SCRIPT} {KNEES}",
        diagnosis=IMAGE,
        startDate=str(today()),
        numberOfSessions=6,
        sessionFrequency=2,
        status="ongoing",
    )
    page.goto("/patients")
    page.get_by_role("searchbox").fill(SCRIPT)
    expect(page.locator(NAMES)).to_have_text([_name(patient)])
    page.locator(NAMES).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(_name(patient))
    expect(page.locator(".facts dd")).to_have_text([IMAGE])
    expect(page.locator("#plans tbody tr")).to_contain_text(f"{SCRIPT} {KNEES} {IMAGE}")
    _check_bars(page, [plan])
    canvas = page.locator("canvas")
    label = canvas.evaluate("canvas => Chart.getChart(canvas).data.labels[0].join(' ')")
    assert label == f"{SCRIPT[:23]}… {KNEES[:23]}… ongoing"
    center = "canvas => Chart.getChart(canvas).getDatasetMeta(0).data[0].getCenterPoint()"
    canvas.hover(position=canvas.evaluate(center))
    tooltip = canvas.evaluate(
        "canvas => { const t = Chart.getChart(canvas).tooltip;"
        " return [t.opacity, t.title[0], ...t.body[0].lines]; }"
    )
    written = f"{today().day} {today():%b} {today().year}"
    assert tooltip == [1, plan["title"], f"{written} \u2013 open", "ongoing"]
    check_accessible(page)
    page.set_viewport_size(PHONE)
    _check_width(page)
    page.go_back()
    expect(page.locator(NAMES)).to_have_text([_name(patient)])
    _check_width(page)
    assert dialogs == []


def test_who_has_left_the_clinic_is_no_name_but_still_a_therapist(page: Page) -> None:
    """A plan of somebody who is no longer a member is shown, without the name."""
    members = _ask(page, "auth/organization/list-members")["members"]
    leaver = next(member for member in members if member["role"] == "member")
    page.request.post(
        "/api/auth/organization/remove-member", data={"memberIdOrEmail": leaver["id"]}
    )
    [plan] = _ask(page, "treatment-plans", therapistId=leaver["userId"], limit=1)["items"]
    page.goto(f"/patients/{plan['patientId']}")
    row = page.get_by_role("row", name=plan["title"])
    expect(row).to_contain_text("somebody who has left")


def test_what_cannot_be_shown_says_why(page: Page, traffic: Traffic) -> None:
    """A refusal is told in words, and whoever is nobody is led to where one can be someone."""
    page.goto("/patients/00000000-0000-8000-8000-000000000000")
    expect(page.get_by_role("alert")).to_contain_text("patient")
    page.goto("/patients?status=merry")
    expect(page.get_by_role("alert")).to_contain_text("status")
    assert traffic.take_refusals() == ["404", "400"]
    sign_in_as(page, to="/patients")
    page.request.post("/api/auth/organization/set-active", data={"organizationId": None})
    page.goto("/patients")
    expect(page.get_by_role("alert")).to_contain_text("organization")
    assert len(traffic.take_refusals()) == 1
    page.context.clear_cookies()
    page.goto("/patients")
    expect(page).to_have_url(re.compile(r"/people\?to=%2Fpatients$"))


def test_a_session_that_ends_is_told_where_the_patients_would_be(page: Page) -> None:
    """A row of the list asks whoever shows more, and no old number stands beside a refusal."""
    page.goto("/patients")
    page.context.clear_cookies()
    page.get_by_role("link", name="Show more").click()
    alert = page.get_by_role("alert")
    expect(page.locator(".patients tbody > tr > td").filter(has=alert)).to_be_visible()
    expect(page.locator(".patients tbody > :not(tr)")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("")
    expect(page.locator(NAMES)).to_have_count(50)
    check_accessible(page)
    page.get_by_role("searchbox").fill("b")
    expect(page.locator(NAMES)).to_have_count(0)
    expect(alert).to_contain_text("Nobody is signed in.")
    expect(page.get_by_role("main").get_by_role("status")).to_have_text("")
    check_accessible(page)


def test_who_has_a_birthday_tomorrow_is_not_a_year_older_today(page: Page) -> None:
    """The age counts birthdays, not years."""
    tomorrow = today() + timedelta(days=1)
    patient = _create(
        page,
        "patients",
        firstName="Ada",
        lastName="Tomorrow",
        dateOfBirth=str(tomorrow.replace(year=tomorrow.year - 28)),
    )
    page.goto(f"/patients/{patient['id']}")
    expect(page.get_by_text("27 years old")).to_be_visible()
    page.goto("/patients?search=Tomorrow")
    expect(page.locator(".patients tbody tr")).to_contain_text("(27)")


def test_patients_are_found_by_keyboard_in_the_dark_and_on_a_phone(page: Page) -> None:
    """Tab and Enter lead from the search to a patient's plans, within the width of a phone."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    page.goto("/patients")
    check_accessible(page)
    _check_width(page)
    wanted = _ask(page, f"patients/{PATIENT_ID}")
    _tab_to(page, page.get_by_role("searchbox", name=SEARCH))
    page.keyboard.type(wanted["email"])
    expect(page.locator(NAMES)).to_have_text([_name(wanted)])
    _tab_to(page, page.get_by_role("link", name=_name(wanted)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(_name(wanted))
    _tab_to(page, page.get_by_role("region", name="Treatment plans of"))


def _tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{wanted} is not reached by Tab")


def _check_width(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def _ask(page: Page, path: str, **parameters: Any) -> Any:
    return page.request.get(f"/api/{path}", params=parameters).json()


def _create(page: Page, path: str, **fields: Any) -> Any:
    answer = page.request.post(f"/api/{path}", data=fields)
    assert answer.status == 201, answer.text()
    return answer.json()


def _names(page: Page, **filters: str) -> list[str]:
    return [_name(patient) for patient in _ask(page, "patients", **filters)["items"]]


def _name(patient: dict[str, Any]) -> str:
    return f"{patient['firstName']} {patient['lastName']}"


def _plans(page: Page, patient: dict[str, Any]) -> list[dict[str, Any]]:
    page_of_plans = _ask(page, "treatment-plans", patientId=patient["id"], sort="startDate")
    plans: list[dict[str, Any]] = page_of_plans["items"]
    return plans


def _color(page: Page, name: str) -> str:
    color: str = page.evaluate(
        "name => getComputedStyle(document.documentElement).getPropertyValue(name)", name
    )
    return color.strip()


def _days(milliseconds: float) -> float:
    return milliseconds / 86_400_000


def _days_of(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days

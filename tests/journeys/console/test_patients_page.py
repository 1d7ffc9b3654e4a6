"""The pages of patients and of treatment plans: lists, a time axis, forms and downloads."""

import csv
import re
from datetime import date
from typing import Any

import httpx
import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, ViewportSize, expect

from app.clinic.patients.examples import PATIENT_ID
from app.clock import today
from journeys.console.views import check_accessible, sign_in
from journeys.traffic import Traffic

PHONE: ViewportSize = {"width": 375, "height": 800}
SEARCH = "Name, email or phone number"
SCRIPT = "<script>alert(1)</script>"
LONG = "a" * 100
KNEES = "\N{BONE}" * 30
IMAGE = "<img src=x onerror=alert(2)>"
NAMES = ".list tbody th[scope=row] > a"
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
    response = httpx.post(
        f"{site}/api/db/seed", json={"patients": 300}, trust_env=False, timeout=180
    )
    response.raise_for_status()
    return site


@pytest.fixture(scope="module")
def cookies(module_page: Page) -> list[Any]:
    sign_in(module_page, to="/patients")
    return list(module_page.context.cookies())


@pytest.fixture
def page(page: Page, cookies: list[Any]) -> Page:
    page.context.add_cookies(cookies)
    return page


def test_the_list_continues_to_the_last_patient(page: Page) -> None:
    """Each page follows the one before it, with the focus on the first patient that is new."""
    everybody = [_name(patient) for patient in _ask(page, "patients", limit=200)["items"]]
    page.goto("/patients")
    expect(page.locator(NAMES)).to_have_text(everybody[:50])
    check_accessible(page)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(NAMES)).to_have_text(everybody[:100])
    expect(page.get_by_role("link", name=everybody[50], exact=True).first).to_be_focused()
    said = page.locator("#said")
    expect(said).to_contain_text(f"{len(everybody)} patients: rows 51\N{EN DASH}100")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(NAMES)).to_have_text(everybody)
    expect(said).to_contain_text(f"rows 101\N{EN DASH}{len(everybody)}")
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
    page.locator(NAMES).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(found[0])
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value(family[:3])
    expect(page.locator(NAMES)).to_have_text(found)

    page.get_by_role("searchbox").fill("<b>nobody")
    expect(page.locator("#said")).to_have_text("No matches")
    page.get_by_role("link", name="Show all patients").click()
    expect(page.locator(NAMES)).to_have_count(50)


def test_during_fast_typing_the_newest_response_is_shown_and_a_wait_is_visible(page: Page) -> None:
    """A late response does not replace that of a newer search."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.goto("/patients")
    page.route(re.compile("search=a&"), hold)
    with page.expect_request(re.compile("search=a&")):
        page.get_by_role("searchbox").fill("a")
    expect(page.locator("#loading")).to_have_css("opacity", "1")
    page.get_by_role("searchbox").fill("b")
    found = _names(page, search="b")
    expect(page.locator(NAMES)).to_have_text(found)
    expect(page.locator("#loading")).to_be_hidden()
    held[0].fulfill(body="<p>Too late</p>", content_type="text/html")
    expect(page).to_have_url(re.compile("search=b$"))
    expect(page.locator(NAMES)).to_have_text(found)


def test_typing_keeps_the_order_and_an_export_has_what_is_found(page: Page) -> None:
    """The links of the exports follow the search; the browser saves a complete file."""
    page.goto("/patients")
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"sort=-name$"))
    page.get_by_role("searchbox").fill("a")
    expect(page).to_have_url(re.compile(r"search=a&sort=-name$"))
    everybody = _ask(page, "patients", search="a", sort="-name", limit=200)["items"]
    with page.expect_download() as downloads:
        page.get_by_role("link", name="CSV").click()
    download = downloads.value
    assert re.fullmatch(r"patients-[a-z-]+-\d{4}-\d\d-\d\d\.csv", download.suggested_filename)
    assert download.failure() is None
    with download.path().open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [patient["id"] for patient in everybody]


def test_a_patient_is_created_edited_deleted_and_brought_back(page: Page, traffic: Traffic) -> None:
    """By the buttons of the pages; a deletion asks first and can be undone."""
    page.goto("/patients")
    page.get_by_role("button", name="New patient").click()
    page.get_by_label("First name").fill("Grace")
    page.get_by_label("Last name").fill("Example")
    page.get_by_label("Date of birth").fill("2999-01-01")
    contacts = page.locator(".contact")
    contacts.first.get_by_label("Name").fill("Bea")
    expect(contacts).to_have_count(2)
    contacts.last.get_by_label("Name").fill("Cem")
    expect(contacts).to_have_count(3)
    expect(contacts.last.get_by_label("Name")).to_have_value("")
    page.get_by_role("button", name="Create").click()
    born = page.get_by_label("Date of birth")
    expect(born).to_be_focused()
    expect(born).to_have_accessible_description(re.compile("must be before today", re.IGNORECASE))
    expect(contacts.nth(1).get_by_label("Name")).to_have_value("Cem")
    assert traffic.take_refusals() == ["400"]
    check_accessible(page)
    born.fill("1980-02-29")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Grace Example was created.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Grace Example")

    page.get_by_role("button", name="Edit").click()
    page.get_by_label("City").fill("Geelong")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Grace Example was saved.")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("Geelong")

    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Grace Example")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The patient was deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Grace Example was restored.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Grace Example")


def test_a_form_stays_when_someone_signs_in_again_in_another_tab(
    page: Page, traffic: Traffic, cookies: list[Any]
) -> None:
    """What was typed is sent by the same form then."""
    [patient, *_] = _ask(page, "patients", sort="-name")["items"]
    page.goto(f"/patients/{patient['id']}/edit")
    expect(page.get_by_role("navigation", name="User")).to_contain_text("Edward")
    page.get_by_label("City").fill("Geelong")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Not signed in")
    expect(page.get_by_role("navigation", name="User")).to_contain_text("Not signed in")
    assert traffic.take_refusals() == ["401"]
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("navigation", name="User")).to_contain_text("Edward")
    expect(page.get_by_label("City")).to_have_value("Geelong")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".facts").first).to_contain_text("Geelong")


def test_plans_are_found_by_their_diagnosis_and_lead_to_their_patients(page: Page) -> None:
    """A click on a diagnosis shows all plans with it, in light, dark and on a phone."""
    page.goto("/treatment-plans")
    row = page.locator(".list tbody tr").first
    diagnosis = row.locator("th small a").inner_text()
    row.locator("th small a").click()
    expect(page.get_by_label("Diagnosis")).to_have_value(diagnosis)
    total = _ask(page, "treatment-plans", diagnosis=diagnosis, includeTotal=True)["total"]
    expect(page.locator("#said")).to_contain_text(f"{total} treatment plan")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    check_accessible(page)
    _check_width(page)
    patient = page.locator(".list tbody tr").first.locator("td a")
    name = patient.inner_text()
    patient.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_patients_plans_are_drawn_in_their_colours_and_places(page: Page) -> None:
    """A bar spans the first to the last day of its plan, in light and dark and on a phone."""
    patient, plans = next(
        (patient, plans)
        for patient in _ask(page, "patients")["items"]
        if len(plans := _plans(page, patient)) > 1 and all(plan["endDate"] for plan in plans)
    )
    page.goto(f"/patients/{patient['id']}")
    expect(page.locator(".plan h3 .title")).to_have_text([plan["title"] for plan in plans])
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
    page.locator(NAMES).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(_name(patient))
    expect(page.locator(".facts dd", has_text=IMAGE)).to_have_count(2)
    expect(page.locator(".plan h3")).to_contain_text(f"{SCRIPT} {KNEES}")
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
    page.set_viewport_size(PHONE)
    _check_width(page)
    for path in (
        "/treatment-plans",
        f"/treatment-plans/{plan['id']}",
        f"/patients/{patient['id']}/edit",
    ):
        page.goto(path)
        _check_width(page)
    page.goto(f"/patients?search={SCRIPT}")
    expect(page.locator(NAMES)).to_have_text([_name(patient)])
    _check_width(page)
    assert dialogs == []
    page.remove_listener("dialog", dismiss)


def test_the_end_of_a_session_is_shown_in_place_of_the_patients(page: Page) -> None:
    """A row of the list shows the refusal of more rows, and no old number is beside it."""
    page.goto("/patients")
    page.context.clear_cookies()
    page.get_by_role("link", name="Show more").click()
    alert = page.get_by_role("alert")
    expect(page.locator(".list tbody > tr > td").filter(has=alert)).to_be_visible()
    expect(page.locator(".list tbody > :not(tr)")).to_have_count(0)
    expect(page.locator("#said")).to_have_text("")
    expect(page.locator(NAMES)).to_have_count(50)
    page.get_by_role("searchbox").fill("b")
    expect(page.locator(NAMES)).to_have_count(0)
    expect(alert).to_contain_text("Not signed in.")
    expect(page.locator("#said")).to_have_text("")
    check_accessible(page)


def test_patients_are_found_by_keyboard_in_the_dark_and_on_a_phone(page: Page) -> None:
    """Tab and Enter lead from the search to a patient's plans, within the width of a phone."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    page.goto("/patients")
    _check_width(page)
    wanted = _ask(page, f"patients/{PATIENT_ID}")
    _tab_to(page, page.get_by_role("searchbox", name=SEARCH))
    page.keyboard.type(wanted["email"])
    expect(page.locator(NAMES)).to_have_text([_name(wanted)])
    check_accessible(page)
    _tab_to(page, page.get_by_role("link", name=_name(wanted)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(_name(wanted))
    _tab_to(page, page.get_by_role("button", name="New plan"))


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
    response = page.request.post(f"/api/{path}", data=fields)
    assert response.status == 201, response.text()
    return response.json()


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

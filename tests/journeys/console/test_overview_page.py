"""The overview: its plots, the tables they are drawn from, and what is said before them."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from journeys.console.views import check_accessible, sign_in
from journeys.traffic import Traffic

# Each plot's figures in the response of the API, and the columns of its table; the first number is
# what is drawn.
PLOTS = {
    "Patients per clinic": ("clinics", "{name}", "{patients:,}", "{practitioners:,}"),
    "Plans by diagnosis": ("diagnoses", "{diagnosis}", "{plans:,}"),
    "Plans by status": ("plansByStatus", "{status}", "{plans:,}"),
    "Patients by age": ("ages", "{from}\u2013{to}", "{patients:,}"),
    "Patients per practitioner": (
        "practitioners",
        "{name}",
        "{clinic}",
        "{patients:,}",
        "{plans:,}",
    ),
    "Booked share of hours": (
        "bookedHours",
        "{name}",
        "{clinic}",
        "{share}",
        "{booked:g}",
        "{offered:g}",
    ),
}
# What is drawn, where it is not the first word of the title.
UNITS = {"Booked share of hours": ("Percent booked", "share")}
STATUS_COLORS = {
    "light": ["#6b7280", "#0f766e", "#1d4ed8", "#b45309", "#b91c1c"],
    "dark": ["#9ca3af", "#2dd4bf", "#93c5fd", "#fbbf24", "#fca5a5"],
}
SCRIPT = "<script>alert(1)</script>"
READ_TABLE = """table => [...table.tBodies[0].rows].map(
  row => [...row.cells].map(cell => cell.textContent.trim())
)"""
READ_CHART = """async canvas => {
  await new Promise(requestAnimationFrame);  // before which the page learns of other colors
  const chart = Chart.getChart(canvas);
  const [{ data, label }] = chart.data.datasets;
  const colors = chart.getDatasetMeta(0).data.map(bar => bar.options.backgroundColor);
  const { color } = chart.scales.x.options.ticks;
  const { animation, indexAxis } = chart.options;
  const ticks = chart.scales[indexAxis === "y" ? "x" : "y"].ticks.map(tick => tick.label);
  return { labels: chart.data.labels, data, label, colors, color, animation, indexAxis, ticks };
}"""

MIDDLE_OF_BAR = "(c, bar) => Chart.getChart(c).getDatasetMeta(0).data[bar].getCenterPoint()"

pytestmark = pytest.mark.browser


def ask(site: str) -> Any:
    """Return the figures, with hours and shares of the booked time."""
    response = httpx.get(f"{site}/api/db/statistics", trust_env=False, timeout=180)
    figures = response.raise_for_status().json()
    for row in figures["bookedHours"]:
        booked, offered = row["bookedMinutes"], row["offeredMinutes"]
        hours = {"booked": round(booked / 60, 1), "offered": round(offered / 60, 1)}
        row.update(hours, share=round(100 * booked / offered) if offered else 0)
    return figures


def open_plots(page: Page) -> None:
    page.goto("/overview")
    expect(page.get_by_role("figure")).to_have_count(len(PLOTS))


def read_chart(page: Page, title: str) -> Any:
    return page.get_by_role("img", name=title).evaluate(READ_CHART)


def check_plots(page: Page, figures: Any) -> None:
    """Each table has the figures of the API, and each plot those of its table."""
    for title, (key, *columns) in PLOTS.items():
        figure = page.get_by_role("figure").filter(has=page.get_by_role("heading", name=title))
        rows = figure.locator("table").evaluate(READ_TABLE)
        assert rows == [[column.format(**row) for column in columns] for row in figures[key]]
        chart = read_chart(page, title)
        assert chart["labels"] == [row[0] for row in rows]
        first = title.partition(" ")[0]
        unit, drawn = UNITS.get(title, (first, first.lower()))
        assert chart["label"] == unit
        assert chart["data"] == [row[drawn] for row in figures[key]]
        assert all(tick.endswith("%") for tick in chart["ticks"]) is (title in UNITS)
        assert chart["indexAxis"] == ("x" if key == "ages" else "y")


def check_width(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    check_accessible(page)


def test_the_plots_show_the_figures_of_the_api(page: Page, site: str) -> None:
    """Tables, plots and colors agree with it, in light, in the dark and on a phone."""
    figures = ask(site)
    open_plots(page)
    totals = figures["totals"]
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
        f"{totals['patients']} patients of {totals['clinics']} clinics"
    )
    check_plots(page, figures)
    clinic = figures["clinics"][0]
    expect(page.get_by_role("img", name="Patients per clinic")).to_have_accessible_name(
        f"Patients per clinic, as bars. {clinic['name']} has the most, {clinic['patients']}."
    )
    light = read_chart(page, "Plans by status")
    assert light["colors"] == STATUS_COLORS["light"]
    assert light["animation"] is False
    check_accessible(page)
    page.emulate_media(color_scheme="dark")
    dark = read_chart(page, "Plans by status")
    assert dark["colors"] == STATUS_COLORS["dark"]
    assert dark["color"] != light["color"]
    check_width(page)


def test_a_bar_leads_to_the_rows_that_it_counts(page: Page) -> None:
    """By a click on it, or by the keyboard from the table; a clinic is switched to first."""
    sign_in(page, to="/overview")
    expect(page.get_by_role("status").first).to_contain_text("Counted: Peninsula")
    canvas = page.get_by_role("img", name="Plans by status")
    canvas.click(position=canvas.evaluate(MIDDLE_OF_BAR, 1))
    expect(page).to_have_url(re.compile(r"/treatment-plans\?status=ongoing$"))
    expect(page.locator("#said")).to_contain_text("8 treatment plans")
    page.go_back()
    table = page.get_by_role("group").filter(has_text="Patients by age as a table")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/patients\?born"))
    clinic = {"name": "Second", "slug": "second"}
    page.request.post("/api/auth/organization/create", data=clinic)
    page.goto("/overview?clinics=all")
    canvas = page.get_by_role("img", name="Patients per clinic")
    canvas.click(position=canvas.evaluate(MIDDLE_OF_BAR, 0))
    expect(page.get_by_text("Switched to Peninsula Rehabilitation Clinic.")).to_be_visible()
    expect(page.get_by_role("heading", name="Patients")).to_be_visible()
    expect(page.locator("#said")).to_contain_text("8 patients")
    page.reload()
    expect(page.locator("#said")).to_contain_text("8 patients")
    expect(page.locator("#toasts > *")).to_have_count(0)


def test_a_name_is_text(page: Page, site: str) -> None:
    """A clinic whose name is a script is shown by that name, in the table and the plot."""
    seeded = httpx.get(f"{site}/api/db/seed", trust_env=False, timeout=180).json()["summary"][
        "signIn"
    ]
    person = {"email": seeded["users"][0]["email"], "password": seeded["password"]}
    with httpx.Client(base_url=site, trust_env=False, timeout=180) as client:
        client.post("/api/auth/sign-in/email", json=person).raise_for_status()
        clinic = {"name": SCRIPT, "slug": "script"}
        client.post("/api/auth/organization/create", json=clinic).raise_for_status()
    open_plots(page)
    check_plots(page, ask(site))
    assert SCRIPT in read_chart(page, "Patients per clinic")["labels"]


def test_it_says_what_it_waits_for(page: Page, traffic: Traffic) -> None:
    """The page is there before the figures are counted, and says so, and that they do not come."""
    held: list[Route] = []
    page.route(
        "**/overview",
        lambda route: (
            held.append(route) if "hx-request" in route.request.headers else route.continue_()
        ),
    )
    page.goto("/overview")
    busy = page.get_by_text("Counting patients and plans")
    expect(busy).to_have_attribute("aria-busy", "true")
    # Its response would remove the message.
    expect(page.locator("#user-menu[data-user]")).to_be_attached()
    held.pop().abort()
    expect(page.get_by_role("alert")).to_contain_text("The server does not respond")
    expect(busy).to_have_count(0)
    traffic.errors.clear()
    page.reload()
    expect(busy).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_role("figure")).to_have_count(len(PLOTS))
    expect(busy).to_have_count(0)

"""The overview: each bar links to a list of as many rows, or says why it does not."""

import html
import re
from datetime import date
from typing import Any

import httpx
import pytest

from app.console.controllers.overview import booked_share, born_between
from conftest import NewDatabase, seed
from console.pages import PART, sign_in

pytestmark = pytest.mark.slow

ROW = re.compile(
    r"<tr[^>]*>\s*<th scope=\"row\">(?P<cell>.*?)</th>(?:<td>[^<]*</td>)?"
    r"<td class=\"number\"><data value=\"(?P<value>\d+)\">",
    re.DOTALL,
)
HREF = re.compile(r'<a href="(.*?)"')


@pytest.fixture
def new_database(new_sqlite: NewDatabase) -> NewDatabase:
    """The pages ask the API alone, whose tests know both databases."""
    return new_sqlite


async def read_plots(client: httpx.AsyncClient, query: str = "") -> dict[str, list[Any]]:
    """Return the cell and the number of each bar, by the title of its plot."""
    part = (await client.get(f"/overview{query}", headers=PART)).text
    figures = re.findall(r"<h2>(.*?)</h2>(.*?)</figure>", part, re.DOTALL)
    return {
        title: [(found["cell"], int(found["value"])) for found in ROW.finditer(figure)]
        for title, figure in figures
    }


async def count_rows(client: httpx.AsyncClient, address: str) -> int:
    page = (await client.get(html.unescape(address))).text
    said = " ".join(page.partition('id="said"')[2].partition("</span>")[0].split())
    counted = re.search(r"([\d,]+) (?:patient|treatment plan)", said)
    return int(counted[1].replace(",", "")) if counted else 0


@pytest.mark.parametrize("as_of", ["2026-11-29", "2024-02-29"])
async def test_each_bar_of_a_clinic_leads_to_as_many_rows(
    client: httpx.AsyncClient, as_of: str
) -> None:
    """Statuses, diagnoses, ages and practitioners; deleted rows count nowhere.

    The bars of booked hours lead to calendars.
    """
    await seed(client, patients=90, asOf=as_of)
    await sign_in(client)
    [patient, other, *_] = (await client.get("/api/patients")).json()["items"]
    await client.delete(f"/api/patients/{patient['id']}")
    [plan, *_] = (await client.get(f"/api/treatment-plans?patientId={other['id']}")).json()["items"]
    await client.delete(f"/api/treatment-plans/{plan['id']}")
    plots = await read_plots(client)
    booked = plots.pop("Booked share of hours")
    assert all(HREF.findall(cell)[0].startswith("/calendar?practitioner=") for cell, _ in booked)
    assert plots.keys() == {
        "Plans by diagnosis",
        "Plans by status",
        "Patients by age",
        "Patients per practitioner",
    }
    for title, bars in plots.items():
        assert len(bars) > 1, title
        for cell, value in bars:
            [address] = HREF.findall(cell)
            assert await count_rows(client, address) == value, (title, cell)


async def test_the_figures_of_all_clinics_say_why_bars_have_no_list(
    client: httpx.AsyncClient,
) -> None:
    """A list shows one clinic; a clinic of the user is switched to, another is shown in People."""
    await seed(client)
    await sign_in(client)
    clinic = {"name": "Second", "slug": "second"}
    (await client.post("/api/auth/organization/create", json=clinic)).raise_for_status()
    part = (await client.get("/overview?clinics=all", headers=PART)).text
    assert "Lists show one clinic" in part
    assert "Count Second only" in part
    plots = await read_plots(client, "?clinics=all")
    for title in ("Plans by status", "Plans by diagnosis", "Patients by age"):
        assert not any("<a" in cell or "<button" in cell for cell, _ in plots[title])
    clinics = {re.sub("<.*?>", "", cell).strip(): cell for cell, _ in plots["Patients per clinic"]}
    assert '<a href="/patients">' in clinics["Second"]
    assert 'action="/people/clinic"' in clinics["Peninsula Rehabilitation Clinic"]
    assert HREF.findall(clinics["Boulevard Injury Clinic"]) == [
        "/people?search=Boulevard+Injury+Clinic"
    ] or HREF.findall(clinics["Boulevard Injury Clinic"]) == [
        "/people?search=Boulevard%20Injury%20Clinic"
    ]
    practitioners = [cell for cell, _ in plots["Patients per practitioner"]]
    assert sum("/patients?therapistId=" in cell for cell in practitioners) == 4


async def test_someone_who_is_not_signed_in_sees_all_clinics(client: httpx.AsyncClient) -> None:
    await seed(client)
    part = (await client.get("/overview", headers=PART)).text
    assert "20 patients of 3 clinics" in part
    assert 'href="/people?to=/overview"' in part


async def test_a_plot_of_one_bar_or_of_nothing_is_left_out(client: httpx.AsyncClient) -> None:
    """It would say no more than the numbers above it."""
    await seed(client, patients=0)
    assert await read_plots(client) == {}
    assert "not enough data for charts" in (await client.get("/overview", headers=PART)).text
    await seed(client, users=1, organizations=1, patients=1)
    assert (await read_plots(client)).keys() == {"Plans by diagnosis", "Plans by status"}


@pytest.mark.empty_database
async def test_before_the_first_seed_it_leads_to_the_data_set(client: httpx.AsyncClient) -> None:
    part = (await client.get("/overview", headers=PART)).text
    assert "uv run just migrate" in part
    assert '<a href="/">Data set</a>' in part


@pytest.mark.parametrize(("booked", "offered", "share"), [(0, 0, 0), (1, 3, 33), (90, 60, 150)])
def test_booked_share(booked: int, offered: int, share: int) -> None:
    """Of hours that are all removed, nothing is booked; forced changes can leave more than all."""
    assert booked_share({"bookedMinutes": booked, "offeredMinutes": offered}) == share


@pytest.mark.parametrize(
    ("youngest", "oldest", "born_from", "born_to"),
    [
        (0, 9, "2014-03-01", None),
        (20, 29, "1994-03-01", "2004-02-29"),
        (10, 19, "2004-03-01", "2014-02-28"),
        (2020, 2029, None, "0004-02-29"),
    ],
)
def test_ages_become_days_of_birth(
    youngest: int, oldest: int, born_from: str | None, born_to: str | None
) -> None:
    """Of a 29 February, in years with and without one."""
    found = born_between(date(2024, 2, 29), youngest, oldest)
    assert found == {
        name: value
        for name, value in (("bornFrom", born_from), ("bornTo", born_to))
        if value is not None
    }

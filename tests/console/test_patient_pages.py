"""The pages of patients and of treatment plans, and what their forms do."""

import html
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.clock import today
from clinic.client import ADA
from conftest import Shared, seed
from console.pages import PART, FormReader, sign_in, toast_of
from journeys.commands import shared_on_sqlite
from tenancy.people import MADE_UP

pytestmark = [shared_on_sqlite, pytest.mark.slow]

IMAGE = "<img src=x onerror=alert(1)>"
FULL: dict[str, Any] = {
    "firstName": "Ada <b>",
    "lastName": "O'Brien & Söhne",
    "dateOfBirth": "1980-02-29",
    "gender": "non-binary",
    "email": "ada@example.org",
    "phone": "+61 3 7010 1234",
    "address": "1 Long Lane",
    "city": "Geelong",
    "postalCode": "3220",
    "country": "AU",
    "emergencyContacts": [
        {"name": "Bea", "relationship": "Sibling", "phone": "03 5550 1111"},
        {"name": IMAGE, "relationship": "", "phone": ""},
    ],
    "medicalConditions": ["Epilepsy", "Asthma"],
    "surgeries": ["Appendectomy (1999)"],
    "allergies": ["Latex"],
    "medications": ["Levetiracetam 500 mg", IMAGE],
    "insuranceProvider": "Bluegum Health Fund",
    "insuranceNumber": "57476393",
    "referralSource": "Self-referral",
    "status": "inactive",
    "notes": "Two\nlines",
}
FULL_PLAN: dict[str, Any] = {
    "title": "Walking <i>",
    "diagnosis": "Sprain & strain",
    "objective": "Walk",
    "startDate": "2020-02-01",
    "endDate": "2020-05-01",
    "numberOfSessions": 12,
    "sessionFrequency": 2,
    "prescribingDoctor": "Dr Who",
    "prescriptionDate": "2020-01-15",
    "coverageStatus": "partially_covered",
    "insuranceInfo": "Gap is paid",
    "notes": "Line 1\nline 2",
}


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Shared:
    await seed(shared.client)
    return shared


@pytest.fixture
async def client(seeded: Shared) -> httpx.AsyncClient:
    await sign_in(seeded.client)
    return seeded.client


async def create(client: httpx.AsyncClient, path: str, **fields: Any) -> Any:
    response = await client.post(f"/api/{path}", json=fields)
    assert response.status_code == 201, response.text
    return response.json()


async def create_plan(client: httpx.AsyncClient, **fields: Any) -> Any:
    patient = await create(client, "patients", **ADA)
    me = (await client.get("/api/auth/get-session")).json()["user"]["id"]
    course = {
        "title": "Walking",
        "patientId": patient["id"],
        "therapistId": me,
        "startDate": "2020-01-01",
        "numberOfSessions": 6,
        "sessionFrequency": 2,
    }
    return await create(client, "treatment-plans", **course | fields)


async def read(client: httpx.AsyncClient, path: str) -> Any:
    return (await client.get(f"/api/{path}")).raise_for_status().json()


def texts_of(value: Any) -> list[str]:
    """Return the texts of a row as they are in the source of a page."""
    match value:
        case list():
            return [text for each in value for text in texts_of(each)]
        case dict():
            return [text for each in value.values() for text in texts_of(each)]
    return [html.escape(str(value), quote=False).replace("'", "&#39;")]


def headers_of(page: str) -> list[tuple[str, str]]:
    """Return direction and address of each sortable column."""
    found = re.findall(r'<th scope="col"(?: aria-sort="(\w+)")?>\s*<a href="(.*?)"', page)
    return [(direction, html.unescape(address)) for direction, address in found]


@pytest.mark.parametrize(
    ("path", "first", "reversed_"),
    [
        ("/patients", "?sort=-name", "?sort=name"),
        ("/treatment-plans", "?sort=startDate", "?sort=-startDate"),
    ],
)
async def test_a_click_on_a_header_sorts_and_then_reverses(
    client: httpx.AsyncClient, path: str, first: str, reversed_: str
) -> None:
    """The links keep the filters, and the page says by which column it is sorted."""
    direction, address = headers_of((await client.get(path)).text)[0]
    before = {"/patients": "ascending", "/treatment-plans": "descending"}[path]
    assert (direction, address) == (before, f"{path}{first}")
    status = {"/patients": "active", "/treatment-plans": "ongoing"}[path]
    page = (await client.get(f"{address}&status={status}")).text
    direction, address = headers_of(page)[0]
    assert direction == {"ascending": "descending", "descending": "ascending"}[before]
    assert address == f"{path}?status={status}&sort={reversed_.partition('=')[2]}"
    assert f'name="sort" form="list-search" value="{first.partition("=")[2]}"' in page


async def test_a_list_has_its_total_and_more_rows(client: httpx.AsyncClient) -> None:
    """The next page carries the number on, so that it is counted once."""
    for number in range(60):
        await create(client, "patients", **ADA | {"firstName": f"Zelda{number}"})
    part = await client.get("/patients", params={"search": "zelda"}, headers=PART)
    assert "60 patients: rows 1\N{EN DASH}50" in " ".join(part.text.split())
    assert part.headers["HX-Replace-Url"] == "/patients?search=zelda"
    assert "Export 60:" in " ".join(part.text.split())
    [more] = re.findall(r'<a href="(.*?)" data-hx-get', part.text)
    rest = (await client.get(html.unescape(more), headers=PART)).text
    assert "60 patients: rows 51\N{EN DASH}60" in " ".join(rest.split())
    assert rest.count('<th scope="row">') == 10
    assert "Show more" not in rest
    whole = (await client.get(html.unescape(more))).text
    assert whole.count('<th scope="row">') == 10


@pytest.mark.parametrize("query", ["shown=x&total=-1", "shown=9999999999999&total=1e3"])
async def test_numbers_of_an_address_may_be_anything(client: httpx.AsyncClient, query: str) -> None:
    """What is not a number counts as none."""
    for path in ("/patients", "/treatment-plans"):
        cursor = (await read(client, f"{path[1:]}?limit=1"))["next"]
        assert (await client.get(f"{path}?cursor={cursor}&{query}")).status_code == 200


async def test_without_matches_a_list_leads_back(client: httpx.AsyncClient) -> None:
    """An empty search has another message than an empty clinic."""
    for path, what in (("/patients", "patients"), ("/treatment-plans", "plans")):
        page = (await client.get(path, params={"search": "zz"})).text
        assert "No matches" in page
        assert f'<a href="{path}">Show all {what}</a>' in page
        assert "Export" not in page


async def test_an_empty_clinic_leads_to_its_first_patient(client: httpx.AsyncClient) -> None:
    """Or to the seed."""
    clinic = {"name": "Empty", "slug": "empty"}
    (await client.post("/api/auth/organization/create", json=clinic)).raise_for_status()
    page = (await client.get("/patients")).text
    assert "There are no patients yet" in page
    assert '<a href="/patients/new">Create the first one</a>' in page
    assert "There are no treatment plans yet" in (await client.get("/treatment-plans")).text


async def test_the_pages_show_everything_that_is_stored(client: httpx.AsyncClient) -> None:
    """Every value of the API is in the page of the patient and of the plan, as text."""
    patient = await create(client, "patients", **FULL)
    me = (await client.get("/api/auth/get-session")).json()["user"]
    plan = await create(
        client,
        "treatment-plans",
        **FULL_PLAN,
        patientId=patient["id"],
        therapistId=me["id"],
    )
    page = (await client.get(f"/patients/{patient['id']}")).text
    of_plan = (await client.get(f"/treatment-plans/{plan['id']}")).text
    hidden = ("deletedAt", "organizationId", "createdAt", "updatedAt", "coverageStatus")
    values = [
        *(value for name, value in patient.items() if name not in hidden),
        patient["createdAt"],
    ]
    for text in texts_of(values):
        assert text in page
    names = [
        *(value for name, value in plan.items() if name not in (*hidden, "therapistId")),
        me["name"],
        "partially covered",
    ]
    for text in texts_of(names):
        assert text in page
        assert text in of_plan
    for shown in (page, of_plan):
        assert IMAGE not in shown
        assert "<dd>—</dd>" not in shown


async def test_who_has_a_birthday_tomorrow_is_not_a_year_older_today(
    client: httpx.AsyncClient,
) -> None:
    """The age counts birthdays, not years."""
    tomorrow = today() + timedelta(days=1)
    born = str(tomorrow.replace(year=tomorrow.year - 28))
    patient = await create(client, "patients", **ADA | {"dateOfBirth": born})
    assert "27 years old" in (await client.get(f"/patients/{patient['id']}")).text


async def test_an_unknown_value_is_one_dash(client: httpx.AsyncClient) -> None:
    """Also where a term has several values."""
    patient = await create(client, "patients", **ADA)
    page = (await client.get(f"/patients/{patient['id']}")).text
    terms = dict(re.findall(r"<dt>(.*?)</dt>\s*((?:<dd>.*?</dd>\s*)+)", page))
    for term in ("Address", "Insurance", "Allergies", "Emergency contacts", "Email", "Notes"):
        assert terms[term].strip() == "<dd>—</dd>"


@pytest.mark.parametrize(
    ("address", "city", "code", "lines"),
    [
        ("1 Long Lane, Kew VIC 3101", "Kew", "3101", ["1 Long Lane, Kew VIC 3101"]),
        (
            "1 Long Lane, Kew VIC 3101",
            "Geelong",
            "3220",
            ["1 Long Lane, Kew VIC 3101", "Geelong 3220"],
        ),
        ("1 Long Lane", "Kew", None, ["1 Long Lane", "Kew"]),
        ("1 Long Lane", None, "3101", ["1 Long Lane", "3101"]),
        (None, "Kew", "3101", ["Kew 3101"]),
    ],
)
async def test_the_suburb_of_an_address_is_not_repeated(
    client: httpx.AsyncClient,
    address: str | None,
    city: str | None,
    code: str | None,
    lines: list[str],
) -> None:
    given = {"address": address, "city": city, "postalCode": code}
    patient = await create(client, "patients", **ADA, **given)
    page = (await client.get(f"/patients/{patient['id']}")).text
    [shown] = re.findall(r"<dt>Address</dt>\s*((?:<dd>.*?</dd>\s*)+)", page)
    assert re.findall("<dd>(.*?)</dd>", shown) == lines


@pytest.mark.parametrize("kind", ["patients", "treatment-plans"])
async def test_a_row_is_deleted_shown_and_restored(client: httpx.AsyncClient, kind: str) -> None:
    """The message has an undo; the page of a deleted row offers to restore it, and nothing else."""
    plan = await create_plan(client)
    row_id = plan["patientId"] if kind == "patients" else plan["id"]
    path = f"/{kind}/{row_id}"
    listed = f"/{kind}"
    deleted = await client.post(f"{path}/delete", data={})
    assert deleted.headers["Location"] == listed
    assert toast_of(deleted)["undo"] == f"{path}/restore"
    moved = await client.get(path)
    assert (moved.status_code, moved.headers["Location"]) == (303, f"{path}?deleted=true")
    page = (await client.get(f"{path}?deleted=true")).text
    assert f'action="{path}/restore"' in page
    assert f'data-json="/api{path}?deleted=true"' in page
    assert "/edit" not in page
    assert "/delete" not in page
    found = (await client.get(f"{listed}?deleted=true&search=anybody")).text
    assert f'href="{path}?deleted=true"' in found
    assert f'action="{path}/restore"' in found
    restored = await client.post(f"{path}/restore", data={})
    assert restored.headers["Location"] == path
    assert "was restored" in toast_of(restored)["message"]
    assert (await read(client, f"{kind}/{row_id}"))["deletedAt"] is None
    back = await client.get(f"{path}?deleted=true")
    assert back.headers["Location"] == path


@pytest.mark.parametrize("kind", ["patients", "treatment-plans"])
async def test_a_row_that_does_not_exist_is_not_found(client: httpx.AsyncClient, kind: str) -> None:
    for path in ("", "?deleted=true", "/edit"):
        assert (await client.get(f"/{kind}/{MADE_UP}{path}")).status_code == 404


async def test_a_patient_is_created_with_all_fields(client: httpx.AsyncClient) -> None:
    """A list has one line an item, and empty rows of contacts are left out."""
    columns = {
        f"contact-{key}": [*(contact[key] for contact in FULL["emergencyContacts"]), "", ""]
        for key in ("name", "relationship", "phone")
    }
    typed = {
        name: "\r\n".join(["", *value, " "]) if isinstance(value, list) else value
        for name, value in FULL.items()
        if name != "emergencyContacts"
    }
    typed["notes"] = "Two\r\nlines"
    created = await client.post("/patients/new", data=typed | columns)
    assert toast_of(created)["message"] == "Ada <b> O'Brien & Söhne was created."
    patient = await read(client, created.headers["Location"][1:])
    assert patient | FULL == patient


@pytest.mark.parametrize("kind", ["patients", "treatment-plans"])
async def test_a_form_that_is_not_changed_changes_nothing(
    client: httpx.AsyncClient, kind: str
) -> None:
    """All fields of the row are in its form, with their values."""
    patient = await create(client, "patients", **FULL)
    row = patient
    if kind == "treatment-plans":
        row = await create_plan(client, **FULL_PLAN)
    path = f"/{kind}/{row['id']}"
    form = FormReader((await client.get(f"{path}/edit")).text)
    assert form.errors == {}
    saved = await client.post(f"{path}/edit", data=form.sent)
    assert saved.headers["Location"] == path
    after = await read(client, path[1:])
    assert after == row | {"updatedAt": after["updatedAt"]}


async def test_errors_are_at_their_fields_and_nothing_typed_is_lost(
    client: httpx.AsyncClient,
) -> None:
    """A message has no backticks and no name of the API; the first wrong field is marked."""
    typed = {"firstName": "Ada", "lastName": "", "dateOfBirth": "2999-01-01", "notes": "Kept <"}
    refused = await client.post("/patients/new", data=typed)
    assert refused.status_code == 400
    form = FormReader(refused.text)
    assert form.invalid == ["lastName"]
    assert form.sent["notes"] == ["Kept <"]
    assert form.sent["dateOfBirth"] == ["2999-01-01"]
    refused = await client.post("/patients/new", data=typed | {"lastName": "Example"})
    form = FormReader(refused.text)
    assert form.invalid == ["dateOfBirth"]
    assert "`" not in form.errors["dateOfBirth"]
    assert 'role="alert"' not in refused.text.partition("<main")[2].partition("</main")[0]


async def test_errors_of_contacts_and_lists_are_at_their_fields(
    client: httpx.AsyncClient,
) -> None:
    """A row that is not empty needs a name."""
    data = {**ADA, "contact-name": ["Bea", ""], "contact-relationship": ["", ""]}
    data |= {"contact-phone": ["1", "2"]}
    refused = await client.post("/patients/new", data=data)
    form = FormReader(refused.text)
    assert refused.status_code == 400
    assert list(form.errors) == ["contact-name-2"]
    assert form.sent["contact-phone"] == ["1", "2", ""]
    refused = await client.post("/patients/new", data={**ADA, "allergies": "\n".join("a" * 101)})
    assert list(FormReader(refused.text).errors) == ["allergies"]


async def test_errors_of_a_plan_are_at_their_fields(client: httpx.AsyncClient) -> None:
    """Rules about several fields name the one to correct."""
    plan = await create_plan(client)
    path = f"/treatment-plans/{plan['id']}/edit"
    form = FormReader((await client.get(path)).text)
    data = form.sent | {"endDate": ["2019-01-01"], "numberOfSessions": ["many"]}
    refused = FormReader((await client.post(path, data=data)).text)
    assert refused.invalid == ["numberOfSessions"]
    data["numberOfSessions"] = ["7"]
    refused = FormReader((await client.post(path, data=data)).text)
    assert refused.invalid == ["endDate"]
    assert refused.sent["numberOfSessions"] == ["7"]
    refused = FormReader((await client.post(path, data=data | {"therapistId": [MADE_UP]})).text)
    assert refused.sent["therapistId"] == [MADE_UP]


@pytest.mark.parametrize("kind", ["patients", "treatment-plans"])
async def test_a_version_that_someone_else_has_changed_is_not_overwritten(
    client: httpx.AsyncClient, kind: str
) -> None:
    """What was typed is still there, and saving again does not overwrite it either."""
    plan = await create_plan(client)
    row_id = plan["patientId"] if kind == "patients" else plan["id"]
    path = f"/{kind}/{row_id}"
    sent = FormReader((await client.get(f"{path}/edit")).text).sent
    changed = await client.patch(f"/api{path}", json={"notes": "Of someone else"})
    for _ in range(2):
        refused = await client.post(f"{path}/edit", data=sent | {"notes": ["Mine"]})
        assert refused.status_code == 412
        assert "Changed by someone else. Reload to see the current values." in refused.text
        sent = FormReader(refused.text).sent
        assert sent["notes"] == ["Mine"]
    assert await read(client, path[1:]) == changed.json()
    without = await client.post(f"{path}/edit", data={**sent, "version": "", "notes": "x"})
    assert without.status_code == 400


@pytest.mark.parametrize("kind", ["patients", "treatment-plans"])
async def test_who_is_no_longer_signed_in_loses_nothing_typed(
    client: httpx.AsyncClient, kind: str
) -> None:
    """The form offers to sign in in another tab; it is sent again then."""
    plan = await create_plan(client)
    row_id = plan["patientId"] if kind == "patients" else plan["id"]
    path = f"/{kind}/{row_id}/edit"
    sent = FormReader((await client.get(path)).text).sent | {"notes": ["Mine"]}
    await client.post("/people/sign-out")
    refused = await client.post(path, data=sent)
    assert refused.status_code == 401
    assert "Not signed in" in refused.text
    again = FormReader(refused.text).sent
    assert again == sent
    await sign_in(client)
    assert toast_of(await client.post(path, data=again))
    assert (await read(client, f"{kind}/{row_id}"))["notes"] == "Mine"


async def test_a_plan_is_created_for_a_patient(client: httpx.AsyncClient) -> None:
    """The signed-in practitioner is chosen at first."""
    patient = await create(client, "patients", **ADA)
    path = f"/patients/{patient['id']}/plans/new"
    form = FormReader((await client.get(path)).text)
    me = (await client.get("/api/auth/get-session")).json()["user"]["id"]
    assert form.sent["therapistId"] == [me]
    created = await client.post(path, data=form.sent | FULL_PLAN | {"status": "ongoing"})
    assert toast_of(created)["message"] == "The plan was created."
    plan = await read(client, created.headers["Location"][1:])
    assert plan | FULL_PLAN == plan
    assert (plan["status"], plan["patientId"]) == ("ongoing", patient["id"])
    refused = await client.post(path, data=form.sent)
    assert refused.status_code == 400
    assert "Ada Anybody" in refused.text


async def test_only_possible_changes_of_the_status_are_offered(client: httpx.AsyncClient) -> None:
    """On the page of the plan and of the patient; what is final has no buttons."""
    plan = await create_plan(client, status="ongoing")
    paths = (f"/treatment-plans/{plan['id']}", f"/patients/{plan['patientId']}")

    async def offered(path: str) -> list[str]:
        return re.findall(r'name="status" value="(\w+)"', (await client.get(path)).text)

    for path in paths:
        assert await offered(path) == ["paused", "completed", "cancelled"]
    moved = await client.post(f"{paths[0]}/status", data={"status": "paused", "to": paths[1]})
    assert moved.headers["Location"] == paths[1]
    assert toast_of(moved) == {"message": "The plan is paused now.", "isError": False}
    for path in paths:
        assert await offered(path) == ["ongoing", "cancelled"]
    await client.post(f"/api{paths[0]}/status", json={"status": "cancelled"})
    refused = await client.post(f"{paths[0]}/status", data={"status": "ongoing"})
    assert refused.headers["Location"] == paths[0]
    assert toast_of(refused)["isError"]
    assert "cancelled cannot become ongoing" in toast_of(refused)["message"]
    for path in paths:
        assert await offered(path) == []


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
async def test_a_button_leads_to_no_other_site(client: httpx.AsyncClient, to: str) -> None:
    plan = await create_plan(client, status="ongoing")
    path = f"/treatment-plans/{plan['id']}"
    for action, data in (("status", {"status": "paused"}), ("delete", {})):
        response = await client.post(f"{path}/{action}", data={**data, "to": to})
        assert response.headers["Location"] == "/treatment-plans"


async def test_a_plan_of_a_former_member_can_be_edited(client: httpx.AsyncClient) -> None:
    """The form keeps who is not in its menu of members."""
    members = (await client.get("/api/auth/organization/list-members")).json()["members"]
    leaver = next(member for member in members if member["role"] == "member")
    plan = await create_plan(client, therapistId=leaver["userId"])
    removed = {"memberIdOrEmail": leaver["id"]}
    await client.post("/api/auth/organization/remove-member", json=removed)
    path = f"/treatment-plans/{plan['id']}"
    assert "a former member" in (await client.get(path)).text
    sent = FormReader((await client.get(f"{path}/edit")).text).sent
    assert sent["therapistId"] == [leaver["userId"]]
    assert toast_of(await client.post(f"{path}/edit", data=sent | {"notes": ["New"]}))
    assert (
        "a former member"
        in (await client.get(f"/treatment-plans?patientId={plan['patientId']}")).text
    )


async def test_plans_are_listed_with_their_patients(client: httpx.AsyncClient) -> None:
    """Each links to the patient, and its diagnosis to all plans with it."""
    plan = await create_plan(client, diagnosis="A rare & odd one")
    listed = f"/treatment-plans?patientId={plan['patientId']}"
    page = (await client.get(listed)).text
    assert f'<a href="/patients/{plan["patientId"]}">Ada Anybody</a>' in page
    assert "Only the plans of one patient" in page
    [link] = re.findall(r'href="(/treatment-plans\?[^"]*diagnosis=[^"]*)"', page)
    found = (await client.get(html.unescape(link))).text
    assert "1 treatment plan" in " ".join(found.split())

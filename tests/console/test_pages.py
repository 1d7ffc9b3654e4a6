"""What holds for every page of the console, without a browser."""

import html
import json
import logging
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from litestar import Litestar

from app.settings import Environment
from conftest import NewDatabase, open_app, seed

pytestmark = pytest.mark.slow

EDWARD = "edward.papadopoulos@example.com"
SIGN_IN = "/people/sign-in"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def new_database(new_sqlite: NewDatabase) -> NewDatabase:
    """The pages ask the API alone, whose tests know both databases."""
    return new_sqlite


@pytest.fixture(scope="module")
async def data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seed a file with the defaults, once for all tests."""
    file = tmp_path_factory.mktemp("pages") / "seeded.db"
    async with open_app(f"sqlite:///{file}") as client:
        await seed(client)
    return file


@pytest.fixture
def seeded(data_set: Path, database_url: str) -> None:
    """Begin with a copy of the default data set."""
    shutil.copy(data_set, database_url.removeprefix("sqlite:///"))


SEEDED = pytest.mark.usefixtures("seeded")


async def test_production_has_no_console(database_url: str) -> None:
    """There the root leads to the documentation, and the pages and their files are not there."""
    async with open_app(database_url, Environment.PRODUCTION) as client:
        root = await client.get("/")
        assert (root.status_code, root.headers["Location"]) == (302, "/schema/swagger")
        for path in ("/people", "/console/console.css"):
            assert (await client.get(path)).status_code == 404
        assert "Back to the console" not in (await client.get("/schema/swagger")).text
        assert (await client.post(SIGN_IN, data={"email": EDWARD})).status_code == 404


async def test_pages_run_nothing_of_others(client: httpx.AsyncClient) -> None:
    """Scripts and styles are the server's own files, and nothing is kept of a page."""
    headers = (await client.get("/")).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'"
    )
    assert headers["Cache-Control"] == "no-store"


async def test_the_api_documents_no_page(client: httpx.AsyncClient) -> None:
    """The console is not a part of the API."""
    document = (await client.get("/schema/openapi.json")).json()
    assert [path for path in document["paths"] if not path.startswith(("/api/", "/health/"))] == []


WAYS = pytest.mark.parametrize(
    ("to", "where"),
    [
        ("", "/availability"),
        ("/patients?search=a", "/patients?search=a"),
        ("/patients?search=a b", "/patients?search=a%20b"),
        ("/%5C/evil.example", "/availability"),
        ("/\t/evil.example", "/availability"),
        ("//evil.example/", "/availability"),
        ("https://evil.example/", "/availability"),
        ("/\\evil.example", "/availability"),
    ],
)


async def open_user_menu(client: httpx.AsyncClient, path: str) -> str:
    """Open a page and the user menu that htmx loads into it."""
    page = (await client.get(path)).text
    [address] = re.findall(r'data-hx-get="(.*?)"', page.partition("<main")[0])
    return (await client.get(html.unescape(address), headers={"HX-Request": "true"})).text


def toast_of(response: httpx.Response) -> Any:
    """Return the message that a redirect carries to the next page."""
    return json.loads(unquote(response.cookies["seedbed-toast"]))


@SEEDED
@WAYS
async def test_one_click_signs_in(client: httpx.AsyncClient, to: str, where: str) -> None:
    """The cookie is that of the API; the way leads to where one wanted to be, and never away."""
    response = await client.post(SIGN_IN, data={"email": EDWARD, "to": to})
    assert (response.status_code, response.headers["Location"]) == (303, where)
    session = (await client.get("/api/auth/get-session")).json()
    assert session["user"]["email"] == EDWARD
    assert "Edward Papadopoulos" in (await client.get("/people/user-menu")).text
    response = await client.post("/people/sign-out")
    assert (response.status_code, response.headers["Location"]) == (303, "/people")
    assert (await client.get("/api/auth/get-session")).json() is None


@SEEDED
async def test_a_user_of_several_clinics_chooses_one(client: httpx.AsyncClient) -> None:
    """The page offers them, and the choice is the active organization of the session."""
    await client.post(SIGN_IN, data={"email": EDWARD})
    made = await client.post(
        "/api/auth/organization/create", json={"name": "Second <b>Clinic</b>", "slug": "second"}
    )
    page = (await client.get("/people/user-menu")).text
    assert "owner of Second &lt;b&gt;Clinic&lt;/b&gt;" in page
    assert re.findall("Switch to (.*?)<", page) == ["Peninsula Rehabilitation Clinic"]
    await client.post("/api/auth/organization/set-active", json={"organizationId": None})
    page = (await client.get("/people/user-menu")).text
    assert "no active clinic" in page
    assert page.count("Switch to") == 2
    response = await client.post("/people/clinic", data={"organizationId": made.json()["id"]})
    assert response.status_code == 303
    assert toast_of(response) == {"message": "Switched to Second <b>Clinic</b>.", "isError": False}
    session = (await client.get("/api/auth/get-session")).json()["session"]
    assert session["activeOrganizationId"] == made.json()["id"]


@SEEDED
@WAYS
async def test_changing_the_clinic_never_redirects_to_another_site(
    client: httpx.AsyncClient, to: str, where: str
) -> None:
    """As little as another user who signs in."""
    await client.post(SIGN_IN, data={"email": EDWARD})
    clinic = (await client.get("/api/auth/organization/list")).json()[0]["id"]
    response = await client.post("/people/clinic", data={"organizationId": clinic, "to": to})
    assert (response.status_code, response.headers["Location"]) == (303, where)


@SEEDED
async def test_changing_the_clinic_returns_to_the_same_view(client: httpx.AsyncClient) -> None:
    """What it showed is another clinic's; only what was not found may be found in the other."""
    await client.post(SIGN_IN, data={"email": EDWARD})
    patient = (await client.get("/api/patients")).json()["items"][0]["id"]
    await client.post("/api/auth/organization/create", json={"name": "Second", "slug": "second"})
    lost = f"/patients/{patient}"
    views = {
        "/": "/",
        "/patients?search=a": "/patients",
        f"/availability?practitioner={patient}": "/availability",
        lost: lost,
    }
    for path, to in views.items():
        assert f'name="to" value="{to}"' in await open_user_menu(client, path)
    clinics = (await client.get("/api/auth/organization/list")).json()
    first = next(each["id"] for each in clinics if each["slug"] != "second")
    await client.post("/people/clinic", data={"organizationId": first})
    assert 'name="to" value="/patients"' in await open_user_menu(client, lost)


async def test_a_page_without_a_session_redirects_to_the_people(client: httpx.AsyncClient) -> None:
    """And from there to the page that was asked for."""
    response = await client.get("/patients?search=a")
    assert response.status_code == 303
    assert response.headers["Location"] == "/people?to=%2Fpatients%3Fsearch%3Da"
    posted = await client.post("/availability/slots", data={"kind": "adds", "userId": ""})
    assert posted.headers["Location"] == "/people?to=%2Favailability"


@SEEDED
async def test_a_page_of_another_site_cannot_sign_anybody_in(client: httpx.AsyncClient) -> None:
    """The forms of the console are guarded like all that changes something."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = await client.post(SIGN_IN, data={"email": EDWARD}, headers=headers)
    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers


@SEEDED
@pytest.mark.parametrize(
    ("path", "field", "schema"),
    [
        ("/patients", "status", "PatientStatus"),
        ("/treatment-plans", "status", "PlanStatus"),
    ],
)
async def test_a_form_offers_what_the_api_takes(
    client: httpx.AsyncClient, path: str, field: str, schema: str
) -> None:
    """A choice that the API gets is one of the page's, in words; what is left open is empty."""
    document = (await client.get("/schema/openapi.json")).json()
    choices = document["components"]["schemas"][schema]["enum"]
    await client.post(SIGN_IN, data={"email": EDWARD})
    page = (await client.get(path)).text
    menu = page.partition(f'<select name="{field}">')[2].partition("</select>")[0]
    offered = re.findall(r'<option(?: value="(.*?)")?>(.+?)</option>', menu)
    values = [value or words for value, words in offered]
    assert [value for value in values if value != "Any"] == choices


def names(page: str) -> list[str]:
    """Return the people of a list, in its order."""
    return re.findall(r'<th scope="row">(.*?)(?: <span class="badge">current</span>)?</th>', page)


async def test_people_are_found_by_name_email_role_and_clinic(client: httpx.AsyncClient) -> None:
    """All words count, in any case; htmx gets the list alone, and the address to show."""
    summary = await seed(client)
    everyone = (await client.get("/people")).text
    clinics = {user["name"]: user["organization"] for user in summary["signIn"]["users"]}
    shown = [clinics[name] for name in names(everyone)]
    assert len(shown) == len(clinics)
    assert shown == sorted(shown)
    assert "10 people." in everyone
    found = await client.get(
        "/people",
        params={"search": " OWNER boulevard", "to": "/patients?a=b&c"},
        headers={"HX-Request": "true"},
    )
    assert names(found.text) == ["Hēmi Warsame"]
    assert "1 person of 10." in found.text
    assert "<html" not in found.text
    address = "/people?search=OWNER+boulevard&to=%2Fpatients%3Fa%3Db%26c"
    assert found.headers["HX-Replace-Url"] == address
    assert names((await client.get(address)).text) == ["Hēmi Warsame"]
    assert names((await client.get("/people", params={"search": "hemi.warsame@"})).text) == [
        "Hēmi Warsame"
    ]
    nobody = await client.get("/people", params={"search": "nobody at all"})
    assert "No matches." in nobody.text
    part = await client.get("/people", params={"search": ""}, headers={"HX-Request": "true"})
    assert part.headers["HX-Replace-Url"] == "/people"


@SEEDED
async def test_the_current_person_has_a_badge(client: httpx.AsyncClient) -> None:
    """Nobody has one without a session."""
    assert 'class="badge"' not in (await client.get("/people")).text
    await client.post(SIGN_IN, data={"email": EDWARD})
    page = (await client.get("/people")).text
    assert re.findall(r'(\w+) <span class="badge">current<', page) == ["Papadopoulos"]


@SEEDED
async def test_a_login_link_is_a_form_that_signs_in(client: httpx.AsyncClient) -> None:
    """A script sends it at once; pages of other sites cannot open it."""
    page = (await client.get("/people", params={"to": "/patients?a=b&c"})).text
    [path] = re.findall(r'data-copy-link="(.*?edward.*?)"', page)
    address = html.unescape(path)
    link = await client.get(address)
    [form] = re.findall(r"<form [^>]*data-submit>.*?</form>", link.text, re.DOTALL)
    fields = dict(re.findall(r'name="(.*?)" value="(.*?)"', form))
    fields = {name: html.unescape(value) for name, value in fields.items()}
    assert fields == {"email": EDWARD, "to": "/patients?a=b&c"}
    assert (await client.get("/api/auth/get-session")).json() is None
    response = await client.post(SIGN_IN, data=fields)
    assert response.headers["Location"] == "/patients?a=b&c"
    refused = await client.get(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert "data-submit" not in refused.text


async def test_where_nothing_was_seeded_the_people_page_says_so(client: httpx.AsyncClient) -> None:
    """It links to the page that seeds."""
    page = await client.get("/people")
    assert page.status_code == 200
    assert 'No data set yet. <a href="/">Seed one</a>' in page.text


@pytest.mark.empty_database
async def test_the_data_set_page_counts_rows_before_and_after(client: httpx.AsyncClient) -> None:
    """The counts are those of the API and of the last seed."""
    page = (await client.get("/")).text
    assert "No tables yet" in page
    assert "Nothing has been seeded yet" in page
    for patients, before, after in ((7, 0, 7), (9, 7, 9)):
        await seed(client, patients=patients)
        page = (await client.get("/")).text
        row = page.partition('<th scope="row">Patients</th>')[2].partition("</tr>")[0]
        assert re.findall(r'class="number">(.*?)<', row) == [str(before), str(after)]
    rows = (await client.get("/api/db")).json()["rows"]
    total = page.partition('<th scope="row">Total</th>')[2].partition("</tr>")[0]
    assert re.findall(r'class="number">(.*?)<', total)[1] == f"{sum(rows.values()):,}"


async def test_the_form_of_a_seed_has_the_limits_of_the_api(client: httpx.AsyncClient) -> None:
    """The browser checks them before anything is sent."""
    page = (await client.get("/")).text
    schemas = (await client.get("/schema/openapi.json")).json()["components"]["schemas"]
    inputs = {each["id"]: each for each in map(attributes, re.findall("<input .*?>", page))}
    for name, schema in schemas["DataSetRequest"]["properties"].items():
        if schema["type"] == "integer":
            given = [float(inputs[name][limit]) for limit in ("min", "max", "placeholder")]
            assert given == [schema[limit] for limit in ("minimum", "maximum", "default")]
    first, last = inputs["asOf"]["min"], inputs["asOf"]["max"]
    for day, status in ((first, 200), (last, 200), ("1999-12-31", 400), ("2100-01-01", 400)):
        response = await client.post("/api/db/seed", json={"asOf": day}, params={"dryRun": "true"})
        assert response.status_code == status
    assert inputs["users"]["data-at-least"] == "organizations"


def attributes(tag: str) -> dict[str, str]:
    return {"id": "", **dict(re.findall(r'([\w-]+)="(.*?)"', tag))}


async def test_each_preset_creates_what_it_says(client: httpx.AsyncClient) -> None:
    """Its quantities are valid, and its description has them."""
    page = (await client.get("/")).text
    presets = re.findall(r'data-preset="(.*?)">(.*?)</button>\s*<small>(.*?)</small>', page)
    assert [name for _, name, _ in presets] == ["Small", "Busy", "20,000 patients"]
    for quantities, name, description in presets:
        asked = json.loads(html.unescape(quantities))
        if name != "20,000 patients":
            created = (await seed(client, **asked))["created"]
            assert f"{created['users']['count']} practitioners" in description
            assert f"{created['patients']['count']:,} patients" in description
            assert f"{created['treatmentPlans']['count']:,} plans" in description
            assert f"{created['organizations']['count']} clinic" in description
        else:
            assert asked["patients"] == 20_000


async def test_the_data_set_page_can_be_asked_for_the_current_data_alone(
    client: httpx.AsyncClient,
) -> None:
    """Its script asks before and after each seed."""
    await seed(client, patients=7)
    response = await client.get("/", headers={"HX-Request": "true"})
    assert response.text.startswith('<section id="state"')
    assert "7 patients" in response.text
    assert "<form" not in response.text


async def test_calls_of_a_page_are_logged_as_its_own(
    app: Litestar, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The page and the calls of the API that it makes have one id, which its response has."""
    with caplog.at_level(logging.INFO):
        response = await client.get("/", headers={"X-Request-ID": "page-0001"})
    assert response.headers["X-Request-ID"] == "page-0001"
    paths = {
        record.msg["path"]: record.msg["request_id"]
        for record in caplog.records
        if isinstance(record.msg, dict) and record.msg["event"] == "request"
    }
    assert paths == dict.fromkeys(paths, "page-0001")
    assert {"/", "/api/db"} <= paths.keys()


@SEEDED
async def test_the_user_menu_has_the_role_and_the_other_clinics(client: httpx.AsyncClient) -> None:
    """A user with one clinic gets no "Switch to", unless that clinic is not active."""
    assert "Not signed in" in (await client.get("/people/user-menu")).text
    await client.post(SIGN_IN, data={"email": "dragana.chahine@example.com"})
    menu = (await client.get("/people/user-menu")).text
    assert "member of Peninsula Rehabilitation Clinic" in menu
    assert "Switch to" not in menu
    assert 'data-copy="dragana.chahine@example.com"' in menu
    await client.post("/api/auth/organization/set-active", json={"organizationId": None})
    menu = (await client.get("/people/user-menu")).text
    assert re.findall("Switch to (.*?)<", menu) == ["Peninsula Rehabilitation Clinic"]


@SEEDED
async def test_the_user_menu_returns_to_paths_of_this_server_only(
    client: httpx.AsyncClient,
) -> None:
    """Without JavaScript it is a page, with a link back."""
    for to, path in (("/patients", "/patients"), ("//evil.example", "/availability")):
        page = (await client.get("/people/user-menu", params={"to": to})).text
        assert f'<a href="{path}">Back</a>' in page


@SEEDED
async def test_a_refused_sign_in_says_why(client: httpx.AsyncClient) -> None:
    """The password was changed, or the data set has no such person; `to` is kept."""
    await client.post(SIGN_IN, data={"email": EDWARD})
    await client.post(
        "/api/auth/change-password",
        json={"currentPassword": "Password123", "newPassword": "Password124"},
    )
    await client.post("/people/sign-out")
    response = await client.post(SIGN_IN, data={"email": EDWARD, "to": "/patients"})
    assert f"Not signed in as {EDWARD}" in response.text
    assert "The password of this person was changed." in response.text
    assert 'name="to" value="/patients"' in response.text
    assert "Set-Cookie" not in response.headers
    for email in ("nobody@example.com", "<b>", ""):
        response = await client.post(SIGN_IN, data={"email": email})
        assert "The current data set has no such person." in response.text
        assert f"Not signed in as {html.escape(email)}" in response.text


async def test_the_people_page_says_that_it_lists_the_first_only(client: httpx.AsyncClient) -> None:
    """The summary lists 1,000 people; one who is not among them may still exist."""
    await seed(client, users=1_001, patients=0)
    assert "the first 1,000 of 1,001 practitioners" in (await client.get("/people")).text
    response = await client.post(SIGN_IN, data={"email": "nobody@example.com"})
    assert "has no such person, or the password was changed" in response.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Cookie", "theme=gr\u00f6\u00dfe".encode()),
        ("User-Agent", "M\u00f6z".encode()),
        ("Authorization", b"Bearer \xff"),
        ("Host", b"localhost:abc"),
        ("Host", b"xn--zzzzzz---"),
    ],
)
async def test_odd_headers_are_the_apis_to_judge(
    client: httpx.AsyncClient, name: str, value: bytes
) -> None:
    """A header that is not ASCII, or a host that is not one, is no error of the page."""
    headers = [(name.encode(), value)]
    response = await client.get("/people", headers=headers)
    of_the_api = await client.get("/api/db/seed", headers=headers)
    assert response.status_code == {404: 200}.get(of_the_api.status_code, of_the_api.status_code)


@SEEDED
async def test_the_api_sees_from_where_one_looks(app: Litestar, client: httpx.AsyncClient) -> None:
    """Limits on attempts count the address of the browser, as the session names it."""
    asgi: Any = app
    transport = httpx.ASGITransport(asgi, client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as browser:
        await browser.post(SIGN_IN, data={"email": EDWARD})
        session = (await browser.get("/api/auth/get-session")).json()["session"]
    assert session["ipAddress"] == "203.0.113.7"


@pytest.mark.parametrize("path", ["/console/%00", f"/console/{'a' * 300}", "/console/nothing"])
async def test_files_that_cannot_be_are_not_found(client: httpx.AsyncClient, path: str) -> None:
    """A name that no file can have is no error of the server's."""
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/availability?week=foo", 400),
        ("/availability?practitioner=foo", 400),
        ("/patients/foo", 404),
        ("/foo", 404),
        ("/people/sign-out", 405),
    ],
)
async def test_an_invalid_address_is_explained_in_a_page(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    """People do not read JSON; they get the frame of every page, and ways to go on."""
    response = await client.get(path, headers=BROWSER)
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert response.headers["Cache-Control"] == "no-store"
    assert ("Allow" in response.headers) == (status == 405)
    assert "The request failed" in response.text
    assert '<li><a href="/patients">Patients</a></li>' in response.text.partition("<main")[2]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/foo", {}),
        ("/foo", {"Accept": "*/*"}),
        ("/foo", {"Accept": "application/json, text/html;q=0.5"}),
        ("/foo", {"Accept": "text/html;q=inf"}),
        ("/foo", {"Accept": "text/html", "HX-Request": "true"}),
        ("/api/foo", BROWSER),
    ],
)
async def test_programs_get_the_problem_document_of_an_unknown_path(
    database_url: str, client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    """They get the problem document that production gives to all."""
    response = await client.get(path, headers=headers)
    async with open_app(database_url, Environment.PRODUCTION) as production:
        there = await production.get(path, headers=BROWSER)
    for each in (response, there):
        assert (each.status_code, each.headers["Content-Type"]) == (404, "application/problem+json")
    assert response.json() | {"requestId": ""} == there.json() | {"requestId": ""}

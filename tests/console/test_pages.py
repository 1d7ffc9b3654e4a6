"""What holds for every page of the console, without a browser."""

import logging

import httpx
import pytest
from litestar import Litestar

from app.settings import Environment
from conftest import NewDatabase, make_app, open_client, seed

EDWARD = "edward.papadopoulos@example.com"
SIGN_IN = "/people/sign-in"


@pytest.fixture
def new_database(new_sqlite: NewDatabase) -> NewDatabase:
    """The pages ask the API alone, whose tests know both databases."""
    return new_sqlite


async def test_production_has_no_console(database_url: str) -> None:
    """There the root leads to the documentation, and the pages and their files are not there."""
    async with open_client(make_app(database_url, Environment.PRODUCTION)) as client:
        root = await client.get("/")
        assert (root.status_code, root.headers["Location"]) == (302, "/schema/swagger")
        for path in ("/people", "/console/console.css"):
            assert (await client.get(path)).status_code == 404
        assert (await client.post(SIGN_IN, data={"email": EDWARD})).status_code == 404


async def test_pages_run_nothing_of_others(client: httpx.AsyncClient) -> None:
    """Scripts and styles are the server's own files, and nothing is kept of a page."""
    headers = (await client.get("/")).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"


async def test_the_api_documents_no_page(client: httpx.AsyncClient) -> None:
    """The console is not a part of the API."""
    document = (await client.get("/schema/openapi.json")).json()
    assert [path for path in document["paths"] if not path.startswith("/api/")] == []


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("", "/availability"),
        ("/patients?search=a", "/patients?search=a"),
        ("//evil.example/", "/availability"),
        ("https://evil.example/", "/availability"),
        ("/\\evil.example", "/availability"),
    ],
)
async def test_one_click_makes_one_somebody(client: httpx.AsyncClient, to: str, where: str) -> None:
    """The cookie is that of the API; the way leads to where one wanted to be, and never away."""
    await seed(client)
    answer = await client.post(SIGN_IN, data={"email": EDWARD, "to": to})
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    session = (await client.get("/api/auth/get-session")).json()
    assert session["user"]["email"] == EDWARD
    assert "Edward Papadopoulos" in (await client.get("/")).text
    answer = await client.post("/people/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/people")
    assert (await client.get("/api/auth/get-session")).json() is None


async def test_whoever_has_several_clinics_chooses(client: httpx.AsyncClient) -> None:
    """The page offers them, and the choice is the active organization of the session."""
    await seed(client)
    await client.post(SIGN_IN, data={"email": EDWARD})
    made = await client.post(
        "/api/auth/organization/create", json={"name": "Second <b>Clinic</b>", "slug": "second"}
    )
    page = (await client.get("/")).text
    assert "Second &lt;b&gt;Clinic&lt;/b&gt;" in page
    assert "Peninsula Rehabilitation Clinic" in page
    await client.post("/api/auth/organization/set-active", json={"organizationId": None})
    assert "with no clinic active" in (await client.get("/")).text
    answer = await client.post("/people/clinic", data={"organizationId": made.json()["id"]})
    assert answer.status_code == 303
    session = (await client.get("/api/auth/get-session")).json()["session"]
    assert session["activeOrganizationId"] == made.json()["id"]


async def test_nobody_is_led_to_where_one_can_be_someone(client: httpx.AsyncClient) -> None:
    """And from there to the page that was asked for."""
    answer = await client.get("/patients")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/people?to=%2Fpatients"


async def test_a_page_of_another_site_cannot_sign_anybody_in(client: httpx.AsyncClient) -> None:
    """The forms of the console are guarded like all that changes something."""
    await seed(client)
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = await client.post(SIGN_IN, data={"email": EDWARD}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


async def test_people_are_found_by_name_role_and_clinic(client: httpx.AsyncClient) -> None:
    """All words count, whatever their case; htmx gets the list alone."""
    await seed(client)
    found = await client.get(
        "/people", params={"search": "OWNER boulevard"}, headers={"HX-Request": "true"}
    )
    assert "Hēmi Warsame" in found.text
    assert found.text.count("<button") == 1
    assert "<html" not in found.text
    nobody = await client.get("/people", params={"search": "nobody at all"})
    assert "Nobody of the data set is like that" in nobody.text


async def test_where_nothing_was_seeded_the_people_page_says_so(client: httpx.AsyncClient) -> None:
    """It leads to the page that seeds."""
    page = await client.get("/people")
    assert page.status_code == 200
    assert "No data set stands here yet" in page.text


async def test_calls_of_a_page_are_logged_as_its_own(
    app: Litestar, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The page and the calls of the API that it makes have one id, which its answer names."""
    with caplog.at_level(logging.INFO):
        answer = await client.get("/", headers={"X-Request-ID": "page-0001"})
    assert answer.headers["X-Request-ID"] == "page-0001"
    paths = {
        record.msg["path"]: record.msg["request_id"]
        for record in caplog.records
        if isinstance(record.msg, dict) and record.msg["event"] == "request"
    }
    assert paths == dict.fromkeys(paths, "page-0001")
    assert {"/", "/api/db", "/api/auth/get-session"} <= paths.keys()

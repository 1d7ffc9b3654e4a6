"""Lists as files: complete, harmless in a spreadsheet, and never complete by mistake."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from app.clock import today
from app.console.exports import INCOMPLETE
from clinic.client import ADA
from conftest import Shared, seed
from console.pages import sign_in
from journeys.commands import shared_on_sqlite

pytestmark = [shared_on_sqlite, pytest.mark.slow]

PATIENTS = 450  # more than two pages of the API
ONE_CLINIC: dict[str, Any] = {"users": 1, "organizations": 1, "patients": PATIENTS}
LISTS = ("patients", "treatment-plans")


@pytest.fixture(scope="module")
async def seeded(shared: Shared) -> Shared:
    await seed(shared.client, **ONE_CLINIC)
    return shared


@pytest.fixture
async def client(seeded: Shared) -> httpx.AsyncClient:
    await sign_in_as_first(seeded.client)
    return seeded.client


async def sign_in_as_first(client: httpx.AsyncClient) -> None:
    users = (await client.get("/api/db/seed")).json()["summary"]["signIn"]["users"]
    await sign_in(client, users[0]["email"])


async def read_all(client: httpx.AsyncClient, path: str, **query: Any) -> list[Any]:
    rows, cursor = [], None
    while True:
        given = {**query, "limit": 200, **({"cursor": cursor} if cursor else {})}
        page = (await client.get(f"/api/{path}", params=given)).raise_for_status().json()
        rows += page["items"]
        cursor = page["next"]
        if cursor is None:
            return rows


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("path", LISTS)
async def test_an_export_has_every_row_that_matches(client: httpx.AsyncClient, path: str) -> None:
    """In the order of the list, not only of its first page, with the filters of its address."""
    slug = (await client.get("/api/auth/organization/list")).json()[0]["slug"]
    status = {"patients": "active", "treatment-plans": "ongoing"}[path]
    sort = {"patients": "-name", "treatment-plans": "startDate"}[path]
    for query in ({}, {"status": status, "sort": sort}, {"search": "a"}, {"deleted": "true"}):
        rows = await read_all(client, path, **query)
        as_json = await client.get(f"/{path}/export/json", params=query)
        assert as_json.json() == rows
        as_csv = await client.get(f"/{path}/export/csv", params=query)
        assert [row["id"] for row in read_csv(as_csv.text)] == [row["id"] for row in rows]
    assert as_csv.text.startswith("id,organizationId,")
    assert as_csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert as_json.headers["Content-Type"] == "application/json"
    for file, suffix in ((as_csv, "csv"), (as_json, "json")):
        assert file.headers["Content-Disposition"] == (
            f'attachment; filename="{path}-{slug}-{today()}.{suffix}"'
        )
        assert file.headers["Cache-Control"] == "no-store"


async def test_a_csv_file_has_every_field_as_a_text(client: httpx.AsyncClient) -> None:
    """Lists are joined, unknown values are empty, and what looks like a formula is none."""
    contact = {"name": "Bea", "relationship": "Sibling", "phone": "03 5550 1111"}
    formula = '=HYPERLINK("http://evil.example","x")'
    patient = {
        **ADA,
        "firstName": formula,
        "lastName": 'Zz "quoted", Käthe',
        "phone": "+61 3 5550 1234",
        "notes": "@SUM(1)\nsecond line",
        "allergies": ["Latex", "Dust"],
        "emergencyContacts": [contact, contact],
    }
    (await client.post("/api/patients", json=patient)).raise_for_status()
    text = (await client.get("/patients/export/csv", params={"search": "zz"})).text
    [row] = read_csv(text)
    assert text.count("\r\n") == 2
    expected = {
        "firstName": f"'{formula}",
        "lastName": patient["lastName"],
        "phone": patient["phone"],
        "notes": "'@SUM(1)\nsecond line",
        "allergies": "Latex; Dust",
        "emergencyContacts": "Bea Sibling 03 5550 1111; Bea Sibling 03 5550 1111",
        "email": "",
        "surgeries": "",
    }
    assert {name: row[name] for name in expected} == expected
    schemas = (await client.get("/schema/openapi.json")).json()["components"]["schemas"]
    assert row.keys() == schemas["PatientResponse"]["properties"].keys()


async def download(
    shared: Shared, path: str, interrupt: Callable[[], Awaitable[Any]]
) -> tuple[bytes, bool]:
    """Return what was sent of a file, and whether its end was, with an interruption in between."""
    cookie = "; ".join(f"{name}={value}" for name, value in shared.client.cookies.items())
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent, ended, is_interrupted = b"", False, False

    async def receive() -> Any:
        if not received:
            received.append(True)
            return {"type": "http.request", "body": b"", "more_body": False}
        await is_ended.wait()  # the client stays
        return {"type": "http.disconnect"}

    received: list[bool] = []
    is_ended = asyncio.Event()

    async def send(message: Any) -> None:
        nonlocal sent, ended, is_interrupted
        if message["type"] == "http.response.body":
            sent += message["body"]
            if ended := not message.get("more_body", False):
                is_ended.set()
            if not is_interrupted and len(sent) > 1_000:
                is_interrupted = True
                await interrupt()

    asgi: Any = shared.app
    try:
        await asgi(scope, receive, send)
    except Exception:  # noqa: BLE001 - a server closes the connection for any
        assert not ended
    return sent, ended


@pytest.mark.parametrize("file_format", ["csv", "json"])
@pytest.mark.parametrize("path", LISTS)
async def test_an_export_without_interruption_ends(
    seeded: Shared, client: httpx.AsyncClient, path: str, file_format: str
) -> None:
    """The test below can tell: the same download ends if nothing happens."""

    async def do_nothing() -> None:
        await client.get("/api/db")

    sent, ended = await download(seeded, f"/{path}/export/{file_format}", do_nothing)
    assert ended
    assert sent == (await client.get(f"/{path}/export/{file_format}")).content


async def other_clinic(client: httpx.AsyncClient) -> None:
    clinic = {"name": "Empty", "slug": "empty"}
    (await client.post("/api/auth/organization/create", json=clinic)).raise_for_status()


async def reset(client: httpx.AsyncClient) -> None:
    """Replace the data set by the same one, and sign in again as another browser would."""
    await seed(client, **ONE_CLINIC)
    await sign_in_as_first(client)


async def sign_out(client: httpx.AsyncClient) -> None:
    (await client.post("/api/auth/sign-out")).raise_for_status()


@pytest.mark.parametrize("file_format", ["csv", "json"])
@pytest.mark.parametrize("interrupt", [sign_out, reset, other_clinic])
async def test_an_interrupted_export_does_not_look_complete(
    shared: Shared,
    interrupt: Callable[[httpx.AsyncClient], Awaitable[None]],
    file_format: str,
) -> None:
    """The response has no end, so that a browser reports a failed download; a CSV file says so."""
    client = shared.client
    await seed(client, **ONE_CLINIC)
    await sign_in_as_first(client)
    path = f"/patients/export/{file_format}"
    sent, ended = await download(shared, path, lambda: interrupt(client))
    assert not ended
    assert len(sent) > 1_000
    if file_format == "csv":
        assert sent.decode().splitlines()[-1] == INCOMPLETE
    else:
        assert not sent.rstrip().endswith(b"]")


async def test_a_refusal_is_shown_as_a_page(client: httpx.AsyncClient) -> None:
    """Before the first row, nothing is downloaded."""
    refused = await client.get("/patients/export/csv?status=merry")
    assert refused.status_code == 400
    assert "Content-Disposition" not in refused.headers
    assert (await client.get("/patients/export/xml")).status_code == 400
    client.cookies.clear()
    assert (await client.get("/patients/export/csv")).status_code == 303

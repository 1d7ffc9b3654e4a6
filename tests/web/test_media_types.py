"""A body is read only as JSON; other media types are refused with 415 and change nothing.

On SQLite alone: the body is checked before any database is asked.
"""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from app.auth.examples import SIGN_IN as ACCOUNT
from app.web.bodies import MAX_BODY_BYTES
from conftest import open_app, seed
from snapshots import snapshot
from tenancy.people import MADE_UP

SEED = "/api/db/seed?dryRun=true"
SIGN_IN = "/api/auth/sign-in/email"
SIGN_OUT = "/api/auth/sign-out"
JSON_TYPES = (
    "application/json",
    "Application/JSON",
    "application/json;charset=utf-8",
    'application/json ; charset="utf-8"; x=y',
)
OTHER_TYPES = (
    "text/plain",
    "text/plain; x=application/json",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/problem+json",
    "application/jsonp",
    "application/json, text/plain",
    "application/json text/plain",
    "text/plain, application/json",
    "*/*",
    "json",
    ";",
    "",
)


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('media_types')}/seeded.db"


@pytest.fixture(scope="module")
async def client(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Call a seeded server, signed in as an owner."""
    async with open_app(database_url) as client:
        await seed(client, patients=3)
        (await client.post(SIGN_IN, json=dict(ACCOUNT))).raise_for_status()
        yield client


def assert_unsupported(response: httpx.Response, content_type: str) -> None:
    assert response.status_code == response.json()["status"] == 415, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Accept"] == "application/json"
    detail = response.json()["detail"]
    assert detail.startswith("Nothing was changed. ")
    assert (f'"{content_type}"' if content_type else "no Content-Type") in detail
    assert 'Send the body as JSON, with the header "Content-Type: application/json".' in detail


def changes(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (method, re.sub(r"\{\w+\}", MADE_UP, path), operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "get"
    ]


@pytest.mark.parametrize("content_type", JSON_TYPES)
async def test_json_is_read(client: httpx.AsyncClient, content_type: str) -> None:
    """Case and parameters of the Content-Type do not matter."""
    headers = {"Content-Type": content_type}
    response = await client.post(SEED, content=b'{"users": "4"}', headers=headers)
    assert response.status_code == 400
    assert "`users`" in response.json()["detail"]


@pytest.mark.parametrize("content_type", OTHER_TYPES)
async def test_other_media_types_are_refused(
    client: httpx.AsyncClient, database_url: str, content_type: str
) -> None:
    """The refusal says which Content-Type was sent and which to send; nothing is changed."""
    before = snapshot(database_url)
    headers = {"Content-Type": content_type}
    for path in (SEED, SIGN_IN, SIGN_OUT, "/api/patients"):
        response = await client.post(path, content=b'{"users": 4}', headers=headers)
        assert_unsupported(response, content_type)
    assert snapshot(database_url) == before


async def test_a_body_without_content_type_is_refused(client: httpx.AsyncClient) -> None:
    """Whether or not the request says how long its body is."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b"{}"

    for content in (b"{}", b" ", chunks()):
        assert_unsupported(await client.post(SEED, content=content), "")


async def test_a_repeated_content_type_is_refused(client: httpx.AsyncClient) -> None:
    """A first value that is right does not hide a second one."""
    types = ("application/json", "text/plain")
    headers = [("Content-Type", content_type) for content_type in types]
    response = await client.post(SEED, content=b"{}", headers=headers)
    assert_unsupported(response, ", ".join(types))


async def test_a_long_content_type_is_not_repeated_in_full(client: httpx.AsyncClient) -> None:
    """The problem document stays short."""
    response = await client.post(SEED, content=b"{}", headers={"Content-Type": "x " * 5_000})
    assert response.status_code == 415
    assert len(response.text) < 500


async def test_no_body_needs_no_content_type(client: httpx.AsyncClient) -> None:
    """Where a body is optional, it may be empty, with any Content-Type."""
    assert (await client.post(SEED, headers={"Content-Type": "text/plain"})).status_code == 200
    nobody = {"Authorization": "Bearer none"}
    assert (await client.post(SIGN_OUT, headers=nobody)).status_code == 200
    for content_type in (*JSON_TYPES, *OTHER_TYPES):
        headers = nobody | {"Content-Type": content_type}
        assert (await client.post(SIGN_OUT, headers=headers)).status_code == 200, content_type


async def test_every_operation_refuses_and_documents_it(client: httpx.AsyncClient) -> None:
    """All operations that are not GET do so, those without a body included."""
    document = (await client.get("/schema/openapi.json")).json()
    found = changes(document)
    assert {"post", "put", "patch", "delete"} == {method for method, _, _ in found}
    for method, path, operation in found:
        headers = {"Content-Type": "text/plain"}
        response = await client.request(method, path, content=b"{}", headers=headers)
        assert_unsupported(response, "text/plain")
        documented = operation["responses"]["415"]["content"]["application/problem+json"]
        [example] = [example["value"] for example in documented["examples"].values()]
        assert example.keys() == response.json().keys()
        assert example["detail"].partition("Send the body")[2]


async def test_the_identity_client_gets_a_code(client: httpx.AsyncClient) -> None:
    """Better Auth's client reads `code` and `message`."""
    document = (await client.get("/schema/openapi.json")).json()
    for method, path, _ in changes(document):
        headers = {"Content-Type": "text/plain"}
        problem = (await client.request(method, path, content=b"{}", headers=headers)).json()
        expected = "UNSUPPORTED_MEDIA_TYPE" if path.startswith("/api/auth/") else None
        assert problem.get("code") == expected
        assert problem.get("message") == (problem["detail"] if expected else None)


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({"Origin": "https://evil.example"}, 2, 403),
        ({"Host": "evil.example"}, 2, 403),
        ({}, MAX_BODY_BYTES + 1, 413),
        ({}, MAX_BODY_BYTES, 415),
    ],
)
async def test_origin_and_size_are_checked_first(
    client: httpx.AsyncClient, headers: Mapping[str, str], size: int, status: int
) -> None:
    """Refusals for web pages come first, and no large body is read."""
    for path in (SEED, SIGN_IN):
        sent = {"Content-Type": "text/plain", **headers}
        response = await client.post(path, content=b" " * size, headers=sent)
        assert response.status_code == status


async def test_the_console_reads_its_own_forms(client: httpx.AsyncClient) -> None:
    """Its forms are URL-encoded as browsers send them."""
    form = {"email": ACCOUNT["email"]}
    assert (await client.post("/people/sign-in", data=form)).status_code == 303
    headers = {"Content-Type": "text/plain"}
    response = await client.post("/people/sign-in", content=b'{"email": "x"}', headers=headers)
    assert response.status_code == 400

"""Calls of Better Auth that are not configured, and that every refusal has a code and a message.

`tests/journeys/test_better_auth_client.py` compares them with Better Auth itself.
"""

from typing import Any

import httpx
import pytest
from litestar import Litestar

from app.auth.controllers.unconfigured import CHANGES, READS
from auth.clinics import Backend, SignedUpUser
from conftest import JSON, NewDatabase, open_app
from journeys.commands import on_sqlite, shared_on_sqlite

pytestmark = pytest.mark.slow

VALID: dict[str, Any] = {
    "provider": "google",
    "email": "ada@example.com",
    "newEmail": "ada@example.com",
    "newPassword": "a long passphrase",
    "accountId": "no-such-id",
    "token": "no-such-token",
}
ACCOUNTS = ("/account-info", "/refresh-token", "/get-access-token")


def bearer(person: SignedUpUser) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.tokens[0]}"}


def assert_explained(response: httpx.Response, status: int | None = None) -> None:
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["code"].isupper()
    assert problem["message"] == problem["detail"]
    assert status in {None, response.status_code}, response.text


@shared_on_sqlite
async def test_what_is_not_configured_is_refused_and_changes_nothing(backend: Backend) -> None:
    """With a session or, for calls that need one, without it."""
    headers = bearer(await backend.make_person())
    for path, change in CHANGES.items():
        body = {"accountId": VALID["accountId"]} if path in ACCOUNTS else VALID
        with backend.counting_statements() as sent:
            response = await backend.client.post(f"/api/auth{path}", json=body, headers=headers)
            nobodys = await backend.client.post(f"/api/auth{path}", json=body)
        assert response.json()["code"] not in {"VALIDATION_ERROR", "UNAUTHORIZED"}, path
        assert_explained(response)
        expected = response.json()["code"] if change.is_public else "UNAUTHORIZED"
        assert nobodys.json()["code"] == expected, path
        assert not [each for each in sent if not each.startswith(("SELECT", "PRAGMA", "BEGIN"))]


@shared_on_sqlite
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b'"x"', b"{}", b'{"token": 5}', b"[" * 9_000]
)
async def test_what_cannot_be_read_is_explained(backend: Backend, body: bytes) -> None:
    """It is a refusal with a code, never a failure."""
    headers = bearer(await backend.make_person()) | JSON
    calls = [("POST", path) for path in CHANGES] + [("GET", path) for path in READS]
    for method, path in calls:
        url = f"/api/auth{path}".replace("{token:str}", "x")
        response = await backend.client.request(method, url, headers=headers, content=body)
        assert 400 <= response.status_code < 500, path
        assert_explained(response)


@shared_on_sqlite
@pytest.mark.parametrize("body", [b"[" * 20_000, b'{"callbackURL": "\xff"}', b"{", b'"\\ud800"'])
async def test_a_call_that_needs_no_body_reads_none(backend: Backend, body: bytes) -> None:
    """It is searched for addresses to return to only if it can be read."""
    response = await backend.client.post("/api/auth/sign-out", content=body, headers=JSON)
    assert response.json() == {"success": True}


@shared_on_sqlite
@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("callbackURL", "INVALID_CALLBACK_URL"),
        ("redirectTo", "INVALID_REDIRECT_URL"),
        ("errorCallbackURL", "INVALID_ERROR_CALLBACK_URL"),
        ("newUserCallbackURL", "INVALID_NEW_USER_CALLBACK_URL"),
    ],
)
async def test_no_call_takes_an_address_of_another_site(
    backend: Backend, field: str, code: str
) -> None:
    """Whether or not it would lead there."""
    addresses = ("//evil.example", "https://evil.example", "/%5C/evil.example")
    for path in ("/update-user", "/organization/create", "/sign-out", *CHANGES):
        for address in addresses:
            response = await backend.client.post(f"/api/auth{path}", json={field: address})
            assert (response.status_code, response.json()["code"]) == (403, code), path
            assert_explained(response)
        response = await backend.client.post(f"/api/auth{path}", json={field: "/search?q=foo bar"})
        assert response.status_code != 403, path


@shared_on_sqlite
async def test_an_address_in_the_query_counts_if_the_body_has_none(backend: Backend) -> None:
    """For `callbackURL` alone, and not where something is only read."""
    person = await backend.make_person()

    async def update(query: dict[str, str], **body: str) -> int:
        response = await backend.client.post(
            "/api/auth/update-user",
            json={"name": "Ada", **body},
            params=query,
            headers=bearer(person),
        )
        return response.status_code

    assert await update({"callbackURL": "//evil.example"}) == 403
    assert await update({"callbackURL": "//evil.example"}, callbackURL="/x") == 200
    assert await update({"redirectTo": "//evil.example"}) == 200
    query = {"callbackURL": "//evil.example"}
    assert (await backend.client.get("/api/auth/get-session", params=query)).status_code == 200


@on_sqlite
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_an_unknown_path_is_explained(client: httpx.AsyncClient, method: str) -> None:
    """A page shows the message, and not `undefined`."""
    for path in ("", "/", "/nothing", "/organization", "/organization/create-team"):
        assert_explained(await client.request(method, f"/api/auth{path}"), 404)


@on_sqlite
async def test_a_wrong_method_is_explained(app: Litestar, client: httpx.AsyncClient) -> None:
    """On every path of the identity API, with the methods that it takes."""
    paths = {route.path: route for route in app.routes if route.path.startswith("/api/auth/")}
    assert len(paths) > 30
    for path, route in paths.items():
        response = await client.delete(path.replace("{token:str}", "x"))
        assert_explained(response, 405)
        assert response.json()["code"] == "METHOD_NOT_ALLOWED"
        assert response.headers["allow"], route


@on_sqlite
@pytest.mark.empty_database
async def test_a_database_that_cannot_be_used_is_explained(client: httpx.AsyncClient) -> None:
    """The call needs tables that are not there."""
    response = await client.post(
        "/api/auth/sign-in/email", json={"email": "a@b.co", "password": "x"}
    )
    assert_explained(response, 503)
    assert response.json()["code"] == "SERVICE_UNAVAILABLE"


async def test_the_identity_api_responds_without_a_database(new_sqlite: NewDatabase) -> None:
    """A health check asks for nothing else."""
    async with open_app(new_sqlite()) as client:
        assert (await client.get("/api/auth/ok")).json() == {"ok": True}


@on_sqlite
async def test_other_apis_keep_their_problem_documents(client: httpx.AsyncClient) -> None:
    """Without a code where there was none."""
    response = await client.get("/api/authors")
    assert response.status_code == 404
    assert "code" not in response.json()


async def test_accounts_are_ones_own(backend: Backend) -> None:
    """And have no hash."""
    person = await backend.make_person()
    response = await backend.client.get("/api/auth/list-accounts", headers=bearer(person))
    [account] = response.json()
    assert account["userId"] == account["accountId"] == str(person.id)
    assert account["providerId"] == "credential"
    assert set(account) == {
        *("id", "accountId", "providerId", "userId", "createdAt", "updatedAt", "scopes"),
    }
    for path, code in (
        ("refresh-token", "PROVIDER_NOT_SUPPORTED"),
        ("get-access-token", "PROVIDER_NOT_SUPPORTED"),
    ):
        refused = await backend.call(person, path, accountId=account["id"])
        assert refused.json()["code"] == code
        stranger = await backend.make_person()
        refused = await backend.call(stranger, path, accountId=account["id"])
        assert refused.json()["code"] == "ACCOUNT_NOT_FOUND"

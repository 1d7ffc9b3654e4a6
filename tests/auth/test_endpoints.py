"""The identity endpoints, in the shapes of the Better Auth protocol."""

import asyncio
import os
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import Environment, Settings, parse_database_url
from conftest import JSON, NewDatabase, Shared, open_app, open_client, seed
from journeys.commands import shared_on_sqlite

pytestmark = pytest.mark.slow

SIGN_IN, SIGN_UP = "/api/auth/sign-in/email", "/api/auth/sign-up/email"
SEEDED = {"email": "edward.papadopoulos@example.com", "password": "Password123"}
ADA = {"name": "Ada One", "email": "ada@example.net", "password": "Password123"}
USER_FIELDS = {
    "id",
    "name",
    "email",
    "emailVerified",
    "image",
    "createdAt",
    "updatedAt",
    "firstName",
    "lastName",
    "licenseNumber",
    "specialization",
    "phoneNumbers",
}
SESSION_FIELDS = {
    "id",
    "userId",
    "token",
    "expiresAt",
    "createdAt",
    "updatedAt",
    "ipAddress",
    "userAgent",
    "activeOrganizationId",
}


@pytest.fixture
def client(shared: Shared) -> httpx.AsyncClient:
    return shared.client


@pytest.fixture
async def seeded(client: httpx.AsyncClient) -> Any:
    return await seed(client, users=2, organizations=1, patients=0)


async def sign_in(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    credentials = {"email": email, "password": password}
    return await client.post("/api/auth/sign-in/email", json=credentials)


async def test_every_seeded_user_signs_in(client: httpx.AsyncClient) -> None:
    """With the password of the summary, into the organization that the summary names."""
    seeded = await seed(client)
    assert len(seeded["signIn"]["users"]) == 10
    organizations = set()
    for user in seeded["signIn"]["users"]:
        response = await sign_in(client, user["email"].upper(), seeded["signIn"]["password"])
        assert response.status_code == 200
        body = response.json()
        assert set(body) == {"redirect", "token", "user"}
        assert body["redirect"] is False
        assert set(body["user"]) == USER_FIELDS
        assert body["user"]["name"] == user["name"]
        assert body["user"]["createdAt"].endswith("Z")
        current = (await client.get("/api/auth/get-session")).json()
        assert set(current["session"]) == SESSION_FIELDS
        assert current["session"]["token"] == body["token"]
        assert current["user"] == body["user"]
        organizations.add(current["session"]["activeOrganizationId"])
    assert organizations == set(seeded["created"]["organizations"]["ids"])


async def test_no_seeded_user_signs_in_with_another_password(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """One letter decides, and the refusal is a problem document with a code."""
    for user in seeded["signIn"]["users"]:
        response = await sign_in(client, user["email"], "password123")
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "INVALID_EMAIL_OR_PASSWORD"
        assert response.json()["message"] == response.json()["detail"]
        assert "set-cookie" not in response.headers


async def test_signing_up_signs_in(client: httpx.AsyncClient, seeded: Any) -> None:
    """A new user gets a token at once, and own fields are kept."""
    own = {"firstName": "Ada", "phoneNumbers": [{"number": "+61 3 5550 0000", "category": "work"}]}
    response = await client.post("/api/auth/sign-up/email", json={**ADA, **own})
    assert response.status_code == 200
    assert set(response.json()) == {"token", "user"}
    current = (await client.get("/api/auth/get-session")).json()
    assert current["user"]["phoneNumbers"] == own["phoneNumbers"]
    assert current["user"]["firstName"] == "Ada"
    assert current["session"]["activeOrganizationId"] is None


@shared_on_sqlite
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "1234567"}, 400, "PASSWORD_TOO_SHORT"),
        ({"password": "x" * 129}, 400, "PASSWORD_TOO_LONG"),
        ({"email": "no address"}, 400, "VALIDATION_ERROR"),
        ({"email": 5}, 400, "VALIDATION_ERROR"),
        ({"name": ""}, 400, "VALIDATION_ERROR"),
    ],
)
async def test_a_sign_up_that_cannot_be_says_why(
    client: httpx.AsyncClient, seeded: Any, change: dict[str, Any], status: int, code: str
) -> None:
    """Each refusal has the code that the client knows."""
    response = await client.post("/api/auth/sign-up/email", json={**ADA, **change})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["message"]


async def test_broken_json_has_a_code_too(client: httpx.AsyncClient, seeded: Any) -> None:
    """What is not JSON is a validation error."""
    response = await client.post("/api/auth/sign-in/email", content=b"{", headers=JSON)
    assert response.status_code == 400
    assert response.json()["code"] == "VALIDATION_ERROR"


async def test_an_address_is_signed_up_once(client: httpx.AsyncClient, seeded: Any) -> None:
    """Of many at the same moment, in upper and lower case, exactly one succeeds."""
    addresses = ["ada@example.net", "ADA@example.net", "Ada@Example.net", "ada@EXAMPLE.net"]
    responses = await asyncio.gather(
        *(
            client.post("/api/auth/sign-up/email", json={**ADA, "email": address})
            for address in addresses
        )
    )
    assert sorted(response.status_code for response in responses) == [200, 422, 422, 422]
    taken = {response.json()["code"] for response in responses if response.status_code == 422}
    assert taken == {"USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"}


async def test_without_a_token_there_is_no_session(client: httpx.AsyncClient, seeded: Any) -> None:
    """Without a token, or with an invalid one, the response is null."""
    for headers in ({}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eDp5"}):
        response = await client.get("/api/auth/get-session", headers=headers)
        assert response.status_code == 200
        assert response.content == b"null"


async def test_the_token_travels_as_cookie_or_bearer_until_signing_out(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """Both ways lead to the same session, and signing out ends it for both."""
    token = (await sign_in(client, seeded["signIn"]["users"][0]["email"], "Password123")).json()[
        "token"
    ]
    bearer = {"Authorization": f"Bearer {token}"}
    by_cookie = (await client.get("/api/auth/get-session")).json()
    client.cookies.clear()
    assert (await client.get("/api/auth/get-session", headers=bearer)).json() == by_cookie
    response = await client.post("/api/auth/sign-out", headers=bearer)
    assert response.json() == {"success": True}
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert (await client.get("/api/auth/get-session", headers=bearer)).json() is None


async def test_without_tables_the_response_says_how_to_create_them(
    new_database: NewDatabase,
) -> None:
    """An empty database is not an unexpected error."""
    if new_database.backend == "postgresql" and os.environ.get("TEST_PARTITIONED"):
        pytest.skip("new databases have partitioned tables")
    async with open_app(new_database()) as client:
        response = await sign_in(client, "ada@example.net", "Password123")
    assert response.status_code == 503
    assert "just seed" in response.json()["detail"]


async def test_a_value_that_the_database_cannot_hold_is_refused(
    new_postgresql: NewDatabase,
) -> None:
    """PostgreSQL's text has no NUL: that is the caller's mistake, not ours."""
    async with open_app(new_postgresql()) as client:
        await seed(client, users=1, organizations=1, patients=0)
        headers: Any = {"User-Agent": b"a\0b"}
        response = await client.post("/api/auth/sign-up/email", json=ADA, headers=headers)
        assert response.status_code == 400
        assert "Nothing was changed" in response.json()["detail"]


LEADS_ON = [
    "/clinic",
    "/clinic?tab=1#top",
    "/search?q=foo bar",
    "/search?q=%5C&r=%2F#/%2f",
    "/pati\u00ebnten",
    "/a/../b",
    "http://127.0.0.1",
    "http://127.0.0.1/clinic",
    "HTTP://127.0.0.1:80/clinic",
    "http://localhost:5173",
    "http://localhost:5173/x",
    "http://localhost:5173?x=1",
    "http://localhost:5173#x",
    "http://LOCALHOST:5173/search?q=foo bar",
    "http://localhost:5173/%5C/x",
]
LEADS_ASTRAY = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/x\\evil.example",
    "/search?q=\\",
    "/%5C/evil.example",
    "/%5cevil.example",
    "/%2F/evil.example",
    "/x%2fevil.example",
    "/\t/evil.example",
    "/x\n",
    "/x?y\r",
    "/\x7f/evil.example",
    "/\x85/evil.example",
    "\\\\evil.example",
    " //evil.example",
    "http:evil.example",
    "http://localhost:5173.evil.example?x=1",
    "http://localhost:51730?x=1",
    "http://localhost:5173@evil.example?x=1",
    "http://evil.example?http://localhost:5173/",
    "http://evil.example\\@localhost:5173/",
    "https://localhost:5173/",
    "http://127.0.0.1:8000/",
    "http://[::1",
    "blob:http://localhost:5173/x",
    "file://localhost:5173/x",
    "https://evil.example/clinic",
    "http://127.0.0.1@evil.example/",
    "http://127.0.0.1.evil.example/",
    "http://localhost:5173.evil.example/",
    "javascript:alert(1)",
    "clinic",
]


async def test_signing_in_leads_to_pages_of_the_caller(new_sqlite: NewDatabase) -> None:
    """The client follows the URL in the response, so that is never a page of another site."""
    settings = Settings(
        environment=Environment.TEST,
        database_url=parse_database_url(new_sqlite()),
        trusted_origins=frozenset({"http://localhost:5173"}),
    )
    async with open_client(create_app(settings)) as client:
        await seed(client, users=1, organizations=1, patients=0)
        for url in LEADS_ON:
            response = await client.post(SIGN_IN, json={**SEEDED, "callbackURL": url})
            assert (response.json()["redirect"], response.json()["url"]) == (True, url)
        for url in LEADS_ASTRAY:
            for path, body in ((SIGN_IN, SEEDED), (SIGN_UP, ADA)):
                response = await client.post(path, json={**body, "callbackURL": url})
                assert (response.status_code, response.json()["code"]) == (
                    403,
                    "INVALID_CALLBACK_URL",
                )
        assert (await client.post(SIGN_IN, json=SEEDED)).json().keys() == {
            "redirect",
            "token",
            "user",
        }


@shared_on_sqlite
async def test_a_parameter_that_is_missing_is_named(client: httpx.AsyncClient, seeded: Any) -> None:
    """Where there is no body, none is blamed."""
    await client.post(SIGN_IN, json=SEEDED)
    response = await client.get("/api/auth/organization/get-invitation")
    assert (response.status_code, response.json()["code"]) == (400, "VALIDATION_ERROR")
    assert "`id`" in response.json()["detail"]
    assert "body" not in response.json()["detail"]


@shared_on_sqlite
async def test_a_header_without_a_token_leaves_the_cookie(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """As in Better Auth, and spaces around a token are not of it."""
    token = (await client.post(SIGN_IN, json=SEEDED)).headers["set-auth-token"]
    for authorization in ("Bearer", "Bearer ", f"Bearer  {token} "):
        headers = {"Authorization": authorization}
        current = await client.get("/api/auth/get-session", headers=headers)
        assert current.json()["user"]["email"] == SEEDED["email"]


@shared_on_sqlite
async def test_a_browser_forgets_a_session_that_is_over(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """A cookie that nothing stands for any more is taken away when who is calling is asked."""
    await client.post(SIGN_IN, json=SEEDED)
    await seed(client, users=1, organizations=1, patients=0)
    assert client.cookies
    assert (await client.get("/api/auth/get-session")).json() is None
    assert not client.cookies


WRONG_TOKENS = {
    "with a dot": "invalid.token",
    "without a dot": "no-such-token",
    "with many dots": "a.b.c",
    "percent-encoded": "%00%2E",
    "several words": "no such token",
    "too short": "x" * 42,
    "too long": "x" * 44,
}


@shared_on_sqlite
@pytest.mark.parametrize("token", WRONG_TOKENS.values(), ids=WRONG_TOKENS)
async def test_a_wrong_token_in_a_header_leaves_the_cookie(
    client: httpx.AsyncClient, seeded: Any, token: str
) -> None:
    """The session of the cookie counts in every call, and signing out ends that one."""
    await client.post(SIGN_IN, json=SEEDED)
    headers = {"Authorization": f"Bearer {token}"}
    current = await client.get("/api/auth/get-session", headers=headers)
    assert current.json()["user"]["email"] == SEEDED["email"]
    for path in ("/api/auth/list-sessions", "/api/auth/organization/list", "/api/patients"):
        assert (await client.get(path, headers=headers)).status_code == 200
    passwords = {"currentPassword": SEEDED["password"], "newPassword": SEEDED["password"]}
    change = await client.post("/api/auth/change-password", json=passwords, headers=headers)
    assert change.status_code == 200
    cookies = httpx.Cookies(client.cookies)
    await client.post("/api/auth/sign-out", headers=headers)
    assert not client.cookies
    client.cookies = cookies
    assert (await client.get("/api/auth/get-session")).json() is None


@shared_on_sqlite
async def test_a_token_in_a_header_counts_before_the_cookie(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """And signing out by it leaves the session of the cookie."""
    token = (await client.post(SIGN_UP, json=ADA)).json()["token"]
    await client.post(SIGN_IN, json=SEEDED)
    cookies = httpx.Cookies(client.cookies)
    headers = {"Authorization": f"Bearer {token}"}
    current = await client.get("/api/auth/get-session", headers=headers)
    assert current.json()["user"]["email"] == ADA["email"]
    await client.post("/api/auth/sign-out", headers=headers)
    client.cookies = cookies
    assert (await client.get("/api/auth/get-session")).json()["user"]["email"] == SEEDED["email"]


@shared_on_sqlite
async def test_a_token_of_an_ended_session_signs_nobody_in(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """The cookie can be another user's, for whom the call is not meant. It stays."""
    token = (await client.post(SIGN_UP, json=ADA)).json()["token"]
    await client.post("/api/auth/sign-out")
    await client.post(SIGN_IN, json=SEEDED)
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/api/auth/get-session", headers=headers)).json() is None
    assert (await client.get("/api/patients", headers=headers)).status_code == 401
    assert (await client.get("/api/auth/get-session")).json()["user"]["email"] == SEEDED["email"]


@shared_on_sqlite
async def test_a_wrong_token_and_a_wrong_cookie_sign_nobody_in(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """The cookie is deleted."""
    client.cookies.set("better-auth.session_token", "no-such-token")
    headers = {"Authorization": "Bearer invalid.token"}
    response = await client.get("/api/auth/get-session", headers=headers)
    assert response.json() is None
    assert "Max-Age=0" in response.headers["set-cookie"]
    refused = await client.get("/api/auth/list-sessions", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHORIZED")

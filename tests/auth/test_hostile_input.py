"""What a caller who means harm or has a bug may send: it is refused, and nothing fails."""

from typing import Any

import httpx
import pytest

from auth.conftest import Work
from conftest import JSON, seed
from journeys.commands import on_sqlite

ADA = {"name": "Ada One", "email": "ada@example.net", "password": "Password123"}
EMAIL = "edward.papadopoulos@example.com"
SIGN_IN, SIGN_UP = "/api/auth/sign-in/email", "/api/auth/sign-up/email"


@pytest.fixture
async def seeded(client: httpx.AsyncClient) -> Any:
    return await seed(client, users=1, organizations=1, patients=0)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (SIGN_IN, {"email": "a\0da@example.net"}),
        (SIGN_IN, {"password": "Pass\0word"}),
        (SIGN_IN, {"callbackURL": "\0"}),
        (SIGN_UP, {"name": "A\0da"}),
        (SIGN_UP, {"password": "Pass\0word123"}),
        (SIGN_UP, {"image": "\\\0"}),
        (SIGN_UP, {"specialization": ["Sports", "\0"]}),
        (SIGN_UP, {"phoneNumbers": [{"number": "\0", "category": "work"}]}),
    ],
)
async def test_a_nul_is_refused(
    client: httpx.AsyncClient, path: str, fields: dict[str, Any]
) -> None:
    """In any field and on either database, though only one of them could not hold it."""
    known = ADA if path == SIGN_UP else {"email": EMAIL, "password": "Password123"}
    response = await client.post(path, json={**known, **fields})
    assert response.status_code == 400
    assert response.json()["code"] == "VALIDATION_ERROR"
    assert "NUL" in response.json()["detail"]


async def test_a_nul_in_a_slug_is_refused(client: httpx.AsyncClient, seeded: Any) -> None:
    """Of an address as of a body, and on either database alike."""
    signed_in = await client.post(SIGN_IN, json={"email": EMAIL, "password": "Password123"})
    token = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    for name in ("get-organization", "get-full-organization", "list-members"):
        path = f"/api/auth/organization/{name}?organizationSlug=a%00b"
        response = await client.get(path, headers=token)
        assert (response.status_code, response.json()["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("role", [[], ["member", "admin"], "", "Owner"])
@on_sqlite
async def test_what_is_no_role_is_refused(
    client: httpx.AsyncClient, seeded: Any, role: str | list[str]
) -> None:
    """There is one for each member; the protocol allows a list of them."""
    signed_in = await client.post(SIGN_IN, json={"email": EMAIL, "password": "Password123"})
    token = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    asked = {"email": "ada@example.net", "role": role}
    response = await client.post("/api/auth/organization/invite-member", json=asked, headers=token)
    assert (response.status_code, response.json()["code"]) == (400, "ROLE_NOT_FOUND")


@on_sqlite
async def test_what_only_looks_like_a_nul_is_kept(client: httpx.AsyncClient, seeded: Any) -> None:
    """A backslash, a u and four zeros are six characters like any others."""
    response = await client.post(SIGN_UP, json={**ADA, "name": r"\u0000"})
    assert response.status_code == 200
    assert response.json()["user"]["name"] == r"\u0000"


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_UP])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"email":"a@example.net","password":"\\ud800"}',
        b'{"email":"a\\udfff@example.net","password":"Password123"}',
        b'{"email":"a@example.net","password":"\xed\xa0\x80"}',
        b'{"email":"a@example.net","password":"\xff\xfe"}',
        b'{"email":"a@example.net","password":1e999}',
        b"\xef\xbb\xbf{}",
        b"[" * 60_000,
        b'{"email":"a@example.net","password":"Password123","x":%s}' % (b"[" * 600 + b"]" * 600),
        b'{"email":' * 5_000,
    ],
    ids=lambda body: repr(body[:60]) if isinstance(body, bytes) else body,
)
@on_sqlite
async def test_a_body_that_is_no_request_is_refused(
    client: httpx.AsyncClient, path: str, body: bytes
) -> None:
    """Half characters, bytes that are no text, endless nesting: each is the caller's mistake."""
    response = await client.post(path, content=body, headers=JSON)
    assert response.status_code == 400
    assert response.json()["code"] == "VALIDATION_ERROR"
    assert len(response.json()["detail"]) > len("Nothing was changed. Please correct .")


@pytest.mark.parametrize(
    "email",
    [
        "no address",
        "a@example.net\n",
        "a\u0001@example.net",
        "a@example.net\u009f",
        "\ufeffa@example.net",
        "a@" + "x" * 250 + ".example",
    ],
)
@on_sqlite
async def test_what_is_no_address_is_refused(client: httpx.AsyncClient, email: str) -> None:
    """Signing in has its own code for it in the protocol; signing up does not."""
    for path, code in ((SIGN_IN, "INVALID_EMAIL"), (SIGN_UP, "VALIDATION_ERROR")):
        response = await client.post(path, json={**ADA, "email": email})
        assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
@on_sqlite
async def test_a_password_that_nobody_can_have_costs_nothing(
    client: httpx.AsyncClient, seeded: Any, work: Work, email: str
) -> None:
    """Over 128 characters are neither hashed nor looked up, whether the account exists or not."""
    for length in (129, 4_097, 60_000):
        response = await client.post(SIGN_IN, json={"email": email, "password": "x" * length})
        assert response.status_code == 400
        assert response.json()["code"] == "PASSWORD_TOO_LONG"
    assert (work.verified, work.hashed) == ([], [])
    # Each call checks first whether the data set or its snapshots have changed.
    [history] = set(work.statements)
    assert history.endswith("ELSE ? END ORDER BY main.seedbed_snapshot_history.id")


@on_sqlite
async def test_a_password_of_128_characters_signs_in(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """The longest allowed, in characters of four bytes each."""
    longest = {"email": ADA["email"], "password": "\N{KEY}" * 128}
    assert (await client.post(SIGN_UP, json={**ADA, **longest})).status_code == 200
    assert (await client.post(SIGN_IN, json=longest)).status_code == 200


@on_sqlite
async def test_a_field_that_is_not_known_is_passed_over(
    client: httpx.AsyncClient, seeded: Any
) -> None:
    """As in Better Auth, and nobody sets what is not theirs to set."""
    number = {"number": "(03) 5550 0000", "category": "work"}
    phones = [{**number, "extension": "12\0"}]
    body = {**ADA, "phoneNumbers": phones, "emailVerified": True, "id": 1, "\0": {}}
    user = (await client.post(SIGN_UP, json=body)).json()["user"]
    assert user["phoneNumbers"] == [number]
    assert user["emailVerified"] is False


STRANGE_TOKENS: list[dict[str, bytes]] = [
    {"Authorization": b"Bearer"},
    {"Authorization": b"Bearer "},
    {"Authorization": b"Bearer a b"},
    {"Authorization": b"Bearer \x00"},
    {"Authorization": b"Bearer \xff\xfe\xe9"},
    {"Authorization": b"Bearer " + b"x" * 100_000},
    {"Authorization": b"\xf0\x9f\x94\x91"},
    {"Cookie": b"better-auth.session_token"},
    {"Cookie": b"better-auth.session_token=%ED%A0%80%00"},
    {"Cookie": b"better-auth.session_token=\xff\xfe"},
    {"Cookie": b'better-auth.session_token="\\355\\240\\200\\777'},
    {"Cookie": b";;=;=x;" * 1_000},
    {"Cookie": b"better-auth.session_token=" + b"x" * 100_000},
]


async def test_a_malformed_token_signs_nobody_in(client: httpx.AsyncClient, seeded: Any) -> None:
    """With any headers, nobody is signed in and signing out succeeds."""
    for strange in STRANGE_TOKENS:
        headers: Any = strange
        current = await client.get("/api/auth/get-session", headers=headers)
        assert (current.status_code, current.content) == (200, b"null"), strange
        signed_out = await client.post("/api/auth/sign-out", headers=headers)
        assert signed_out.status_code == 200, strange

"""Where tokens and passwords are sent and stored, and where they never appear."""

import logging
from typing import Any

import httpx
import pytest

from app.seed.constants import PASSWORD
from app.settings import Environment
from conftest import open_app, seed
from journeys.commands import on_sqlite
from snapshots import snapshot

pytestmark = pytest.mark.slow

ADA = {"name": "Ada One", "email": "ada@example.net", "password": PASSWORD}
COOKIE = "better-auth.session_token"
WEEK = "604800"


async def test_no_column_holds_a_token_or_a_password(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Nobody who reads the whole database can sign in with what is in it."""
    summary = await seed(client, users=1, organizations=1, patients=0)
    email = summary["signIn"]["users"][0]["email"]
    signed_in = await client.post(
        "/api/auth/sign-in/email", json={"email": email, "password": PASSWORD}
    )
    signed_up = await client.post("/api/auth/sign-up/email", json=ADA)
    stored = repr(snapshot(database_url))
    assert ADA["email"] in stored
    for secret in (signed_in.json()["token"], signed_up.json()["token"], PASSWORD):
        assert secret not in stored


def attributes(response: httpx.Response) -> tuple[str, dict[str, str]]:
    """Return the value of the one cookie, and its attributes."""
    [cookie] = response.headers.get_list("set-cookie")
    pair, *rest = cookie.split("; ")
    name, _, value = pair.partition("=")
    assert name == COOKIE
    return value, {key: value for key, _, value in (each.partition("=") for each in rest)}


@on_sqlite
@pytest.mark.parametrize(
    ("environment", "secure"),
    [
        (Environment.DEVELOPMENT, False),
        (Environment.TEST, False),
        (Environment.PRODUCTION, True),
    ],
)
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    client: httpx.AsyncClient, database_url: str, environment: Environment, *, secure: bool
) -> None:
    """Signing up and in set it for a week or for the browser's life; signing out takes it away.

    With the same attributes each time, or the browser would keep it; Secure in production alone.
    """
    await seed(client, users=1, organizations=1, patients=0)
    same = {"HttpOnly": "", "Path": "/", "SameSite": "lax"} | ({"Secure": ""} if secure else {})
    credentials = {"email": ADA["email"], "password": ADA["password"]}
    async with open_app(database_url, environment) as browser:
        for path, body, age in (
            ("sign-up/email", ADA, {"Max-Age": WEEK}),
            ("sign-in/email", credentials, {"Max-Age": WEEK}),
            ("sign-in/email", {**credentials, "rememberMe": True}, {"Max-Age": WEEK}),
            ("sign-in/email", {**credentials, "rememberMe": False}, {}),
        ):
            response = await browser.post(f"/api/auth/{path}", json=body)
            assert attributes(response) == (response.json()["token"], same | age), path
        gone = attributes(await browser.post("/api/auth/sign-out"))
        assert gone == ('""', same | {"Max-Age": "0"})


@on_sqlite
@pytest.mark.empty_database
async def test_no_error_repeats_a_secret(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the response nor the log has the token or the password of the request."""
    caplog.set_level(logging.DEBUG)
    secret = "do-not-repeat-me-0123456789-abcdefghijk-lmn"
    wrong: list[dict[str, Any]] = [
        {"email": "no address", "password": secret},
        {"email": "ada@example.net", "password": [secret]},
        {"email": "ada@example.net", "password": secret, "rememberMe": secret},
        {"email": "ada@example.net", "password": secret + "\0"},
        {"email": "ada@example.net", "password": secret},  # fails, because there are no tables
        {"email": "ada@example.net", "password": secret * 10},
    ]
    for headers in ({"Authorization": f"Bearer {secret}"}, {"Cookie": f"{COOKIE}={secret}"}):
        responses = [
            await client.get("/api/auth/get-session", headers=headers),
            await client.post("/api/auth/sign-out", headers=headers),
            await client.get("/api/auth/nowhere", headers=headers),
        ]
        responses += [
            await client.post(f"/api/auth/{path}", json=body, headers=headers)
            for path in ("sign-in/email", "sign-up/email")
            for body in wrong
        ]
        assert {response.status_code for response in responses} == {400, 404, 503}
        for response in responses:
            assert secret not in response.text + str(response.headers), response.request.url
    assert secret not in caplog.text

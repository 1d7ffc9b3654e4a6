"""How often a client may try, and what it costs to try more often."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from litestar import Litestar

from app.auth.attempts import (
    FAILURES_PER_ACCOUNT,
    FAILURES_PER_ADDRESS,
    FAILURES_PER_ADDRESS_AND_ACCOUNT,
    MINUTES,
    SIGN_UPS_PER_ADDRESS,
    SIGN_UPS_PER_EMAIL,
    Attempts,
    counted_address,
)
from app.auth.errors import InvalidEmailOrPassword, TooManyRequests
from app.seed.constants import PASSWORD
from auth.conftest import Work
from conftest import NewDatabase, open_app, seed
from journeys.commands import on_sqlite

pytestmark = pytest.mark.slow

EMAIL = "edward.papadopoulos@example.com"
HOME, AWAY = "192.0.2.1", "198.51.100.7"


@pytest.fixture
async def seeded(client: httpx.AsyncClient) -> Any:
    return await seed(client, users=3, organizations=1, patients=0)


@pytest.fixture
def attempts() -> Attempts:
    return Attempts()


async def sign_in(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    credentials = {"email": email, "password": password}
    return await client.post("/api/auth/sign-in/email", json=credentials)


def calling_from(app: Litestar, host: str) -> httpx.AsyncClient:
    asgi: Any = app
    transport = httpx.ASGITransport(asgi, client=(host, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def fail(attempts: Attempts, email: str, host: str) -> None:
    with pytest.raises(InvalidEmailOrPassword):
        async with attempts.sign_in(email, host):
            raise InvalidEmailOrPassword


async def succeed(attempts: Attempts, email: str, host: str) -> None:
    async with attempts.sign_in(email, host):
        pass


async def be_refused(attempts: Attempts, email: str, host: str) -> int:
    """Try, be refused, and give the seconds to wait."""
    with pytest.raises(TooManyRequests) as refusal:
        await succeed(attempts, email, host)
    return int(refusal.value.headers["Retry-After"])


def go_on(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    """Let the clock go on."""
    moment = time.time() + 60 * minutes
    monkeypatch.setattr(time, "time", lambda: moment)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
async def test_of_fifty_concurrent_guesses_ten_are_checked(
    client: httpx.AsyncClient, seeded: Any, email: str
) -> None:
    """None slips through between counting and verifying, and whether the account exists is kept."""
    guesses = [sign_in(client, email, f"Password{number}") for number in range(200, 250)]
    responses = [response.status_code for response in await asyncio.gather(*guesses)]
    assert responses.count(401) == FAILURES_PER_ADDRESS_AND_ACCOUNT == 10
    assert responses.count(429) == 40


@on_sqlite
async def test_a_refusal_says_when_to_try_again(client: httpx.AsyncClient, seeded: Any) -> None:
    """In words, in the header that everybody reads, and in the one that Better Auth reads."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await sign_in(client, EMAIL.upper(), "wrong")
    response = await sign_in(client, EMAIL, "Password123")
    assert response.status_code == 429
    assert response.headers["content-type"] == "application/problem+json"
    seconds = response.headers["Retry-After"]
    assert response.headers["X-Retry-After"] == seconds
    assert 60 * MINUTES - 60 < int(seconds) <= 60 * MINUTES
    problem = response.json()
    assert problem["code"] == "TOO_MANY_REQUESTS"
    assert problem["message"] == problem["detail"]
    assert f"in {seconds} seconds" in problem["detail"]


@on_sqlite
async def test_a_refused_attempt_costs_nothing(
    client: httpx.AsyncClient, seeded: Any, work: Work
) -> None:
    """It verifies no password, and reads nothing but which data set and snapshots there are."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await sign_in(client, EMAIL, "wrong")
    assert len(work.verified) == FAILURES_PER_ADDRESS_AND_ACCOUNT
    statements = len(work.statements)
    assert (await sign_in(client, EMAIL, "Password123")).status_code == 429
    assert len(work.verified) == FAILURES_PER_ADDRESS_AND_ACCOUNT
    [history] = work.statements[statements:]
    assert "seedbed_snapshot_history" in history


async def test_right_passwords_use_nothing_up(attempts: Attempts) -> None:
    """Neither hundreds in sequence nor many concurrent ones, with one failure left."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT - 1):
        await fail(attempts, EMAIL, HOME)
    for _ in range(200):
        await succeed(attempts, EMAIL, HOME)
    await asyncio.gather(*(succeed(attempts, EMAIL, HOME) for _ in range(40)))
    await fail(attempts, EMAIL, HOME)
    await be_refused(attempts, EMAIL, HOME)


@on_sqlite
@pytest.mark.empty_database
async def test_a_database_that_fails_is_no_guess(client: httpx.AsyncClient) -> None:
    """A client that polls until there are tables is not locked out."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT + 1):
        assert (await sign_in(client, EMAIL, "Password123")).status_code == 503


@on_sqlite
async def test_guessing_from_one_address_does_not_bind_another(
    client: httpx.AsyncClient, seeded: Any, app: Litestar
) -> None:
    """The owner signs in at home while somebody guesses elsewhere."""
    async with calling_from(app, AWAY) as elsewhere, calling_from(app, HOME) as home:
        for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
            await sign_in(elsewhere, EMAIL, "wrong")
        assert (await sign_in(elsewhere, EMAIL, "Password123")).status_code == 429
        assert (await sign_in(home, EMAIL, "Password123")).status_code == 200


@on_sqlite
async def test_applications_count_apart(
    client: httpx.AsyncClient, seeded: Any, database_url: str
) -> None:
    """The counts belong to the application, not to the module."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT + 1):
        response = await sign_in(client, EMAIL, "wrong")
    assert response.status_code == 429
    async with open_app(database_url) as other:
        assert (await sign_in(other, EMAIL, "wrong")).status_code == 401


async def test_an_account_is_guessed_at_from_few_addresses(attempts: Attempts) -> None:
    """From many addresses at once there are more guesses, but not ten from each."""
    addresses = [f"203.0.113.{number}" for number in range(20)]
    for number in range(FAILURES_PER_ACCOUNT):
        await fail(attempts, EMAIL, addresses[number % 20])
    assert await be_refused(attempts, EMAIL, AWAY)
    await fail(attempts, "another@example.com", AWAY)


async def test_the_owner_is_not_kept_out(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the account was signed in to within a week, only the guesses made there count."""
    await succeed(attempts, EMAIL, HOME)
    go_on(monkeypatch, 6 * 24 * 60)
    await succeed(attempts, EMAIL, HOME)
    go_on(monkeypatch, 6 * 24 * 60)
    for number in range(FAILURES_PER_ACCOUNT):
        await fail(attempts, EMAIL, f"203.0.113.{number}")
    await be_refused(attempts, EMAIL, AWAY)
    await succeed(attempts, EMAIL, HOME)
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await fail(attempts, EMAIL, HOME)
    await be_refused(attempts, EMAIL, HOME)


async def test_an_address_guesses_at_few_accounts(attempts: Attempts) -> None:
    """The same password tried on account after account comes to an end, for that address alone."""
    for number in range(FAILURES_PER_ADDRESS):
        await fail(attempts, f"user{number}@example.com", AWAY)
    await be_refused(attempts, EMAIL, AWAY)
    await succeed(attempts, EMAIL, HOME)


async def test_being_refused_at_one_account_leaves_the_others(attempts: Attempts) -> None:
    """Further attempts that are refused count for no other limit."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await fail(attempts, EMAIL, AWAY)
    for _ in range(FAILURES_PER_ADDRESS + FAILURES_PER_ACCOUNT):
        await be_refused(attempts, EMAIL, AWAY)
    await fail(attempts, "another@example.com", AWAY)
    await succeed(attempts, EMAIL, HOME)


async def test_the_window_ends_even_while_attempts_continue(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five minutes after the first failure there are ten more; a refusal extends nothing."""
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await fail(attempts, EMAIL, AWAY)
    go_on(monkeypatch, MINUTES - 1)
    for _ in range(FAILURES_PER_ADDRESS):
        assert 50 <= await be_refused(attempts, EMAIL, AWAY) <= 60
    go_on(monkeypatch, 1.01)
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await fail(attempts, EMAIL, AWAY)
    await be_refused(attempts, EMAIL, AWAY)


async def test_nothing_is_kept_for_ever(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has ended is forgotten with the next attempt, one that ended while it ran included."""
    for number in range(1000):
        await fail(attempts, f"user{number}@example.com", f"10.0.{number // 100}.1")
    async with attempts.sign_in(EMAIL, HOME):
        go_on(monkeypatch, MINUTES + 1)
    await fail(attempts, EMAIL, AWAY)
    await asyncio.sleep(0)  # the sweep is its own task
    counts = attempts.memory.storage
    kept = {*counts.storage, *counts.expirations, *counts.locks}
    # The three counts of the last attempt, and the address that is known.
    assert len(kept) == 4, kept
    assert not attempts.turns


async def test_who_sleeps_through_a_window_gives_nothing_back(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A success whose window has ended takes no failure from the next one."""
    async with attempts.sign_in(EMAIL, HOME):
        go_on(monkeypatch, MINUTES + 1)
    for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
        await fail(attempts, EMAIL, HOME)
    await be_refused(attempts, EMAIL, HOME)


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("2001:DB8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::1", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("a-name", "a-name"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_client_is_counted_by_its_network(host: str | None, counted: str) -> None:
    """It owns all addresses of its /64; an IPv4 address in IPv6's clothes is that one address."""
    assert counted_address(host) == counted


async def test_an_address_signs_up_so_often(
    attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every sign-up counts, and five minutes later there are as many again."""
    for number in range(SIGN_UPS_PER_ADDRESS):
        await attempts.sign_up(f"user{number}@example.com", AWAY)
    with pytest.raises(TooManyRequests):
        await attempts.sign_up(EMAIL, AWAY)
    await attempts.sign_up(EMAIL, HOME)
    go_on(monkeypatch, MINUTES + 0.1)
    await attempts.sign_up(EMAIL, AWAY)


@on_sqlite
async def test_an_email_signs_up_so_often(
    client: httpx.AsyncClient, seeded: Any, work: Work
) -> None:
    """In any case of its letters; the limit refuses before any hashing or transaction."""
    statuses = []
    for number in range(SIGN_UPS_PER_EMAIL + 1):
        email = ("ada@example.net", "ADA@example.net")[number % 2]
        body = {"name": "Ada", "email": email, "password": "Password123"}
        response = await client.post("/api/auth/sign-up/email", json=body)
        statuses.append(response.status_code)
    assert statuses == [200] + [422] * (SIGN_UPS_PER_EMAIL - 1) + [429]
    # Each attempt checks first whether the data set has changed.
    assert work.transactions == 2 * SIGN_UPS_PER_EMAIL + 1
    assert len(work.hashed) == SIGN_UPS_PER_EMAIL
    assert response.json()["code"] == "TOO_MANY_REQUESTS"
    assert response.headers["X-Retry-After"] == response.headers["Retry-After"]


@pytest.mark.parametrize("path", ["/api/auth/sign-in/email", "/api/auth/sign-up/email"])
async def test_the_refusal_is_documented(new_sqlite: NewDatabase, path: str) -> None:
    """Both operations show a problem document of this status that says when to try again."""
    async with open_app(new_sqlite()) as client:
        document = (await client.get("/schema/openapi.json")).json()
    response = document["paths"][path]["post"]["responses"]["429"]
    [example] = response["content"]["application/problem+json"]["examples"].values()
    assert example["value"]["status"] == 429
    assert "Try again in" in example["value"]["detail"]


@on_sqlite
async def test_a_seed_clears_the_limits_in_every_process(database_url: str) -> None:
    """Also in those that did not seed; a dry run and a seed that fails clear nothing."""
    async with (
        open_app(database_url) as client,
        open_app(database_url) as other,
    ):
        summary = await seed(client, users=1, organizations=1, patients=0)
        email = summary["signIn"]["users"][0]["email"]
        for mode in ("delete", "drop"):
            for each in (client, other):
                for _ in range(FAILURES_PER_ADDRESS_AND_ACCOUNT):
                    assert (await sign_in_as(each, email, "wrong password")).status_code == 401
                assert (await sign_in_as(each, email, PASSWORD)).status_code == 429
            await seed(client, "?dryRun=true", users=1, organizations=1, patients=0)
            assert (await client.post("/api/db/seed?reset=no")).status_code == 400
            for each in (client, other):
                assert (await sign_in_as(each, email, PASSWORD)).status_code == 429
            await seed(client, f"?reset={mode}", users=1, organizations=1, patients=0)
            for each in (other, client):
                assert (await sign_in_as(each, email, PASSWORD)).status_code == 200


async def sign_in_as(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    credentials = {"email": email, "password": password}
    return await client.post("/api/auth/sign-in/email", json=credentials)

"""The body of a request has a limit, with any Content-Length."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.web.bodies import MAX_BODY_BYTES
from conftest import JSON, seed
from journeys.commands import on_sqlite

pytestmark = on_sqlite

SEED = "/api/db/seed?dryRun=true"
SIGN_IN = "/api/auth/sign-in/email"


async def chunks(size: int) -> AsyncIterator[bytes]:
    """Return spaces, which JSON ignores, without saying in advance how many."""
    for _ in range(size // 1024):
        yield b" " * 1024
    yield b" " * (size % 1024)


async def test_the_largest_body_is_taken(client: httpx.AsyncClient) -> None:
    """A body of 64 KiB is read to its end, with and without a length."""
    for content in (b"{".ljust(MAX_BODY_BYTES), chunks(MAX_BODY_BYTES)):
        response = await client.post(SEED, content=content, headers=JSON)
        assert response.status_code == 400
        assert "is not valid JSON" in response.json()["detail"]


@pytest.mark.parametrize("path", [SEED, SIGN_IN, "/api/auth/sign-up/email", "/api/auth/sign-out"])
async def test_a_larger_body_is_refused(client: httpx.AsyncClient, path: str) -> None:
    """One byte more returns 413 and names the limit, and the connection ends."""
    for content in (b" " * (MAX_BODY_BYTES + 1), chunks(MAX_BODY_BYTES + 1)):
        response = await client.post(path, content=content)
        assert response.status_code == response.json()["status"] == 413
        assert response.headers["content-type"] == "application/problem+json"
        assert "65,536 bytes" in response.json()["detail"]
        assert response.headers["connection"] == "close"


async def test_the_refusal_has_a_code_for_the_identity_client(client: httpx.AsyncClient) -> None:
    """Better Auth's client finds `code` and `message` in it as in every other."""
    response = await client.post(SIGN_IN, content=b" " * (MAX_BODY_BYTES + 1))
    assert response.json()["code"] == "PAYLOAD_TOO_LARGE"
    assert response.json()["message"] == response.json()["detail"]


async def test_a_small_refused_body_keeps_the_connection(client: httpx.AsyncClient) -> None:
    """An ordinary refusal costs nobody a new connection."""
    await seed(client, users=1, organizations=1, patients=0)
    response = await client.post(SIGN_IN, content=b"{", headers=JSON)
    assert response.status_code == 400
    assert "connection" not in response.headers

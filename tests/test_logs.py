"""The fields of a line of the log, and the request id that it shares with the response."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar
from litestar.types import Receive, Scope, Send

from app.logs import RequestLog, describe_exception
from app.seed.unit_of_work import exclusive_transaction
from conftest import JSON
from journeys.commands import development, on_sqlite, run

SECRET = "Key (email)=(ada@example.net)"  # what PostgreSQL says of a duplicate
# A library's line and one of the server, both with an exception, and one that repeats it.
FOREIGN = f"""
import logging
from app.logs import configure_logging
configure_logging()
try:
    raise ValueError({SECRET!r})
except ValueError as error:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application\\n")
    logging.getLogger("asyncio").error("Task failed\\nfuture: %r", error)
"""


def fail(cause: Exception | None = None) -> None:
    raise RuntimeError(SECRET) from cause


def caught(cause: Exception | None = None) -> Exception:
    try:
        fail(cause)
    except RuntimeError as error:
        return error
    raise AssertionError


def described(error: BaseException) -> list[str]:
    return describe_exception((type(error), error, error.__traceback__)).splitlines()


def test_an_exception_is_logged_as_types_and_frames() -> None:
    """Each exception of the chain is there, with where it passed, and without its message."""
    group = ExceptionGroup(SECRET, [KeyError(SECRET), caught(OSError(SECRET))])
    lines = described(caught(group))
    types = [line for line in lines if not line.startswith(" ")]
    assert types.count("builtins.RuntimeError") == 2
    assert {"builtins.ExceptionGroup", "builtins.KeyError", "builtins.OSError"} <= set(types)
    assert lines[2].startswith(f"  {Path(__file__)}:")
    assert lines[2].endswith(" fail")
    assert "example" not in "".join(lines)


def test_an_exception_that_caused_itself_is_logged_once() -> None:
    """A chain that bites its tail has an end."""
    error = caught()
    error.__cause__ = ExceptionGroup(SECRET, [error])
    assert described(error).count("builtins.RuntimeError") == 1


def test_lines_of_others_have_the_same_form() -> None:
    """What the server and libraries report is JSON too, and holds no message of an exception."""
    done = run(sys.executable, "-c", FOREIGN, variables=development(""))
    assert (done.returncode, done.stdout) == (0, "")
    server, library = map(json.loads, done.stderr.splitlines())
    assert server["event"] == "Exception in ASGI application"
    assert server["exception"].startswith("builtins.ValueError\n")
    assert (library["event"], library["level"]) == ("Task failed", "error")
    assert "example" not in done.stderr


@pytest.mark.parametrize(("begins", "status"), [(True, 200), (False, 500)])
async def test_an_application_that_fails_ends_its_request(
    caplog: pytest.LogCaptureFixture, *, begins: bool, status: int
) -> None:
    """What the application lets through is left to the server, and the request has its line."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        if begins:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ConnectionError

    caplog.set_level("INFO", "app")
    transport = httpx.ASGITransport(cast("Any", RequestLog(app)))
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(ConnectionError):
            await client.get("http://127.0.0.1/path?query")
    [line] = [cast("Any", record.msg) for record in caplog.records if record.name == "app.logs"]
    assert (line["event"], line["path"], line["status"]) == ("request", "/path", status)


@on_sqlite
@pytest.mark.parametrize("given", ["abcd-123", "A_z" * 21, "0" * 64])
async def test_the_id_of_a_request_is_taken_over(client: httpx.AsyncClient, given: str) -> None:
    """A proxy that calls for others may name the request."""
    response = await client.get("/api/nothing", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == response.json()["requestId"] == given


@on_sqlite
@pytest.mark.parametrize("given", ["short", "x" * 65, 'quo"ted-id', "two words", "Ädäääääää", ""])
async def test_an_id_that_is_none_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    """Only letters, digits, `_` and `-`, 8 to 64 of them, come back or reach the log."""
    response = await client.get("/api/nothing", headers=[(b"X-Request-ID", given.encode())])
    assert len(response.headers["x-request-id"]) == 32
    assert response.json()["requestId"] == response.headers["x-request-id"]


@on_sqlite
async def test_each_request_has_its_own_id(client: httpx.AsyncClient) -> None:
    """Requests that name none get different ids."""
    responses = [await client.get("/schema/openapi.json") for _ in range(3)]
    assert len({response.headers["x-request-id"] for response in responses}) == 3


@on_sqlite
async def test_every_refusal_names_its_request(client: httpx.AsyncClient) -> None:
    """A user who reports an error can say which: the id is in the document and in the header."""
    for response in (
        await client.get("/nothing"),
        await client.get("/api/db/seed"),
        await client.post("/api/db/seed", content=b"{", headers=JSON),
        await client.post("/api/db/seed", content=b"{"),
        await client.post("/api/auth/sign-in/email", json={"email": 5}),
        await client.get("/api/auth/list-sessions"),
    ):
        assert response.is_error
        assert response.json()["requestId"] == response.headers["x-request-id"]


@on_sqlite
async def test_a_stream_that_fails_names_its_request(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """The problem that ends a stream has the id from the beginning of the response."""
    async with exclusive_transaction(app.state.engine):
        response = await client.post("/api/db/seed", headers={"Accept": "application/x-ndjson"})
    problem = json.loads(response.text.splitlines()[-1])["problem"]
    assert problem["requestId"] == response.headers["x-request-id"]

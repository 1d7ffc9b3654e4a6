"""Call the API of this process or of a running server, and explain on the terminal why it fails."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NoReturn
from urllib.parse import quote

import httpx
import msgspec

from app.cli.server_connection import CannotCall, Server
from app.cli.terminal import fail
from app.errors import Reason
from app.loading import loading


class NotSeedbed(Exception):
    """The response is not from Seedbed."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.response = response


def server_at(url: str | None, *, all_routes: bool = False) -> AbstractContextManager[str]:
    """Return the URL, or serve from this process: all routes, or those under `/api/db` alone."""
    if url is not None:
        return nullcontext(url)
    with loading():
        from app.cli.in_process import serving_here  # noqa: PLC0415 - an application

    return serving_here(all_routes=all_routes)


@contextmanager
def calling(base_url: str) -> Iterator[httpx.Client]:
    """Open a client. Raise `CannotCall` if there is no Seedbed server at this URL."""
    server = Server(base_url)
    with server.connect() as client:
        try:
            yield client
        except NotSeedbed as error:
            raise CannotCall(server.explain_response(error.response)) from None
        except httpx.RequestError as error:
            raise CannotCall(server.explain(error)) from None


def call(url: str | None, method: str, path: str, *, body: Any = None, **parameters: Any) -> Any:
    """Return the JSON of a successful response, or None if it has none.

    Anything else ends the command with what went wrong.
    """
    try:
        with server_at(url) as base_url, calling(base_url) as client:
            response = client.request(method, path, json=body, params=parameters)
            if not response.is_success:
                refuse_response(response)
            return content_of(response)
    except CannotCall as error:
        fail(str(error))


def snapshot_path(name: str) -> str:
    """Return the path of a snapshot; a name that none can have is refused as a whole."""
    return f"/api/db/snapshots/{quote(name, safe='')}"


def content_of(response: httpx.Response) -> Any:
    """Return the JSON of a response, or None if it has none. Raise `NotSeedbed`."""
    if not response.content:
        return None
    try:
        return msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        raise NotSeedbed(response) from None


def refuse_response(response: httpx.Response) -> NoReturn:
    """End the command with the problem that a response describes."""
    fail(explain(problem_of(response)))


def problem_of(response: httpx.Response) -> dict[str, Any]:
    """Return the problem document of a response. Raise `NotSeedbed` if it has none."""
    if media_type(response) != "application/problem+json":
        raise NotSeedbed(response)
    try:
        problem = msgspec.json.decode(response.content, type=dict[str, Any])
        explain(problem)
    except (msgspec.MsgspecError, LookupError):
        raise NotSeedbed(response) from None
    return problem


def media_type(response: httpx.Response) -> str:
    found: str = response.headers.get("Content-Type", "")
    return found.partition(";")[0].strip().lower()


def fail_by(problem: dict[str, Any]) -> NoReturn:
    fail(explain(problem))


def explain(problem: dict[str, Any]) -> str:
    reasons = msgspec.convert(problem.get("reasons", []), list[Reason])
    return listed(reasons) if reasons else msgspec.convert(problem["detail"], str)


def listed(reasons: list[Reason]) -> str:
    lines = (f"  {reason.reason}\n    → {reason.remedy}" for reason in reasons)
    return "\n".join(("Refused. Nothing was changed.", *lines))

"""Calls of the API for the tools of coding agents, which get refusals as errors of the tool."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from mcp.server.mcpserver.exceptions import ToolError

from app.cli.api_calls import calling, content_of, explain, problem_of
from app.cli.server_connection import CannotCall

# They have tools, and their responses have tokens.
NOT_FOR_REQUESTS = {"auth", "db"}


@contextmanager
def connecting(url: str) -> Iterator[httpx.Client]:
    """Open a client of the server. Raise `ToolError` if there is none."""
    try:
        with calling(url) as client:
            yield client
    except CannotCall as error:
        raise ToolError(str(error)) from None


def call(url: str, method: str, path: str, *, body: Any = None, **parameters: Any) -> Any:
    """Return the JSON of a successful response. Raise `ToolError` with the text of a refusal."""
    with connecting(url) as client:
        return read(client.request(method, path, json=body, params=parameters))


def read(response: httpx.Response) -> Any:
    """Return the JSON of a response, or None if it has none."""
    if not response.is_success:
        raise ToolError(explain(problem_of(response)))
    return content_of(response)


def check_path(path: str) -> None:
    """Raise `ToolError` unless this is a path of clinic data, however it is written."""
    try:
        url = httpx.URL(path)
    except httpx.InvalidURL:
        url = httpx.URL()
    first, second, *_ = [*filter(None, url.path.split("/")), "", ""]
    is_clinic_data = first == "api" and second and second not in NOT_FOR_REQUESTS
    if url.is_absolute_url or not is_clinic_data or {".", ".."} & {*url.path.split("/")}:
        raise ToolError(
            f'Refused. Nothing was sent. `path` is "{path}"; it must be a path of clinic data, '
            "such as /api/appointments."
        )

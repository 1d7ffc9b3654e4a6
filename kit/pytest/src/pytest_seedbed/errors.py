"""What the server refused, in words."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any

import httpx
import msgspec

SERVER_ERROR = 500


class SeedbedError(Exception):
    """The message has the title, what happened, and what to do.

    `problem` is the problem document of the response.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.problem = _problem_of(response)
        path = response.request.url.raw_path.decode("ascii")
        super().__init__(" ".join(_sentences(f"{response.request.method} {path}", self.problem)))

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def code(self) -> str | None:
        code: str | None = self.problem.get("code")
        return code


class SeedbedUnreachable(Exception):
    """There was no response."""

    def __init__(self, url: str, cause: httpx.TransportError) -> None:
        super().__init__(
            f"Cannot reach Seedbed at {url} ({cause}). Start it there, or let pytest start it: set "
            "SEEDBED_FOLDER to your clone of Seedbed, and leave SEEDBED_URL out."
        )


def _problem_of(response: httpx.Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(response.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        # Not from Seedbed: a proxy in between, or another program at this address.
        return {"title": response.reason_phrase, "detail": response.text}


def _sentences(request: str, problem: dict[str, Any]) -> Iterator[str]:
    status, title = problem.get("status", ""), problem.get("title", "")
    code = f" ({problem['code']})" if problem.get("code") else ""
    yield f"{request} returned {status} {title}{code}."
    detail = str(problem.get("detail", ""))
    yield detail
    for reason in problem.get("reasons") or ():
        if reason["remedy"] not in detail:
            yield reason["remedy"]
    if problem.get("status", 0) >= SERVER_ERROR and problem.get("requestId"):
        yield f"The request id in the server's log is {problem['requestId']}."


def leave_out(package: str, traceback: TracebackType | None) -> None:
    """Remove the frames of a package from a traceback that does not begin in it."""
    while traceback:
        inner = traceback.tb_next
        if inner and inner.tb_frame.f_globals["__name__"].startswith(package):
            traceback.tb_next = inner.tb_next
        else:
            traceback = inner

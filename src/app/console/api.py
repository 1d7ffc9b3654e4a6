"""The console's only way to the data: the public API, called for the user who opens a page."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx
import msgspec
from litestar import Request

from app.auth.authentication import SESSION_COOKIE
from app.database.engine import PART_OF
from app.errors import Reason, Refused
from app.logs import REQUEST_ID_HEADER, request_id
from app.names import MAX_LIMIT
from app.web.origins import CALLER_REASONS, ORIGIN_HEADERS

# Headers that name the caller, and those that the guard checks. The API treats the call as one of
# the browser.
# The values stay bytes, since a browser may send more than ASCII.
FORWARDED = frozenset(
    name.lower().encode() for name in ("Authorization", "User-Agent", *ORIGIN_HEADERS)
)

NO_HEADERS: Mapping[str, str] = {}


class ApiProblem(Exception):
    """The API refused the call itself, with this problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail"))
        self.status = status
        self.problem = problem


class Api:
    """A client of the API; responses are the JSON that any other client would get.

    With `in_one_transaction`, all calls that read see the same state of the database.

    All calls raise `ApiProblem` for a refusal, and `Refused` if the guard does not let the caller
    of the page through.
    """

    def __init__(
        self, request: Request[Any, Any, Any], *, in_one_transaction: bool = False
    ) -> None:
        self.request = request
        self._scope = {PART_OF: request.scope} if in_one_transaction else {}

    async def get(self, path: str, **parameters: Any) -> Any:
        """Leave out parameters that are `None`."""
        sent = {name: value for name, value in parameters.items() if value is not None}
        return _read(await self._call("GET", path, params=sent))

    async def get_all(self, path: str, **parameters: Any) -> list[Any]:
        """Return the rows of all pages of a list."""
        rows: list[Any] = []
        cursor: str | None = None
        while True:
            page = await self.get(path, **parameters, limit=MAX_LIMIT, cursor=cursor)
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows

    async def get_version(self, path: str, **parameters: Any) -> tuple[Any, str]:
        """Return a row with its `ETag`."""
        response = await self._call("GET", path, params=parameters)
        return _read(response), response.headers["ETag"]

    async def post(self, path: str, **body: Any) -> httpx.Response:
        response = await self._call("POST", path, json=body)
        _read(response)
        return response

    async def put(self, path: str, version: str, **body: Any) -> Any:
        """Replace the row if its `ETag` still is `version`."""
        return _read(await self._call("PUT", path, {"If-Match": version}, json=body))

    async def patch(self, path: str, version: str, **body: Any) -> Any:
        """Update the row if its `ETag` still is `version`."""
        return _read(await self._call("PATCH", path, {"If-Match": version}, json=body))

    async def delete(self, path: str) -> None:
        _read(await self._call("DELETE", path))

    async def _call(
        self, method: str, path: str, headers: Mapping[str, str] = NO_HEADERS, **options: Any
    ) -> httpx.Response:
        sent = [*_forwarded(self.request.scope["headers"])]
        added = {REQUEST_ID_HEADER: request_id(), **headers}
        # A form sends an ETag back, with any characters.
        sent += [(k.encode(), value.encode("latin-1", "replace")) for k, value in added.items()]
        call = httpx.Request(method, f"http://localhost{path}", headers=sent, **options)
        caller = self.request.client
        address = (caller.host, caller.port) if caller else ("127.0.0.1", 0)
        # Not by a client, which adds headers, such as User-Agent, and looks for cookies.
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=address)
        # In its own task, so that each request has its own context in the log.
        response = await asyncio.create_task(transport.handle_async_request(call))
        await response.aread()
        return response

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        app: Any = self.request.app
        await app({**scope, **self._scope}, receive, send)


def _forwarded(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        if name in FORWARDED:
            yield name, value
        elif name == b"cookie" and (session := _session_cookie(value)):
            yield name, session


def _session_cookie(header: bytes) -> bytes:
    """Leave out the cookies of other programs, which share them on one host."""
    cookies = header.split(b";")
    name = SESSION_COOKIE.encode()
    return b";".join(cookie for cookie in cookies if cookie.partition(b"=")[0].strip() == name)


def _read(response: httpx.Response) -> Any:
    read: Any = msgspec.json.decode(response.content) if response.content else None
    if response.is_error:
        reasons = [Reason(**reason) for reason in read.get("reasons", [])]
        if not CALLER_REASONS.isdisjoint(reasons):
            raise Refused(reasons)
        raise ApiProblem(response.status_code, read)
    return read

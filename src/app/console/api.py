"""The console's only way to the data: the public API, called as whoever looks at a page."""

import asyncio
from typing import Any

import httpx
import msgspec
from litestar import Request

from app.logs import REQUEST_ID_HEADER, request_id

# What says who looks, and by which name; as bytes, for a browser may send what is no ASCII.
PASSED_ON = frozenset({b"authorization", b"cookie", b"host", b"user-agent"})


class ApiProblem(Exception):
    """The API refused, with this problem document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail"))
        self.status = status
        self.problem = problem


class Api:
    """Answers are the JSON that any other client would read."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        self.request = request

    async def get(self, path: str, **parameters: Any) -> Any:
        """Raise `ApiProblem` for a refusal; a parameter that is None is left out."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return _read(await self._call("GET", path, params=given))

    async def get_schemas(self) -> Any:
        """Give what the API says of the values that it takes: their choices and limits."""
        return (await self.get("/schema/openapi.json"))["components"]["schemas"]

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """Raise `ApiProblem` for a refusal."""
        answer = await self._call("POST", path, json=body)
        _read(answer)
        return answer

    async def delete(self, path: str) -> None:
        """Raise `ApiProblem` for a refusal."""
        _read(await self._call("DELETE", path))

    async def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        given = self.request.scope["headers"]
        headers = [(name, value) for name, value in given if name in PASSED_ON]
        headers.append((REQUEST_ID_HEADER.encode(), request_id().encode()))
        app: Any = self.request.app
        caller = self.request.client
        address = (caller.host, caller.port) if caller else ("127.0.0.1", 0)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=address)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            # In a task of its own: the log's context of the one request is not the other's.
            return await asyncio.create_task(
                client.request(method, path, headers=headers, **options)
            )


def _read(answer: httpx.Response) -> Any:
    read: Any = msgspec.json.decode(answer.content) if answer.content else None
    if answer.is_error:
        raise ApiProblem(answer.status_code, read)
    return read

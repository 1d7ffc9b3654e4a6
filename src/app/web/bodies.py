"""Request bodies must be JSON and have a limited size."""

from http import HTTPStatus
from textwrap import shorten
from typing import Any

from litestar import Request
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.types import Message, Scope

from app.database.engine import READ_METHODS
from app.web.errors import RequestTooLarge, UnsupportedMediaType

MAX_BODY_BYTES = 64 * 1024
TOO_LARGE = RequestTooLarge(MAX_BODY_BYTES)
LONGEST_CONTENT_TYPE = 100


async def require_json(request: Request[Any, Any, Any]) -> None:
    """Raise `UnsupportedMediaType` if the body of a request is not JSON, unless it only reads.

    A form on another site can send text, but not JSON.
    """
    if request.method in READ_METHODS or not await request.body():
        return
    content_type = ", ".join(request.headers.getall("Content-Type", []))
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(shorten(content_type, LONGEST_CONTENT_TYPE, placeholder=" …"))


async def reject_large_bodies(message: Message, scope: Scope) -> None:
    """Close the connection after an error, so that the rest of the body is not read."""
    if message["type"] != "http.response.start":
        return
    if message["status"] >= HTTPStatus.BAD_REQUEST and _is_large(scope):
        MutableScopeHeaders.from_message(message)["Connection"] = "close"


def _is_large(scope: Scope) -> bool:
    headers = Headers.from_scope(scope)
    # The length of a chunked body is unknown until its end.
    return "Transfer-Encoding" in headers or int(headers.get("Content-Length", 0)) > MAX_BODY_BYTES

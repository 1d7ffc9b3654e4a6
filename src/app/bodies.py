"""How large the body of a request may be, and what becomes of one that is larger."""

from http import HTTPStatus

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.types import Message, Scope

MAX_BODY_BYTES = 64 * 1024
TOO_LARGE = (
    f"The body is larger than the {MAX_BODY_BYTES:,} bytes (64 KiB) that a request may have. "
    "Nothing was changed."
)


async def hang_up_on_large_bodies(message: Message, scope: Scope) -> None:
    """End the connection with a refusal; else the server would go on reading what nobody wants."""
    if message["type"] != "http.response.start":
        return
    if message["status"] >= HTTPStatus.BAD_REQUEST and _is_large(scope):
        MutableScopeHeaders.from_message(message)["Connection"] = "close"


def _is_large(scope: Scope) -> bool:
    headers = Headers.from_scope(scope)
    # A body in chunks has no length before its end, if it has one.
    return "Transfer-Encoding" in headers or int(headers.get("Content-Length", 0)) > MAX_BODY_BYTES

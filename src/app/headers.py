"""What every answer tells a browser not to do with it."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.types import Message, Scope

from app.settings import Environment

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT_SECURITY = {"Strict-Transport-Security": "max-age=31536000"}  # a year
NO_STORE = {"Cache-Control": "no-store"}
INLINE = re.compile(rb"<(script|style)(?![^>]*\bsrc=)[^>]*>(.*?)</\1>", re.DOTALL)


def security_headers(environment: Environment) -> Callable[[Message, Scope], Awaitable[None]]:
    """Make the hook that gives each answer its headers, errors and files included."""
    headers = dict(SECURITY_HEADERS)
    if environment is Environment.PRODUCTION:
        headers |= STRICT_TRANSPORT_SECURITY

    async def add_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        answer = MutableScopeHeaders.from_message(message)
        answer.update(headers | scope["state"].get("page_headers", {}))
        if scope["path"].startswith("/api/"):
            answer.update(NO_STORE)

    return add_headers


class SwaggerPage(SwaggerRenderPlugin):
    """The page may run its own inline script, which its hash names, and call its own server."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        page = super().render(request, openapi_schema)
        hashes = {name: _hash(content) for name, content in INLINE.findall(page)}
        request.scope["state"]["page_headers"] = {
            "Content-Security-Policy": (
                "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'none'; "
                f"frame-ancestors 'none'; img-src 'self' data:; "
                f"script-src 'self' {hashes[b'script']}; style-src 'self' {hashes[b'style']}"
            )
        }
        return page


def _hash(content: bytes) -> str:
    return f"'sha256-{b64encode(sha256(content).digest()).decode()}'"

"""Security and CORS headers, and the OpenAPI page that has its own."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

from litestar import Request
from litestar.config.cors import CORSConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import OpenAPIMediaType
from litestar.openapi.plugins import OpenAPIRenderPlugin, SwaggerRenderPlugin
from litestar.types import Message, Scope

from app.logs import REQUEST_ID_HEADER
from app.settings import Environment, Settings
from app.web.prefix import link

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT_SECURITY = {"Strict-Transport-Security": "max-age=31536000"}  # a year
# Better Auth's clients without cookies read the token from this header.
SET_AUTH_TOKEN = "set-auth-token"  # noqa: S105 - a name
NO_STORE = {"Cache-Control": "no-store"}
VARY = {"Vary": "Origin"}
# Collapse the list of schemas below the operations.
SCHEMAS_FOLDED = (b"deepLinking: true,", b"deepLinking: true, defaultModelsExpandDepth: 0,")
ASSETS = "/assets"
ASSETS_LINKED = b'="/assets/'
STYLE = """<style>
  body { margin: 0; padding: 0 }
  #console { padding: 0.75rem 20px; font: 1rem sans-serif; background: #1b1b1b }
  #console a { color: #fff }
</style>"""
INLINE = re.compile(rb"<(script|style)(?![^>]*\bsrc=)[^>]*>(.*?)</\1>", re.DOTALL)


def cors_config(settings: Settings) -> CORSConfig | None:
    """Allow pages of the TRUSTED_ORIGINS to call with the user's cookie and read responses.

    They may send any header, because the check of the origin is the protection.
    """
    if not settings.trusted_origins:
        return None
    return CORSConfig(
        allow_origins=sorted(settings.trusted_origins),
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        # Tracing libraries add headers, which change from version to version.
        allow_headers=["*"],
        allow_credentials=True,
        expose_headers=["ETag", "Retry-After", "X-Retry-After", SET_AUTH_TOKEN, REQUEST_ID_HEADER],
    )


def security_headers(settings: Settings) -> Callable[[Message, Scope], Awaitable[None]]:
    """Return the hook that adds the headers to every response, errors and files included."""
    headers = dict(SECURITY_HEADERS)
    if settings.environment is Environment.PRODUCTION:
        headers |= STRICT_TRANSPORT_SECURITY
    if settings.trusted_origins:
        # Litestar sets this for trusted origins only; caches need it on every response.
        headers |= VARY

    async def add_headers(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        response = MutableScopeHeaders.from_message(message)
        response.update(headers | scope["state"].get("page_headers", {}))
        if scope["path"].startswith("/api/"):
            response.update(NO_STORE)

    return add_headers


class OpenAPIFile(OpenAPIRenderPlugin):
    """Serves the OpenAPI document at `/schema/openapi.json`."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=OpenAPIMediaType.OPENAPI_JSON)

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return self.render_json(request, _with_server(openapi_schema))


def _with_server(document: dict[str, Any]) -> dict[str, Any]:
    """Add the path prefix of this request as the server of the document."""
    return document | {"servers": [{"url": link("") or "/"}]}


class SwaggerPage(SwaggerRenderPlugin):
    """Swagger UI, with a policy that allows its inline script and style by hash.

    Where there is a console, the page links back to it.
    """

    def __init__(self, *, has_console: bool, **options: Any) -> None:
        super().__init__(style=STYLE, **options)
        self.has_console = has_console

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        page = super().render(request, _with_server(openapi_schema)).replace(*SCHEMAS_FOLDED)
        page = page.replace(ASSETS_LINKED, f'="{link(ASSETS)}/'.encode())
        if self.has_console:
            back = f'<nav id="console"><a href="{link("/")}">Back to the console</a></nav>'
            page = page.replace(b"<body>", f"<body>{back}".encode(), 1)
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

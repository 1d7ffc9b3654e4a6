"""The path prefix at which a proxy serves this application: `--root-path` of uvicorn.

Only what is sent to a browser has the prefix: `link` adds it. Everything else knows paths without
it, whether the proxy strips it or not.
"""

from collections.abc import Collection
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote, unquote

from litestar.types import ASGIApp, Receive, Scope, Send

_prefix: ContextVar[str] = ContextVar("prefix", default="")


def link(path: str) -> str:
    """Return a path of this server as a browser has to request it."""
    return f"{_prefix.get()}{path}"


def cookie_path() -> str:
    return _prefix.get() or "/"


class StripPrefix:
    """Takes the prefix out of each request's path.

    ASGI servers add it to the path. A proxy that does not strip it makes two of it, of which none
    is left, unless the prefix begins like a route of ours: then the second belongs to the route.
    """

    def __init__(self, app: ASGIApp, routes: Collection[str]) -> None:
        self.app = app
        self._first_segments = {path.split("/")[1] for path in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root: str = scope.get("root_path") or ""
        prefix = unquote(f"/{root.strip('/')}".rstrip("/"))
        if not prefix:
            # A request that a handler makes to this application keeps the prefix of its own.
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(root)
        if prefix.split("/")[1] not in self._first_segments:
            path = _without(path, prefix)
        given: Any = scope
        given["path"], given["root_path"] = f"/{path.lstrip('/')}", ""
        token = _prefix.set(quote(prefix))
        try:
            await self.app(scope, receive, send)
        finally:
            _prefix.reset(token)


def _without(path: str, prefix: str) -> str:
    return path[len(prefix) :] if f"{path}/".startswith(f"{prefix}/") else path

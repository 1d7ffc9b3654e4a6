"""The path prefix at which a proxy serves this application: `--root-path` of uvicorn.

Only URLs that are sent to a browser have the prefix: `link` adds it. All other code uses paths
without it, whether the proxy strips it or not.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

from litestar.types import ASGIApp, Receive, Scope, Send

_prefix: ContextVar[str] = ContextVar("prefix", default="")


def link(path: str) -> str:
    """Return a path of this server with the prefix."""
    return f"{_prefix.get()}{path}"


def cookie_path() -> str:
    return _prefix.get() or "/"


class StripPrefix:
    """Removes the prefix from the path of each request.

    ASGI servers add the prefix to the path. If the proxy does not strip it, the path has it twice,
    and both are removed, unless the prefix begins like one of our routes.
    """

    def __init__(self, app: ASGIApp, list_routes: Callable[[], Iterable[str]]) -> None:
        self.app = app
        self._list_routes = list_routes

    @cached_property
    def _first_segments(self) -> set[str]:
        return {path.split("/")[1] for path in self._list_routes()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root: str = scope.get("root_path") or ""
        prefix = unquote(f"/{root.strip('/')}".rstrip("/"))
        if not prefix:
            # A request that a handler makes to this application keeps the current prefix.
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

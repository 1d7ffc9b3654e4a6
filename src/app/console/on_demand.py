"""Adds the console for the first request that can be for a page; calls of the API need none."""

from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

API = "/api/"
HEALTH = ("/health/live", "/health/ready")  # for programs that wait for the server


class ConsoleOnDemand:
    def __init__(self, app: ASGIApp, litestar: Litestar) -> None:
        self.app = app
        self._litestar = litestar

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A path with a prefix is not known yet, and all routes are needed to remove the prefix.
        path = scope["path"]
        if scope.get("root_path") or not (path.startswith(API) or path in HEALTH):
            add_console(self._litestar)
        await self.app(scope, receive, send)


def add_console(app: Litestar) -> None:
    """Add the pages, unless the application has them."""
    if app.template_engine:
        return
    # With Jinja, they take as long to import as to register.
    from app.console.router import FILES, NOT_FOUND_PAGES, console  # noqa: PLC0415
    from app.console.templating import template_config  # noqa: PLC0415
    from app.web.files import serve_files  # noqa: PLC0415

    app.template_engine = template_config().engine_instance
    app.exception_handlers.update(NOT_FOUND_PAGES)
    app.register(console)
    app.register(serve_files("/console", FILES))

"""Gives each request the time of the test clock."""

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from app import clock
from app.database.test_clock import find_test_clock

# They depend on no time, and many are requested.
WITHOUT_TIME = ("/assets/", "/console/", "/health/", "/metrics", "/schema", "/api/db/seed/running")


class TimeOfTestClock:
    """The clock is read once, so a request and those that it makes have the same one."""

    def __init__(self, handler: ASGIApp, app: Litestar) -> None:
        self.handler = handler
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        needs_time = scope["type"] == ScopeType.HTTP and not scope["path"].startswith(WITHOUT_TIME)
        if clock.is_read() or not needs_time:
            return await self.handler(scope, receive, send)
        with clock.using(await find_test_clock(self.app.state.engine)):
            await self.handler(scope, receive, send)
        return None

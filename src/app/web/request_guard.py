"""The guard of routes that change something or have their own reasons to refuse a request."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from sqlalchemy.exc import DBAPIError

from app.database.engine import READ_METHODS
from app.errors import Reason, Refused
from app.logs import get_logger
from app.settings import Settings
from app.web.origins import origin_headers, reasons_against_caller

AnyConnection = ASGIConnection[Any, Any, Any, Any]
ReasonsAgainst = Callable[[AnyConnection], AsyncIterator[Reason]]
# The key of a route's `opt` for its `ReasonsAgainst`.
REASONS = "reasons"

log = get_logger(__name__)


async def refuse_untrusted(caller: AnyConnection, handler: BaseRouteHandler) -> None:
    """Raise `Refused` with all reasons: those of the route and those against the caller."""
    reasons_against: ReasonsAgainst | None = handler.opt.get(REASONS)
    if reasons_against is None and caller.scope.get("method") in READ_METHODS:
        return
    settings: Settings = caller.app.state.settings
    reasons = list(reasons_against_caller(origin_headers(caller.headers), settings))
    if reasons_against:
        try:
            reasons += [reason async for reason in reasons_against(caller)]
        except DBAPIError:
            if not reasons:
                raise
    if reasons:
        log.warning("refused", reasons=[reason.code for reason in reasons])
        raise Refused(reasons)

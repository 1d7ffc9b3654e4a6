"""The routes that say whether the server runs, and whether it can serve requests."""

from http import HTTPStatus
from typing import Annotated, Literal

from litestar import get
from litestar.datastructures import State
from litestar.openapi.spec import Tag
from msgspec import Meta

from app.database.errors import DatabaseUnprotected
from app.database.readiness import NO_TABLES, find_obstacle
from app.errors import RETRY_LATER, DomainError
from app.web.bodies import TOO_LARGE
from app.web.openapi import OrderedController, route
from app.web.query_parameters import refuse_unknown_parameters
from app.web.schemas import ResponseBody

PATH = "/health"
TAG = Tag("Health", "Find out whether the server runs and can serve requests, in production too.")
LIVE = "Returns 200 while the process handles requests. It does not use the database."
READY = """\
Returns 200 if the database can be reached and all migrations have run, and 503 with the reason \
otherwise. It does not wait for a running seed. The reason names no host, user or file.
"""


class NotReady(DomainError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = RETRY_LATER

    def __init__(self, reason: str) -> None:
        super().__init__(f"Not ready. {reason}")


class Health(ResponseBody):
    status: Annotated[Literal["live", "ready"], Meta(description="The status that was asked for.")]


LIVING, READINESS = Health(status="live"), Health(status="ready")


class HealthController(OrderedController):
    path = PATH
    tags = (TAG.name,)
    guards = (refuse_unknown_parameters,)

    @route(
        get,
        (TOO_LARGE,),
        "/live",
        "getLiveness",
        "Find out whether the server runs",
        description=LIVE,
        response={"status": "live"},
        sync_to_thread=False,
    )
    def live(self) -> Health:
        return LIVING

    @route(
        get,
        (TOO_LARGE,),
        "/ready",
        "getReadiness",
        "Find out whether the server can serve requests",
        NotReady(NO_TABLES),
        description=READY,
        response={"status": "ready"},
    )
    async def ready(self, state: State) -> Health:
        if not state.get("is_protected", True):
            raise NotReady(DatabaseUnprotected().detail)
        if reason := await find_obstacle(state.engine):
            raise NotReady(reason)
        return READINESS

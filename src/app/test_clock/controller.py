"""The routes of the test clock, with the guard of the seed."""

from datetime import UTC

from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.clock import ClockSetting
from app.database.engine import limit_lock_wait, wait_for_reset
from app.database.mark import has_mark_table
from app.database.test_clock import set_test_clock
from app.test_clock import openapi
from app.test_clock.schemas import EARLIEST, END, ClockResponse, SetClock
from app.web.openapi import OrderedController
from app.web.query_parameters import refuse_unknown_parameters


class TestClockController(OrderedController):
    path = "/api/db/clock"
    tags = (openapi.TAG.name,)
    guards = (refuse_unknown_parameters,)

    @openapi.read("/", "getClock", "Get the server's time", responses={200: openapi.FROZEN})
    async def get_clock(self) -> ClockResponse:
        return ClockResponse.at_this_moment(clock.setting())

    @openapi.replace(
        "/",
        "setClock",
        "Set the server's time",
        openapi.YEAR_OUT_OF_RANGE,
        description=openapi.SET,
        requests=openapi.REQUESTS,
        responses={200: openapi.FROZEN},
    )
    async def set_clock(
        self, engine: NamedDependency[AsyncEngine], data: JSONBody[SetClock]
    ) -> ClockResponse:
        if not EARLIEST <= data.now < END:
            raise openapi.YEAR_OUT_OF_RANGE
        setting = ClockSetting(data.now.astimezone(UTC), clock.machine_now(), data.is_frozen)
        await _save(engine, setting)
        return ClockResponse.at_this_moment(setting)

    @openapi.remove("/", "resetClock", "Return to the machine's time")
    async def reset_clock(self, engine: NamedDependency[AsyncEngine]) -> None:
        await _save(engine, None)


async def _save(engine: AsyncEngine, setting: ClockSetting | None) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(_replace, setting)


def _replace(connection: Connection, setting: ClockSetting | None) -> None:
    if has_mark_table(connection):
        wait_for_reset(connection)
    limit_lock_wait(connection)
    set_test_clock(connection, setting)

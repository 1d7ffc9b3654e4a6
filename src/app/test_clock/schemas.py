"""The request and the responses of the test clock."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from app import clock
from app.clock import ClockSetting
from app.web.schemas import RequestBody, ResponseBody

FIRST, LAST = 1970, 2199  # years in UTC
EARLIEST, END = (datetime(year, 1, 1, tzinfo=UTC) for year in (FIRST, LAST + 1))


class SetClock(RequestBody):
    now: Annotated[
        datetime,
        Meta(tz=True, description=f"An instant from {FIRST} to {LAST} in UTC, with its offset."),
    ]
    is_frozen: Annotated[bool, Meta(description="False: the time runs from this instant on.")] = (
        True
    )


class ClockResponse(ResponseBody):
    now: datetime
    is_frozen: bool
    offset_seconds: Annotated[
        float, Meta(description="`now` minus the machine's time; 0 if no test clock is set.")
    ]

    @classmethod
    def at_this_moment(cls, setting: ClockSetting | None) -> "ClockResponse":
        machine_time = clock.machine_now()
        now = setting.at(machine_time) if setting else machine_time
        return cls(
            now=now,
            is_frozen=bool(setting and setting.is_frozen),
            offset_seconds=round((now - machine_time).total_seconds(), 3),
        )

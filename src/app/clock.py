"""The one source of the current time, always in UTC.

In development and test, the time of a request can be that of a test clock. What belongs to the
server itself, such as a lock or a rate limit, asks for the machine's time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# The offset of the Line Islands, where each day starts first.
AHEAD_OF_UTC = timedelta(hours=14)
# That of Baker Island, where each day ends last.
BEHIND_UTC = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class ClockSetting:
    """The test clock was set to `instant` at the machine's time `set_at`. It may run since."""

    instant: datetime
    set_at: datetime
    is_frozen: bool

    def at(self, machine_time: datetime) -> datetime:
        return self.instant if self.is_frozen else self.instant + (machine_time - self.set_at)


# It has no value while nobody has read the test clock, and None if none is set.
_test_clock: ContextVar[ClockSetting | None] = ContextVar("test_clock")


def now() -> datetime:
    machine_time, test_clock = machine_now(), setting()
    return test_clock.at(machine_time) if test_clock else machine_time


def machine_now() -> datetime:
    return datetime.now(UTC)


def setting() -> ClockSetting | None:
    """Return how the test clock of this request is set, or None if its time is the machine's."""
    return _test_clock.get(None)


def is_read() -> bool:
    """Return whether this task is within `using`, with a test clock or without one."""
    return _test_clock in copy_context()


@contextmanager
def using(setting: ClockSetting | None) -> Iterator[None]:
    """Let the test clock decide what time it is, in this task and those that it starts."""
    token = _test_clock.set(setting)
    try:
        yield
    finally:
        _test_clock.reset(token)


def today() -> date:
    return now().date()


def latest_today() -> date:
    """Return today in the easternmost time zone: a clinic's date may be ahead of UTC."""
    return (now() + AHEAD_OF_UTC).date()


def earliest_today() -> date:
    """Return today in the westernmost time zone: a clinic's date may be behind UTC."""
    return (now() - BEHIND_UTC).date()

"""Times the steps of a run and reports each as it begins, goes on and ends."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from app.logs import get_logger
from app.seed.lock import Announce
from app.seed.summary import Durations, Progress, StepDone, StepRunning, StepStarted

Report = Callable[[Progress], None]
log = get_logger(__name__)


class Steps:
    """`report` may raise, which ends the run between two statements.

    The caller of this run learns by `report`, and those that it keeps out by `announce`.
    """

    def __init__(self, report: Report, announce: Announce) -> None:
        self._report = report
        self._announce = announce
        self._began = perf_counter()
        self._durations: dict[str, float] = {}
        self._current = ""

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[StepDone]:
        """Time a step that succeeds; the caller sets `rows` on what it is given."""
        self._report(StepStarted(step=name))
        await self._announce(name)
        self._current = name
        began = perf_counter()
        done = StepDone(step=name, rows=0, duration_ms=0)
        yield done
        done.duration_ms = self._durations[name] = _milliseconds_since(began)
        log.info("seed step", step=name, rows=done.rows, duration_ms=done.duration_ms)
        self._report(done)

    def wrote(self, rows: int) -> None:
        """Report how many rows the current step has written so far."""
        self._report(StepRunning(step=self._current, rows=rows))

    def durations(self) -> Durations:
        return Durations(total=_milliseconds_since(self._began), steps=self._durations)


def _milliseconds_since(began: float) -> float:
    return round((perf_counter() - began) * 1000, 1)

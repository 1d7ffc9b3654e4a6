"""Measure the steps of a seed, and report their start, progress and end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import perf_counter

from app.logs import get_logger
from app.seed.lock import Announce
from app.seed.progress.events import Progress, StepDone, StepRunning, StepStarted
from app.seed.progress.pace import Pace
from app.seed.summary import StepDurations

Report = Callable[[Progress], None]
log = get_logger(__name__)

# A long step reports at least twice a second, with some time to spare for a busy event loop.
MAX_SILENCE_SECONDS = 0.35
# A large data set has thousands of batches.
MIN_INTERVAL_SECONDS = 0.1


class Steps:
    """The steps of one seed.

    `report` sends events to the client, and `announce` tells other processes the current step.
    """

    def __init__(self, report: Report, announce: Announce) -> None:
        self._report = report
        self._announce = announce
        self._began = perf_counter()
        self._durations: dict[str, float] = {}
        self._current: StepProgress

    @asynccontextmanager
    async def step(self, name: str, rows_expected: int | None = None) -> AsyncIterator[StepDone]:
        """Report and time a step; the caller sets `rows` of the yielded event."""
        started = StepStarted(step=name, rows_expected=rows_expected)
        self._report(started)
        await self._announce(name)
        began = perf_counter()
        done = StepDone(step=name, rows=0, duration_ms=0)
        self._current = StepProgress(self._report, started)
        with self._current.heartbeat():
            yield done
        done.duration_ms = self._durations[name] = _milliseconds_since(began)
        log.info("seed step", step=name, rows=done.rows, duration_ms=done.duration_ms)
        self._report(done)

    def wrote(self, rows: int) -> None:
        """Report how many rows the current step has written so far."""
        self._current.wrote(rows)

    def durations(self) -> StepDurations:
        return StepDurations(total=_milliseconds_since(self._began), steps=self._durations)


class StepProgress:
    """Report the progress of a step, after each batch and at regular intervals."""

    def __init__(self, report: Report, started: StepStarted) -> None:
        self._report = report
        self._started = started
        self._rows = 0
        self._pace = Pace(perf_counter())
        self._reported_at = 0.0

    def wrote(self, rows: int) -> None:
        self._rows = rows
        if perf_counter() - self._reported_at >= MIN_INTERVAL_SECONDS:
            self._report_progress()

    @contextmanager
    def heartbeat(self) -> Iterator[None]:
        """Also report during a long statement, with a timer that ends with the step."""
        self._beat_in(MAX_SILENCE_SECONDS)
        try:
            yield
        finally:
            self._timer.cancel()

    def _beat_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._beat)

    def _beat(self) -> None:
        silent = perf_counter() - self._reported_at
        if silent < MAX_SILENCE_SECONDS:
            self._beat_in(MAX_SILENCE_SECONDS - silent)
            return
        self._report_progress()
        self._beat_in(MAX_SILENCE_SECONDS)

    def _report_progress(self) -> None:
        self._reported_at = perf_counter()
        self._pace.note(self._reported_at, self._rows)
        expected = self._started.rows_expected
        if expected is not None:
            expected = max(expected, self._rows)
        self._report(
            StepRunning(
                step=self._started.step,
                rows=self._rows,
                rows_expected=expected,
                rows_per_second=self._pace.rows_per_second(),
                seconds_left=self._pace.seconds_left(expected),
            )
        )


def _milliseconds_since(began: float) -> float:
    return round((perf_counter() - began) * 1000, 1)

"""How a step reports that it continues, and that its reports end with the step."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from time import perf_counter

import pytest

from app.seed.progress.events import Progress, StepDone, StepRunning, StepStarted
from app.seed.progress.steps import MAX_SILENCE_SECONDS, MIN_INTERVAL_SECONDS, Steps
from auth.concurrent_calls import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

Body = Callable[[Steps], Awaitable[None]]
A_MOMENT = 0.05


class Unexpected(Exception):
    """Any error of a step."""


class Listener:
    def __init__(self) -> None:
        self.heard: list[Progress] = []
        self.heard_at: list[float] = []

    def report(self, progress: Progress) -> None:
        self.heard.append(progress)
        self.heard_at.append(perf_counter())

    def running(self) -> list[StepRunning]:
        return [event for event in self.heard if isinstance(event, StepRunning)]


async def until(happens: Callable[[], object]) -> None:
    """Wait for what a timer does, however late a busy machine is."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happens():  # noqa: ASYNC110 - a timer sets no event
            await asyncio.sleep(0.01)


async def nobody_else(_step: str) -> None:
    """Tell no other process."""


async def fail(_steps: Steps) -> None:
    await asyncio.sleep(0)
    raise Unexpected


async def fail_late(_steps: Steps) -> None:
    await asyncio.sleep(MAX_SILENCE_SECONDS * 2)
    raise Unexpected


async def never_end(_steps: Steps) -> None:
    await asyncio.Event().wait()


async def take(steps: Steps, body: Body, rows_expected: int | None = None) -> None:
    async with steps.step("patients", rows_expected) as step:
        await body(steps)
        step.rows = 7


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def steps(listener: Listener) -> Steps:
    return Steps(listener.report, nobody_else)


async def test_a_silent_step_reports_that_it_continues(steps: Steps, listener: Listener) -> None:
    """During one long statement it is heard about three times a second."""

    async def silent(_steps: Steps) -> None:
        await until(lambda: len(listener.running()) == 3)

    await take(steps, silent, rows_expected=7)
    started, *running, done = listener.heard
    assert started == StepStarted(step="patients", rows_expected=7)
    assert running == [StepRunning(step="patients", rows=0, rows_expected=7)] * 3
    assert isinstance(done, StepDone)
    assert listener.heard_at[3] - listener.heard_at[0] >= 3 * MAX_SILENCE_SECONDS - A_MOMENT


async def test_a_step_that_reports_rows_is_not_reported_twice(
    steps: Steps, listener: Listener
) -> None:
    """While rows come there is nothing else, and not a line for each of thousands of batches."""

    async def write(steps: Steps) -> None:
        for rows in range(1, 101):
            await asyncio.sleep(0.01)
            steps.wrote(rows)

    began = perf_counter()
    await take(steps, write, rows_expected=100)
    lines = (perf_counter() - began) / MIN_INTERVAL_SECONDS
    rows = [event.rows for event in listener.running()]
    assert rows[0] == 1
    assert rows == sorted(rows)
    assert 4 <= len(rows) <= lines + 1
    told = zip(rows, listener.heard_at[1:-1], strict=True)
    for (before, at), (after, then) in pairwise(told):
        # A busy machine may be silent for as long.
        assert after > before or then - at > MAX_SILENCE_SECONDS / 2


async def test_silence_counts_from_the_last_line(steps: Steps, listener: Listener) -> None:
    """Whenever the last rows came, what follows is heard as soon as in any other silence."""

    async def write_and_wait(steps: Steps) -> None:
        await asyncio.sleep(MAX_SILENCE_SECONDS / 2)
        steps.wrote(1)
        heard = len(listener.heard)
        await until(lambda: len(listener.heard) > heard)

    await take(steps, write_and_wait)
    *_, last_rows, silence, done = listener.heard
    assert isinstance(done, StepDone)
    assert silence == last_rows == StepRunning(step="patients", rows=1)
    assert listener.heard_at[-2] - listener.heard_at[-3] >= MAX_SILENCE_SECONDS - A_MOMENT


async def test_a_short_step_is_two_lines(steps: Steps, listener: Listener) -> None:
    """It begins and is done, and nothing more comes of it afterwards."""
    await take(steps, lambda _steps: asyncio.sleep(0))
    await asyncio.sleep(MAX_SILENCE_SECONDS * 2)
    assert [type(event) for event in listener.heard] == [StepStarted, StepDone]


async def test_more_than_was_expected_is_expected_then(steps: Steps, listener: Listener) -> None:
    """No step is ever more than done."""

    async def write(steps: Steps) -> None:
        await asyncio.sleep(0)
        steps.wrote(11)

    await take(steps, write, rows_expected=10)
    [running] = [event for event in listener.heard if isinstance(event, StepRunning)]
    assert (running.rows, running.rows_expected) == (11, 11)


@pytest.mark.parametrize("body", [fail, fail_late])
async def test_a_step_that_fails_is_heard_no_more(
    steps: Steps, listener: Listener, body: Body
) -> None:
    """Its error passes unchanged, and what told of it has ended."""
    with pytest.raises(Unexpected):
        await take(steps, body)
    await heard_no_more(listener)


async def test_a_step_that_is_cancelled_is_heard_no_more(steps: Steps, listener: Listener) -> None:
    """As little is left of it as of one that fails."""
    run = asyncio.create_task(take(steps, never_end))
    await until(listener.running)
    run.cancel()
    await asyncio.wait([run])
    assert run.cancelled()
    await heard_no_more(listener)


async def heard_no_more(listener: Listener) -> None:
    heard = len(listener.heard)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.sleep(MAX_SILENCE_SECONDS * 2)
    assert len(listener.heard) == heard
    assert asyncio.all_tasks() - {asyncio.current_task()} <= others

"""Runs a seed while its progress is told, one JSON line an event."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from anyio import CancelScope
from anyio.lowlevel import checkpoint

from app.seed.progress.steps import Report
from app.seed.summary import Event, Progress, SeedFailed, SeedFinished, SeedSummary, encode_event
from app.web.problem_details import problem_document

Seed = Callable[[Report], Awaitable[SeedSummary]]


class Abandoned(Exception):
    """Nobody listens any more."""


async def event_lines(seed: Seed) -> AsyncGenerator[bytes]:
    """Yield the steps, at last the summary or the problem; closing it early rolls the seed back.

    An abandoned run ends itself between two statements. Cancelling it would not do: SQLite's
    driver may then wait for ever on a connection that was closed under it, with the lock held.
    """
    events: asyncio.Queue[Event] = asyncio.Queue()
    abandoned = False

    def report(progress: Progress) -> None:
        if abandoned:
            raise Abandoned
        events.put_nowait(progress)

    run = asyncio.create_task(_finish(seed, report, events))
    try:
        while True:
            event = await events.get()
            await checkpoint()  # a queue that is never empty would let no cancellation in
            yield encode_event(event)
            if isinstance(event, SeedFinished | SeedFailed):
                return
    finally:
        abandoned = True
        with CancelScope(shield=True):
            await asyncio.wait([run])


async def _finish(seed: Seed, report: Report, events: asyncio.Queue[Event]) -> None:
    try:
        summary = await seed(report)
    except Abandoned:
        return
    except Exception as error:  # noqa: BLE001 - the answer has begun: the client learns it here
        events.put_nowait(SeedFailed(problem=problem_document(error)))
    else:
        events.put_nowait(SeedFinished(summary=summary))

"""Runs a seed and streams its progress, one JSON document a line."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from anyio import CancelScope
from anyio.lowlevel import checkpoint

from app.seed.progress.steps import Report
from app.seed.summary import Event, SeedFailed, SeedFinished, SeedSummary, encode_event
from app.web.problem_details import problem_document

Seed = Callable[[Report], Awaitable[SeedSummary]]


async def event_lines(seed: Seed) -> AsyncGenerator[bytes]:
    """Yield the events of a seed, of which the last has the summary or the problem.

    Closing it earlier cancels the seed, and waits until that is rolled back.
    """
    events: asyncio.Queue[Event] = asyncio.Queue()
    scope = CancelScope()
    run = asyncio.create_task(_run(seed, scope, events))
    try:
        while True:
            event = await events.get()
            await checkpoint()  # a queue that is never empty would let no cancellation in
            yield encode_event(event)
            if isinstance(event, SeedFinished | SeedFailed):
                return
    finally:
        scope.cancel()
        with CancelScope(shield=True):
            await asyncio.wait([run])


async def _run(seed: Seed, scope: CancelScope, events: asyncio.Queue[Event]) -> None:
    with scope:
        try:
            summary = await seed(events.put_nowait)
        except Exception as error:  # noqa: BLE001 - the response has begun: the client learns it here
            events.put_nowait(SeedFailed(problem=problem_document(error)))
        else:
            events.put_nowait(SeedFinished(summary=summary))

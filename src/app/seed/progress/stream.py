"""Run a seed and stream its progress, one JSON document per line."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from anyio import CancelScope
from anyio.lowlevel import checkpoint

from app.seed.progress.events import Event, SeedFailed, SeedFinished, encode_event
from app.seed.progress.steps import Report
from app.seed.summary import SeedSummary
from app.web.problem_details import problem_document

Seed = Callable[[Report], Awaitable[SeedSummary]]


async def event_lines(seed: Seed) -> AsyncGenerator[bytes]:
    """Yield the events of a seed. The last one has the summary or the problem.

    Closing the generator earlier cancels the seed, and waits until it is rolled back.
    """
    events: asyncio.Queue[Event] = asyncio.Queue()
    scope = CancelScope()
    run = asyncio.create_task(_run(seed, scope, events))
    try:
        while True:
            event = await events.get()
            await checkpoint()  # a queue that is never empty would not allow a cancellation
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
        except Exception as error:  # noqa: BLE001 - the response has started, so the client gets the error here
            events.put_nowait(SeedFailed(problem=problem_document(error)))
        else:
            events.put_nowait(SeedFinished(summary=summary))

"""Runs a seed while its progress is told, one JSON line an event."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from app.problems import problem_document
from app.seed.steps import Report
from app.seed.summary import Event, Failed, Finished, SeedSummary, encode_event

Seed = Callable[[Report], Awaitable[SeedSummary]]


async def event_lines(seed: Seed) -> AsyncGenerator[bytes]:
    """Yield the steps, at last the summary or the problem; closing it early rolls the seed back."""
    events: asyncio.Queue[Event] = asyncio.Queue()
    run = asyncio.create_task(_finish(seed, events))
    try:
        while True:
            event = await events.get()
            yield encode_event(event)
            if isinstance(event, Finished | Failed):
                return
    finally:
        run.cancel()
        await asyncio.wait([run])


async def _finish(seed: Seed, events: asyncio.Queue[Event]) -> None:
    try:
        summary = await seed(events.put_nowait)
    except Exception as error:  # noqa: BLE001 - the answer has begun: the client learns it here
        events.put_nowait(Failed(problem=problem_document(error)))
    else:
        events.put_nowait(Finished(summary=summary))

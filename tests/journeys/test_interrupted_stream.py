"""A caller who hangs up while the seed reports its steps leaves nothing half done.

`tests/faults/test_lost_client.py` does it to a server.
"""

import asyncio

import anyio

from app.seed.progress.events import StepStarted
from app.seed.progress.steps import Report
from app.seed.progress.stream import event_lines
from app.seed.summary import SeedSummary


async def test_the_stream_ends_after_the_rollback() -> None:
    """A listener that is cancelled waits until the seed has been cancelled and cleaned up."""
    cleaned_up = False

    async def run(report: Report) -> SeedSummary:
        nonlocal cleaned_up
        try:
            while True:
                report(StepStarted(step="reset"))
                await asyncio.sleep(0)
        finally:
            with anyio.CancelScope(shield=True):
                await asyncio.sleep(0.1)
            cleaned_up = True

    with anyio.CancelScope() as listening:
        async for _line in event_lines(run):
            listening.cancel()
    assert cleaned_up

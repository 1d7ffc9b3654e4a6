"""A caller who hangs up while the seed reports its steps leaves nothing half done."""

import asyncio
import json
from time import monotonic, sleep
from typing import Any

import anyio
import httpx

from app.seed.progress.steps import Report
from app.seed.progress.stream import event_lines
from app.seed.summary import SeedSummary, StepStarted


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


def test_hanging_up_changes_nothing(server: str, before: Any) -> None:
    """After a caller hung up in the middle, the next one soon finds the old rows, unlocked."""
    call: dict[str, Any] = {"url": f"{server}/api/db/seed", "trust_env": False, "timeout": 180}
    accept = {"Accept": "application/x-ndjson"}
    with httpx.stream("POST", **call, headers=accept, json={"patients": 20_000}) as response:
        next(line for line in response.iter_lines() if json.loads(line)["step"] == "patients")
    until = monotonic() + 180
    while (again := httpx.post(**call)).status_code == 409 and monotonic() < until:
        sleep(0.05)
    assert again.status_code == 201
    assert again.json()["deleted"]["patients"] == 7

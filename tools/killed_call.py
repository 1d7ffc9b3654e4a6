"""A request whose server is killed: when to kill it, and what the client saw."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Timer
from typing import Any

import httpx

from server_processes import ServerProcess

JSON_LINES = {"Accept": "application/x-ndjson"}
# A kill may also come after the usual duration: during the commit or the response.
MAX_PART = 1.2
STREAMED, IN_A_STEP, READ_FIRST = 0.6, 0.7, 0.5
NOT_STREAMED = "not streamed"
BEFORE = "before the first"
AFTER = "after the last"
NO_CONTENT = 204

Durations = Mapping[str | None, float]


@dataclass(frozen=True)
class Plan:
    """When to kill the server, and what to do next."""

    stream: bool
    step: str | None  # wait until the stream names this step
    part: float  # of the usual duration of that step, or of the whole request
    read_first: bool  # read the content before the next call, or call at once

    @classmethod
    def draw(cls, random: Random, steps: Sequence[str]) -> "Plan":
        """Draw a plan for a request that has these steps, or none and no stream."""
        stream = bool(steps) and random.random() < STREAMED
        in_a_step = random.random() < IN_A_STEP
        return cls(
            stream=stream,
            step=random.choice(steps) if stream and in_a_step else None,
            part=random.random() * MAX_PART,
            read_first=random.random() < READ_FIRST,
        )


@dataclass
class Seen:
    """What the client saw. A summary or a problem counts as an event."""

    status: int | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def reported(self) -> bool:
        """Whether the client got the complete response that the change was made."""
        finished = bool(self.events) and self.events[-1].get("event", "finished") == "finished"
        return finished or self.status == NO_CONTENT

    @property
    def refused(self) -> bool:
        failed = bool(self.events) and self.events[-1].get("event") == "failed"
        return failed or self.status not in {None, 200, 201, NO_CONTENT}

    @property
    def last_step(self) -> str:
        """The step that the stream named last."""
        if self.reported:
            return AFTER
        steps = [event["step"] for event in self.events if event["event"] == "started"]
        return steps[-1] if steps else BEFORE


def call_and_kill(
    client: httpx.Client,
    server: ServerProcess,
    request: Mapping[str, Any],
    plan: Plan,
    durations: Durations,
) -> Seen:
    """Send the request, kill the server as planned, and wait for its end."""
    seen = Seen()
    timer = Timer(durations[plan.step] * plan.part, server.kill)
    if plan.step is None:
        timer.start()
    headers = JSON_LINES if plan.stream else {}
    try:
        with client.stream(**request, headers=headers) as response:
            seen.status = response.status_code
            for event in map(json.loads, response.iter_lines()):
                seen.events.append(event)
                if event.get("event") == "started" and event["step"] == plan.step:
                    timer.start()
    except (httpx.NetworkError, httpx.RemoteProtocolError):
        pass  # the server is dead
    if timer.ident is not None:
        timer.join()
    server.kill()
    return seen

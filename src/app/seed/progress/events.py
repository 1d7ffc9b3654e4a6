"""The events of a seed, which a client reads as well.

Like `app.seed.database_state` it imports neither the rows of the data set nor the API.
"""

from typing import Any

import msgspec

from app.web.schemas import ResponseBody


class StepStarted(ResponseBody, tag_field="event", tag="started"):
    """`rows_expected` is the number of rows the step will write or check, None if unknown."""

    step: str
    rows_expected: int | None = None


class StepRunning(ResponseBody, tag_field="event", tag="running"):
    """The progress of a long step, at least twice a second. Unknown values are None."""

    step: str
    rows: int
    rows_expected: int | None = None
    rows_per_second: float | None = None
    seconds_left: float | None = None


class StepDone(ResponseBody, tag_field="event", tag="done"):
    """`rows` counts the rows that the step deleted, wrote or checked.

    For a kind of row it equals `count` of that kind in the summary.
    """

    step: str
    rows: int
    duration_ms: float


class SeedFinished(ResponseBody, tag_field="event", tag="finished"):
    """`summary` is a `SeedSummary`, and for a client its JSON."""

    summary: Any


class SeedFailed(ResponseBody, tag_field="event", tag="failed"):
    problem: dict[str, Any]


Progress = StepStarted | StepRunning | StepDone
Event = Progress | SeedFinished | SeedFailed


def encode_event(event: Event) -> bytes:
    return msgspec.json.encode(event) + b"\n"

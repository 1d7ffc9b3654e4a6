"""Why the API refuses an appointment, in words, and what is free instead."""

import datetime
import re
from typing import Any

import msgspec

from app.console.slots import Row, times_in_words
from app.console.templating import plain

# The page says both in its own words.
REPEATED = re.compile(r"^Nothing was changed\. | The next free time is .*$")


class BookingRefusal(msgspec.Struct):
    """The problem document of a 409."""

    problem: dict[str, Any]

    @property
    def reason(self) -> str:
        return plain(REPEATED.sub("", self.problem["detail"]))

    @property
    def in_the_way(self) -> str:
        """What is in the way, such as `room`, or nothing for a change that no time allows."""
        return self.problem.get("inTheWay") or ""

    @property
    def clash(self) -> Row | None:
        return self.problem.get("clashesWith")

    @property
    def free(self) -> Row | None:
        return self.problem.get("nextFree")

    @property
    def free_in_words(self) -> str:
        return when_in_words(self.free) if self.free else ""


def when_in_words(row: Row) -> str:
    """Return date and times of an appointment or a free time."""
    date = datetime.date.fromisoformat(row["date"])
    return f"{date:%a} {date.day} {date:%b}, {times_in_words(row)}"

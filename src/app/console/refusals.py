"""Why the API refuses an appointment, in words, and what is free instead."""

import datetime
import re
from typing import Any

import msgspec

from app.clinic.appointments.rules import InTheWay
from app.console.slots import Row, times_in_words
from app.console.templating import plain

# The page says both in its own words.
REPEATED = re.compile(r"^Nothing was changed\. | The next free time is .*$")
SECONDS = re.compile(r"\b(\d\d:\d\d):00\b")
IN_THE_WAY = {
    InTheWay.PATIENT: "the patient cannot come",
    InTheWay.PLAN: "the treatment plan does not allow it",
    InTheWay.HOURS: "outside the hours",
    InTheWay.PRACTITIONER: "the practitioner is busy",
    InTheWay.ROOM: "the room is in use",
    InTheWay.SLOT: "the hours are fully booked",
}


class BookingRefusal(msgspec.Struct):
    """The problem document of a 409."""

    problem: dict[str, Any]

    @property
    def reason(self) -> str:
        return plain(SECONDS.sub(r"\1", REPEATED.sub("", self.problem["detail"])))

    @property
    def in_the_way(self) -> str:
        """What is in the way, or nothing if the change itself is not possible."""
        what = self.problem.get("inTheWay")
        return IN_THE_WAY[what] if what else ""

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

"""Rules for the slots of one practitioner, across all their organizations.

Pure arithmetic on intervals. Times of day are in seconds since midnight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Generic, TypeVar

from app.clinic.availability.models import DayOfWeek

GAP_MINUTES = 15
WEEKDAYS = tuple(DayOfWeek)
GAP = GAP_MINUTES * 60
DAY = 24 * 60 * 60

SourceT = TypeVar("SourceT")


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `start`, included, to `end`, excluded."""

    start: int
    end: int


# It conflicts with every other slot of its day.
WHOLE_DAY = TimeRange(0, DAY)


@dataclass(frozen=True, slots=True)
class Bookable(Generic[SourceT]):
    slot: TimeRange
    sources: tuple[SourceT, ...]


def slot_of(start: time | None, end: time | None) -> TimeRange:
    """Return the range between two times of day; without times, the whole day."""
    if start is None or end is None:
        return WHOLE_DAY
    return TimeRange(_seconds(start), _seconds(end))


def clock_time(seconds: int) -> str:
    """Return a time of day as `HH:MM:SS`; a day ends at 24:00:00."""
    minutes, second = divmod(seconds, 60)
    return "{:02}:{:02}:{:02}".format(*divmod(minutes, 60), second)


def conflict(one: TimeRange, other: TimeRange) -> bool:
    """Return whether two slots of one day are less than `GAP` apart."""
    return one.start < other.end + GAP and other.start < one.end + GAP


def find_conflict(slot: TimeRange, others: Sequence[TimeRange]) -> int | None:
    """Return the index of the first of the others that conflicts with the slot."""
    return next((place for place, other in enumerate(others) if conflict(slot, other)), None)


def next_free(slot: TimeRange, others: Sequence[TimeRange]) -> TimeRange | None:
    """Return the earliest free slot of the same length that is not before this one."""
    length = slot.end - slot.start
    starts = sorted({slot.start, *(other.end + GAP for other in others)})
    for start in starts:
        moved = TimeRange(start, start + length)
        # A slot ends at 23:59:59 at the latest.
        if slot.start <= start and moved.end < DAY and find_conflict(moved, others) is None:
            return moved
    return None


def effective(
    offered: Sequence[tuple[TimeRange, SourceT]], taken: Sequence[TimeRange]
) -> list[Bookable[SourceT]]:
    """Return the offered times minus the taken ones, in order. Join adjacent pieces."""
    pieces: list[Bookable[SourceT]] = []
    slots = [slot for slot, _ in offered]
    edges = sorted({edge for slot in (*slots, *taken) for edge in (slot.start, slot.end)})
    for start, end in pairwise(edges):
        piece = TimeRange(start, end)
        sources = tuple(source for slot, source in offered if _within(piece, slot))
        if not sources or any(_within(piece, slot) for slot in taken):
            continue
        last = pieces[-1] if pieces else None
        if last and last.slot.end == start and last.sources == sources:
            pieces[-1] = Bookable(TimeRange(last.slot.start, end), sources)
        else:
            pieces.append(Bookable(piece, sources))
    return pieces


def _within(piece: TimeRange, slot: TimeRange) -> bool:
    return slot.start <= piece.start and piece.end <= slot.end


def _seconds(time_of_day: time) -> int:
    return (time_of_day.hour * 60 + time_of_day.minute) * 60 + time_of_day.second

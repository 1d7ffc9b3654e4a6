"""The rule of rooms: pure arithmetic on times of one date, in seconds since midnight."""

from collections.abc import Collection

from app.clinic.availability.rules import TimeRange


def most_at_once(times: Collection[TimeRange]) -> int:
    """Return how many of these times overlap at the moment when most of them do."""
    # The most overlap when one of them starts.
    return max((sum(t.start <= each.start < t.end for t in times) for each in times), default=0)

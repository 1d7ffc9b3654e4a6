"""The speed and the remaining time of a step."""

from collections import deque

WATCHED_SECONDS = 10
KNOWN_AFTER_SECONDS = 1


class Pace:
    """An average over the last ten seconds in which rows were written.

    Rows are written in batches. Waiting for the next batch does not lower the speed unless it is
    overdue.
    """

    def __init__(self, began: float) -> None:
        self._began = self._now = began
        self._arrivals = deque([(began, 0)])

    def note(self, now: float, rows: int) -> None:
        self._now = now
        if rows > self._arrivals[-1][1]:
            self._arrivals.append((now, rows))
            while self._arrivals[1][0] < now - WATCHED_SECONDS:
                self._arrivals.popleft()

    def rows_per_second(self) -> float | None:
        (first, rows_then), (last, rows) = self._arrivals[0], self._arrivals[-1]
        if rows == 0 or self._now - self._began < KNOWN_AFTER_SECONDS:
            return None
        waited = self._waited()
        if self._now - last - waited > WATCHED_SECONDS:
            return None
        return round((rows - rows_then) / (self._now - waited - first), 1)

    def seconds_left(self, rows_expected: int | None) -> float | None:
        """Return the remaining time, or None if it is unknown or all rows are written."""
        _, rows = self._arrivals[-1]
        speed = self.rows_per_second()
        if not speed or rows_expected is None or rows >= rows_expected:
            return None
        return round(max(0, (rows_expected - rows) / speed - self._waited()), 1)

    def _waited(self) -> float:
        """Return the seconds since the last batch, at most as many as a batch takes."""
        (first, _), (last, _) = self._arrivals[0], self._arrivals[-1]
        a_batch = (last - first) / (len(self._arrivals) - 1)
        return min(self._now - last, a_batch)

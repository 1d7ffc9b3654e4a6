"""The one source of the current time, always in UTC."""

from datetime import UTC, date, datetime, timedelta

# That of the easternmost clocks, those of the Line Islands.
AHEAD_OF_UTC = timedelta(hours=14)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().date()


def latest_today() -> date:
    """Return the day that it is where days begin first: a clinic's own may be ahead of UTC's."""
    return (now() + AHEAD_OF_UTC).date()

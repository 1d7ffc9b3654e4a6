"""The current time, always in UTC."""

from datetime import UTC, date, datetime, timedelta

# The easternmost time zone, that of the Line Islands.
AHEAD_OF_UTC = timedelta(hours=14)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().date()


def latest_today() -> date:
    """Return the date in the easternmost time zone, because a clinic may be ahead of UTC."""
    return (now() + AHEAD_OF_UTC).date()

"""The one source of the current time, always in UTC."""

from datetime import UTC, date, datetime, timedelta

# The offset of the Line Islands, where each day starts first.
AHEAD_OF_UTC = timedelta(hours=14)
# That of Baker Island, where each day ends last.
BEHIND_UTC = timedelta(hours=12)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().date()


def latest_today() -> date:
    """Return today in the easternmost time zone: a clinic's date may be ahead of UTC."""
    return (now() + AHEAD_OF_UTC).date()


def earliest_today() -> date:
    """Return today in the westernmost time zone: a clinic's date may be behind UTC."""
    return (now() - BEHIND_UTC).date()

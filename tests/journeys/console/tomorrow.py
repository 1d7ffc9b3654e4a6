"""A server process for which it is a day later."""

from datetime import timedelta

from app import clock

DAY = timedelta(days=1)


def be_a_day_later() -> None:
    """For a server process before it starts."""
    machine_now = clock.machine_now
    clock.machine_now = lambda: machine_now() + DAY

"""The rules of patients, for the API and the seed."""

from datetime import date


def born_before(date_of_birth: date, first: date) -> bool:
    """A patient must be born before today, and before the first day of every plan."""
    return date_of_birth < first

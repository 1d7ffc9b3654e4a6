"""What holds of a patient, whoever writes it down."""

from datetime import date


def born_before(date_of_birth: date, first: date) -> bool:
    """A patient was born before everything else, be it today or the first day of a plan."""
    return date_of_birth < first

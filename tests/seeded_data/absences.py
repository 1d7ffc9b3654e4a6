"""Rules for public holidays, the coming week and weeks away."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from seeded_data.holidays import is_holiday
from seeded_data.seeded_set import WEEKDAYS, SeededSet, grouped, is_whole_day, named

DAY = timedelta(days=1)
HORIZON = 90
SOON = 7
SOON_IN = 3
MOST_HOLIDAYS = 2
DAYS_OF_A_WEEK_AWAY = 3


def holidays_are_taken_first(data: SeededSet) -> Iterator[str]:
    """A practitioner is off on the first two holidays of their days, except one who is away.

    An exception on a public holiday is for no other reason, and lasts all day.
    """
    ahead = [data.as_of + days * DAY for days in range(1, HORIZON + 1)]
    holidays = [day for day in ahead if is_holiday(day)]
    for user_id, exceptions in data.exceptions.items():
        offered = {template["day_of_week"] for template in data.templates[user_id]}
        own = [day for day in holidays if WEEKDAYS[day.weekday()] in offered][:MOST_HOLIDAYS]
        taken = sorted(row["date"] for row in exceptions if row["reason"] == "holiday")
        expected = set(taken) <= set(own) if _is_away(data, user_id) else taken == own
        if not expected:
            yield f"users {user_id}: is off on the holidays {taken} instead of {own}"
        for row in exceptions:
            if is_holiday(row["date"]) and not (row["reason"] == "holiday" and is_whole_day(row)):
                yield f"{named('availability_exceptions', row)}: is on a public holiday"


def a_third_have_an_exception_soon(data: SeededSet) -> Iterator[str]:
    """One practitioner in three has an exception within seven days."""
    soon = sum(
        any(row["date"] <= data.as_of + SOON * DAY for row in exceptions)
        for exceptions in data.exceptions.values()
    )
    if soon < len(data.exceptions) // SOON_IN:
        yield f"{soon} of {len(data.exceptions)} practitioners have an exception soon"


def one_of_a_clinic_is_away_for_a_week(data: SeededSet) -> Iterator[str]:
    """If a practitioner has three templates, one of the clinic is away for a whole week."""
    members = grouped(data.rows["members"], lambda row: row["organization_id"])
    for organization_id, rows in members.items():
        users = [row["user_id"] for row in rows]
        three = [user for user in users if len(data.templates[user]) == DAYS_OF_A_WEEK_AWAY]
        away = [user for user in users if _is_away(data, user)]
        if three and not away:
            yield f"organizations {organization_id}: nobody is away for a week"


def _is_away(data: SeededSet, user_id: UUID) -> bool:
    """Return whether each day that a practitioner offers is a day off in one week."""
    rows = [row for row in data.exceptions[user_id] if is_whole_day(row)]
    weeks = {row["date"] - row["date"].weekday() * DAY for row in rows}
    offered = {template["day_of_week"] for template in data.templates[user_id]}
    days = {WEEKDAYS[row["date"].weekday()] for row in rows}
    return len(weeks) == 1 and days == offered

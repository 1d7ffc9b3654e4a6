"""Rules for weekly templates and availability exceptions."""

from collections.abc import Iterable, Iterator
from datetime import time

from seeded_data.rows import Row
from seeded_data.seeded_set import (
    SeededSet,
    grouped,
    has_both_times,
    is_whole_day,
    named,
    repeated,
    too_close,
)

OPENS_AT, CLOSES_AT = time(8), time(19)
TEMPLATES_A_USER = range(3, 5 + 1)
LOCATIONS_A_USER = 2
EXCEPTIONS_A_USER = range(2, 4 + 1)
MAX_SESSIONS = range(1, 4 + 1)
EXCEPTION_HORIZON_DAYS = range(1, 90 + 1)


def slots_are_of_a_member(data: SeededSet) -> Iterator[str]:
    """A template or an exception belongs to an organization of its user."""
    for table in ("weekly_availability_templates", "availability_exceptions"):
        for row in data.rows[table]:
            if (row["organization_id"], row["user_id"]) not in data.memberships:
                yield f"{named(table, row)}: its user is not in its organization"


def slots_start_before_they_end(data: SeededSet) -> Iterator[str]:
    """A slot starts before it ends; a whole-day exception has neither time."""
    for table in ("weekly_availability_templates", "availability_exceptions"):
        for row in data.rows[table]:
            if is_whole_day(row):
                continue
            if not has_both_times(row):
                yield f"{named(table, row)}: has one time without the other"
            elif row["start_time"] >= row["end_time"]:
                yield f"{named(table, row)}: {row['start_time']} is not before {row['end_time']}"


def users_have_templates(data: SeededSet) -> Iterator[str]:
    """Every user has 3 to 5 weekly templates."""
    for user_id, templates in data.templates.items():
        if len(templates) not in TEMPLATES_A_USER:
            yield f"users {user_id}: has {len(templates)} templates"


def templates_are_on_different_days(data: SeededSet) -> Iterator[str]:
    """The templates of a user are on different days."""
    for templates in data.templates.values():
        yield from repeated(
            (named("weekly_availability_templates", row), row["day_of_week"]) for row in templates
        )


def templates_are_at_different_times(data: SeededSet) -> Iterator[str]:
    """The templates of a user have pairwise different times."""
    for templates in data.templates.values():
        yield from repeated(
            (
                named("weekly_availability_templates", row),
                f"{row['start_time']} to {row['end_time']}",
            )
            for row in templates
        )


def templates_are_at_different_locations(data: SeededSet) -> Iterator[str]:
    """The templates of a user are at two locations or more."""
    for user_id, templates in data.templates.items():
        locations = {template["location"] for template in templates}
        if templates and len(locations) < LOCATIONS_A_USER:
            yield f"users {user_id}: all templates are at {locations.pop()!r}"


def templates_are_in_opening_hours(data: SeededSet) -> Iterator[str]:
    """Templates lie within 08:00 to 19:00."""
    for row in data.rows["weekly_availability_templates"]:
        if row["start_time"] < OPENS_AT or row["end_time"] > CLOSES_AT:
            yield (
                f"{named('weekly_availability_templates', row)}:"
                f" {row['start_time']} to {row['end_time']} is outside opening hours"
            )


def templates_take_one_to_four_sessions(data: SeededSet) -> Iterator[str]:
    """A template takes 1 to 4 sessions at once."""
    for row in data.rows["weekly_availability_templates"]:
        if row["max_sessions"] not in MAX_SESSIONS:
            yield f"{named('weekly_availability_templates', row)}: takes {row['max_sessions']}"


def templates_keep_the_gap(data: SeededSet) -> Iterator[str]:
    """Two templates of a user on one weekday are at least 15 minutes apart."""
    table = "weekly_availability_templates"
    days = grouped(data.rows[table], lambda row: (row["user_id"], row["day_of_week"]))
    for slots in days.values():
        for slot, earlier in too_close(slots):
            yield f"{named(table, slot)}: is under 15 minutes after {named(table, earlier)}"


def users_have_exceptions(data: SeededSet) -> Iterator[str]:
    """Every user has 2 to 4 availability exceptions."""
    for user_id, exceptions in data.exceptions.items():
        if len(exceptions) not in EXCEPTIONS_A_USER:
            yield f"users {user_id}: has {len(exceptions)} exceptions"


def users_have_both_kinds_of_exception(data: SeededSet) -> Iterator[str]:
    """Every user has an available exception and an unavailable one."""
    for user_id, exceptions in data.exceptions.items():
        kinds = {exception["is_available"] for exception in exceptions}
        if kinds != {True, False}:
            yield f"users {user_id}: has exceptions of the kinds {sorted(kinds)} only"


def exceptions_are_whole_day_and_part_day(data: SeededSet) -> Iterator[str]:
    """The set has a whole-day exception and a part-day one."""
    whole_day = [is_whole_day(row) for row in data.rows["availability_exceptions"]]
    if data.rows["users"] and not any(whole_day):
        yield "no exception is for a whole day"
    if data.rows["users"] and all(whole_day):
        yield "no exception is for a part of a day"


def exceptions_are_in_the_next_90_days(data: SeededSet) -> Iterator[str]:
    """Exceptions are 1 to 90 days after the day that the set is made for."""
    for row in data.rows["availability_exceptions"]:
        if (row["date"] - data.as_of).days not in EXCEPTION_HORIZON_DAYS:
            yield f"{named('availability_exceptions', row)}: {row['date']} is out of range"


def exceptions_keep_the_gap(data: SeededSet) -> Iterator[str]:
    """Two exceptions of a user on one date are at least 15 minutes apart."""
    table = "availability_exceptions"
    for slots in _exceptions_by_day(data):
        for slot, earlier in too_close(slots):
            yield f"{named(table, slot)}: is under 15 minutes after {named(table, earlier)}"


def whole_day_exceptions_stand_alone(data: SeededSet) -> Iterator[str]:
    """A whole-day exception conflicts with every other one of that user on that date."""
    for slots in _exceptions_by_day(data):
        for slot in slots:
            if len(slots) > 1 and is_whole_day(slot):
                yield f"{named('availability_exceptions', slot)}: has others on its day"


def _exceptions_by_day(data: SeededSet) -> Iterable[list[Row]]:
    return grouped(
        data.rows["availability_exceptions"], lambda row: (row["user_id"], row["date"])
    ).values()


def available_exceptions_add_time(data: SeededSet) -> Iterator[str]:
    """An available exception is not wholly inside a template of its weekday."""
    for row in filter(has_both_times, data.rows["availability_exceptions"]):
        for template in data.templates_on(row) if row["is_available"] else []:
            if (
                template["start_time"] <= row["start_time"]
                and row["end_time"] <= template["end_time"]
            ):
                yield f"{named('availability_exceptions', row)}: adds no time to its template"


def unavailable_exceptions_take_time(data: SeededSet) -> Iterator[str]:
    """An unavailable exception overlaps with a template of its weekday."""
    for row in data.rows["availability_exceptions"]:
        if not row["is_available"] and not any(
            is_whole_day(row)
            or (
                has_both_times(row)
                and row["start_time"] < template["end_time"]
                and template["start_time"] < row["end_time"]
            )
            for template in data.templates_on(row)
        ):
            yield f"{named('availability_exceptions', row)}: takes no time that a template offers"

"""What `conflict-week` guarantees, as queries of the stored rows and as changes that break it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

from seed.scenarios.sentences.guarantee import AS_OF, Guarantee
from seed.scenarios.stored import Stored, minutes, weekday

LAST = "2026-01-08"


def is_soon(day: str) -> bool:
    return AS_OF < day <= LAST


def apart(rows: Iterable[Any], *columns: str) -> set[int]:
    """Return the minutes from the end of one row to the start of another with the same columns."""
    return {
        minutes(later.start_time) - minutes(row.end_time)
        for row, later in permutations(rows, 2)
        if all(getattr(row, column) == getattr(later, column) for column in columns)
    }


def absences(stored: Stored) -> list[Any]:
    return [
        row
        for row in stored.availability_exceptions
        if not row.is_available and row.start_time and is_soon(row.date)
    ]


def has_whole_day(stored: Stored, *, available: bool) -> bool:
    worked = {(row.user_id, row.day_of_week) for row in stored.weekly_availability_templates}
    return any(
        ((row.user_id, weekday(row.date)) in worked) is not available
        for row in stored.availability_exceptions
        if row.start_time is None and bool(row.is_available) is available and is_soon(row.date)
    )


def extends_a_template(stored: Stored) -> bool:
    ends = {
        (row.user_id, row.day_of_week, row.end_time) for row in stored.weekly_availability_templates
    }
    return any(
        (row.user_id, weekday(row.date), row.start_time) in ends
        for row in stored.availability_exceptions
        if row.is_available and is_soon(row.date)
    )


def follows_another(stored: Stored) -> bool:
    return any(
        row.user_id != later.user_id
        and row.day_of_week == later.day_of_week
        and row.end_time == later.start_time
        for row, later in permutations(stored.weekly_availability_templates, 2)
    )


def practitioners_with_full_templates(stored: Stored) -> int:
    held = Counter(
        (template.id, row.date)
        for template in stored.weekly_availability_templates
        for row in stored.counted()
        if row.therapist_id == template.user_id
        and weekday(row.date) == template.day_of_week
        and row.location == template.location
        and template.start_time <= row.start_time < template.end_time
        and is_soon(row.date)
    )
    templates = {row.id: row for row in stored.weekly_availability_templates}
    return len(
        {templates[id_].user_id for (id_, _), n in held.items() if n == templates[id_].max_sessions}
    )


def is_room_used_without_pause(stored: Stored) -> bool:
    small = {row.id for row in stored.rooms if row.capacity == 1}
    booked = [row for row in stored.counted() if row.room_id in small and is_soon(row.date)]
    return 0 in apart(booked, "room_id", "date")


SENTENCES: Mapping[str, Guarantee] = {
    "weekly templates of a practitioner are exactly 15 minutes apart": Guarantee(
        lambda stored: 15 in apart(stored.weekly_availability_templates, "user_id", "day_of_week"),
        "DELETE FROM weekly_availability_templates"
        " WHERE organization_id IN ({clinics}) AND day_of_week = 'mon'",
    ),
    "absences of a practitioner on a day of the coming week are exactly 15 minutes "
    "apart": Guarantee(
        lambda stored: 15 in apart(absences(stored), "user_id", "date"),
        "UPDATE availability_exceptions SET end_time = '08:59:00'"
        " WHERE organization_id IN ({clinics}) AND start_time = '08:00:00'",
    ),
    "a practitioner is absent for a whole day of the coming week that has hours": Guarantee(
        lambda stored: has_whole_day(stored, available=False),
        "DELETE FROM weekly_availability_templates"
        " WHERE organization_id IN ({clinics}) AND day_of_week = 'wed'",
    ),
    "a practitioner is available for a whole day of the coming week that has no hours": Guarantee(
        lambda stored: has_whole_day(stored, available=True),
        "UPDATE availability_exceptions SET is_available = FALSE"
        " WHERE organization_id IN ({clinics}) AND start_time IS NULL",
    ),
    "added hours of the coming week begin when those of a weekly template end": Guarantee(
        extends_a_template,
        "UPDATE availability_exceptions SET start_time = '12:05:00'"
        " WHERE organization_id IN ({clinics}) AND start_time = '12:00:00'",
    ),
    "a weekly template of a practitioner begins when that of another one ends": Guarantee(
        follows_another,
        "UPDATE weekly_availability_templates SET start_time = '12:30:00'"
        " WHERE organization_id IN ({clinics}) AND start_time IN ('11:00:00', '12:00:00')",
    ),
    "two weekly templates are full in the coming week, of two practitioners": Guarantee(
        lambda stored: practitioners_with_full_templates(stored) == 2,
        "UPDATE weekly_availability_templates SET max_sessions = 3"
        " WHERE organization_id IN ({clinics}) AND max_sessions = 2",
    ),
    "appointments of a practitioner in the coming week are exactly 5 minutes apart": Guarantee(
        lambda stored: 5 in apart(stored.counted(), "therapist_id", "date"),
        "UPDATE appointments SET start_time = '09:36:00'"
        " WHERE organization_id IN ({clinics}) AND start_time = '09:35:00'",
    ),
    "in a room with one place, an appointment of the coming week begins when another one "
    "ends": Guarantee(
        is_room_used_without_pause,
        "UPDATE appointments SET room_id = NULL"
        " WHERE organization_id IN ({clinics}) AND start_time = '12:00:00'",
    ),
    "all exceptions are in the coming week": Guarantee(
        lambda stored: all(is_soon(row.date) for row in stored.availability_exceptions),
        "UPDATE availability_exceptions SET date = '2026-01-09'"
        " WHERE organization_id IN ({clinics}) AND start_time = '08:00:00'",
    ),
    "all appointments are in the coming week": Guarantee(
        lambda stored: all(is_soon(row.date) for row in stored.appointments),
        "UPDATE appointments SET date = '2025-12-31'"
        " WHERE organization_id IN ({clinics}) AND start_time = '11:00:00'",
    ),
}

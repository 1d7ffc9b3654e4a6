"""Availability exceptions in the coming weeks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.clinic.availability import rules
from app.clinic.availability.rules import WEEKDAYS, next_free, slot_of
from app.database.bulk import Row
from app.seed.api_rules import check_conflicts, check_effects
from app.seed.audit.availability import EXCEPTION_RULES
from app.seed.constants import (
    EXCEPTION_DAYS,
    MAX_EXCEPTIONS_PER_USER,
    MIN_EXCEPTIONS_PER_USER,
)
from app.seed.data.practitioners import EXTRA_HOURS, PART_DAY_ABSENCES, WHOLE_DAY_ABSENCES
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.weekly_templates import HALF_HOUR, HOURS, TemplateSlot, clock_time, week
from app.seed.workdays import is_holiday
from app.tables import METADATA

MINUTE = 60


def exceptions_of(request: SeedRequest, user: int) -> Iterator[Row]:
    rows = check_conflicts(_exceptions_of(request, user), "date")
    return check_effects(rows, _hours(request.random_seed, user))


def _exceptions_of(request: SeedRequest, user: int) -> Iterator[Row]:
    organization = organization_index(request, user)
    for index, exception in enumerate(exceptions(request.random_seed, request.as_of, user)):
        number = user * MAX_EXCEPTIONS_PER_USER + index
        yield {
            "id": row_id(request.random_seed, "availability exception", number),
            "organization_id": shared_row_id(request.random_seed, "organization", organization),
            "user_id": shared_row_id(request.random_seed, "user", user),
            **exception,
        }


def exceptions(random_seed: int, as_of: date, user: int) -> list[Row]:
    """Return two to four exceptions. The last of more than two may share the date of an absence."""
    rows = list(_on_different_dates(random_seed, as_of, user))
    absences = (row for row in rows[:-1] if row["start_time"] and not row["is_available"])
    first = next(absences, None)
    if first and len(rows) > MIN_EXCEPTIONS_PER_USER:
        hours = _hours(random_seed, user)[first["date"].weekday()]
        draws = RandomDraws(random_seed, "second absence", user)
        rows[-1] = _second_absence(draws, first, hours) or rows[-1]
    return rows


def _on_different_dates(random_seed: int, as_of: date, user: int) -> Iterator[Row]:
    """Yield an absence, then extra hours, then either."""
    draws = RandomDraws(random_seed, "exceptions", user)
    slots = {WEEKDAYS.index(slot.day): slot for slot in week(random_seed, user)}
    coming = (as_of + timedelta(days=ahead) for ahead in range(1, EXCEPTION_DAYS + 1))
    days = [day for day in coming if not is_holiday(day)]
    worked = [day for day in days if day.weekday() in slots]
    free = [day for day in days if day.weekday() not in slots and day.weekday() < len(WEEKDAYS)]
    for index in range(draws.between(MIN_EXCEPTIONS_PER_USER, MAX_EXCEPTIONS_PER_USER)):
        if index == 1 or (index > 1 and draws.one_in(2)):
            yield _extra_hours(draws, free.pop(draws.below(len(free))))
            continue
        day = worked.pop(draws.below(len(worked)))
        # Even a data set with one user has a whole-day exception.
        if (user == 0 and index == 0) or draws.one_in(2):
            yield _whole_day(draws, day)
        else:
            yield _part_of_day(draws, day, slots[day.weekday()])


def _hours(random_seed: int, user: int) -> dict[int, rules.TimeRange]:
    """Return the hours of the templates by weekday."""
    return {
        WEEKDAYS.index(slot.day): slot_of(clock_time(slot.start), clock_time(slot.end))
        for slot in week(random_seed, user)
    }


def _whole_day(draws: RandomDraws, day: date) -> Row:
    absence = draws.choice(WHOLE_DAY_ABSENCES)
    return _row(day, None, None, absence.reason, absence.note, is_available=False)


def _part_of_day(draws: RandomDraws, day: date, slot: TemplateSlot) -> Row:
    absence = draws.choice(PART_DAY_ABSENCES)
    start = slot.start + HALF_HOUR * draws.between(0, 2)
    end = start + HALF_HOUR * draws.between(2, 4)
    return _row(day, start, end, absence.reason, absence.note, is_available=False)


def _second_absence(draws: RandomDraws, first: Row, hours: rules.TimeRange) -> Row | None:
    """Return an absence as soon after the first as the rules allow, or None without time left."""
    taken = slot_of(first["start_time"], first["end_time"])
    length = HALF_HOUR * draws.between(1, 3)
    free = next_free(replace(taken, end=taken.start + MINUTE * length), [taken])
    if free is None or free.end > hours.end:
        return None
    absence = draws.choice([a for a in PART_DAY_ABSENCES if a.reason != first["reason"]])
    start, end = free.start // MINUTE, free.end // MINUTE
    return _row(first["date"], start, end, absence.reason, absence.note, is_available=False)


def _extra_hours(draws: RandomDraws, day: date) -> Row:
    extra = draws.choice(EXTRA_HOURS)
    start, end = draws.choice(HOURS)
    return _row(day, start, end, extra.reason, extra.note, is_available=True)


def _row(
    day: date, start: int | None, end: int | None, reason: str, notes: str, *, is_available: bool
) -> Row:
    return {
        "date": day,
        "start_time": None if start is None else clock_time(start),
        "end_time": None if end is None else clock_time(end),
        "is_available": is_available,
        "reason": reason,
        "notes": notes,
    }


def _expected(request: SeedRequest) -> int:
    return request.users * (MIN_EXCEPTIONS_PER_USER + MAX_EXCEPTIONS_PER_USER) // 2


KIND = LoadedKind(
    name="availability_exceptions",
    table=METADATA.tables["availability_exceptions"],
    expected=_expected,
    is_exact=False,
    rules=EXCEPTION_RULES,
    groups=lambda request: request.users,
    rows=exceptions_of,
)

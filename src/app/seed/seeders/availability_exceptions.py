"""Availability exceptions in the coming weeks."""

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import date

from app.clinic.availability import rules
from app.clinic.availability.rules import WEEKDAYS, next_free, slot_of
from app.database.bulk import Row
from app.seed import calendar_of_absences as calendar
from app.seed.api_rules import check_conflicts, check_effects
from app.seed.audit.absences import ABSENCE_RULES
from app.seed.audit.availability import EXCEPTION_RULES
from app.seed.constants import MAX_EXCEPTIONS_PER_USER, MIN_EXCEPTIONS_PER_USER
from app.seed.data.absences import (
    EXTRA_HOURS,
    PART_DAY_ABSENCES,
    WEEKS_AWAY,
    WHOLE_DAY_ABSENCES,
    WHOLE_DAYS_AT_SHORT_NOTICE,
    Absence,
)
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.weekly_templates import (
    CLOSING,
    HALF_HOUR,
    HOURS,
    OPENING,
    TemplateSlot,
    clock_time,
    week,
)
from app.seed.workdays import holiday_name, is_holiday
from app.tables import METADATA

MINUTE = 60
LONGEST_EXTRA = 6 * HALF_HOUR
SHORT_NOTICE = 2  # days after `asOf`, for which a practitioner may be known to be sick
HOLIDAY = "holiday"


def exceptions_of(request: SeedRequest, user: int) -> Iterator[Row]:
    rows = check_conflicts(_exceptions_of(request, user), "date")
    return check_effects(rows, _hours(_slots(request.random_seed, user)))


def _exceptions_of(request: SeedRequest, user: int) -> Iterator[Row]:
    organization = organization_index(request, user)
    for index, exception in enumerate(exceptions(request, user)):
        number = user * MAX_EXCEPTIONS_PER_USER + index
        yield {
            "id": row_id(request.random_seed, "availability exception", number),
            "organization_id": shared_row_id(request.random_seed, "organization", organization),
            "user_id": shared_row_id(request.random_seed, "user", user),
            **exception,
        }


def exceptions(request: SeedRequest, user: int) -> list[Row]:
    """Return two to four exceptions: public holidays first, then those of the practitioner."""
    draws = RandomDraws(request.random_seed, "exceptions", user)
    slots = _slots(request.random_seed, user)
    if calendar.is_away_for_a_week(request, user):
        return _week_away(draws, request, user, slots)
    rows = list(_single_days(draws, request.as_of, user, slots))
    return _with_second_absence(draws, rows, slots)


def _week_away(
    draws: RandomDraws, request: SeedRequest, user: int, slots: dict[int, TemplateSlot]
) -> list[Row]:
    """Return a whole-day absence for each day of a week, and extra hours on another day."""
    week_days = calendar.week_away(request.random_seed, request.as_of, user)
    why = draws.choice(WEEKS_AWAY)
    rows = [_holiday(day) if is_holiday(day) else _absence(day, why) for day in week_days]
    days = _OpenDays(request.as_of, slots, week_days)
    soon = calendar.has_exception_soon(user) and not days.is_soon(week_days[0])
    return [*rows, _extra_hours(draws, days, slots, soon=soon)]


def _single_days(
    draws: RandomDraws, as_of: date, user: int, slots: dict[int, TemplateSlot]
) -> Iterator[Row]:
    """Yield public holidays, an absence if there are none, extra hours, then either."""
    holidays = calendar.holidays_of(as_of, slots)
    yield from map(_holiday, holidays)
    days = _OpenDays(as_of, slots, holidays)
    soon = calendar.has_exception_soon(user) and not any(map(days.is_soon, holidays))
    # Two public holidays can take two exceptions, and one must add time.
    fewest = max(MIN_EXCEPTIONS_PER_USER, len(holidays) + 1)
    count = draws.between(fewest, MAX_EXCEPTIONS_PER_USER)
    first_extra = 0 if holidays else 1
    for number in range(count - len(holidays)):
        now = soon and number == 0
        if number == first_extra or (number > first_extra and draws.one_in(2)):
            yield _extra_hours(draws, days, slots, soon=now)
            continue
        day = days.take(draws, days.worked, soon=now)
        # Even a data set with one user has a whole-day exception.
        if (user == 0 and number == 0) or draws.one_in(2):
            known = WHOLE_DAYS_AT_SHORT_NOTICE if days.is_short_notice(day) else WHOLE_DAY_ABSENCES
            yield _absence(day, draws.weighted(known))
        else:
            yield _part_of_day(draws, day, slots[day.weekday()])


class _OpenDays:
    """The days without a public holiday or an exception: worked ones, and others but Sundays."""

    def __init__(self, as_of: date, slots: Container[int], taken: Container[date]) -> None:
        self._as_of = as_of
        days = [
            day for day in calendar.days_ahead(as_of) if day not in taken and not is_holiday(day)
        ]
        self.worked = [day for day in days if day.weekday() in slots]
        self.free = [
            day for day in days if day.weekday() not in slots and day.weekday() < len(WEEKDAYS)
        ]

    def is_soon(self, day: date) -> bool:
        return (day - self._as_of).days <= calendar.SOON

    def is_short_notice(self, day: date) -> bool:
        return (day - self._as_of).days <= SHORT_NOTICE

    def take(self, draws: RandomDraws, days: list[date], *, soon: bool) -> date:
        day = draws.choice([day for day in days if self.is_soon(day) is soon])
        days.remove(day)
        return day

    def has(self, days: list[date], *, soon: bool) -> bool:
        return any(self.is_soon(day) is soon for day in days)


def _slots(random_seed: int, user: int) -> dict[int, TemplateSlot]:
    return {WEEKDAYS.index(slot.day): slot for slot in week(random_seed, user)}


def _hours(slots: dict[int, TemplateSlot]) -> dict[int, rules.TimeRange]:
    """Return the hours of the templates by weekday."""
    return {
        weekday: slot_of(clock_time(slot.start), clock_time(slot.end))
        for weekday, slot in slots.items()
    }


def _holiday(day: date) -> Row:
    return _absence(day, Absence(HOLIDAY, f"Public holiday: {holiday_name(day)}"))


def _absence(day: date, why: Absence) -> Row:
    return _row(day, None, None, why, is_available=False)


def _part_of_day(draws: RandomDraws, day: date, slot: TemplateSlot) -> Row:
    why = draws.choice(PART_DAY_ABSENCES[slot.location])
    start = slot.start + HALF_HOUR * draws.between(0, 2)
    end = start + HALF_HOUR * draws.between(2, 4)
    return _row(day, start, end, why, is_available=False)


def _with_second_absence(
    draws: RandomDraws, rows: list[Row], slots: dict[int, TemplateSlot]
) -> list[Row]:
    """Move the last of more than two exceptions to the date of an absence for a part of a day."""
    own = [row for row in rows if row["reason"] != HOLIDAY]
    first = next((row for row in own[:-1] if row["start_time"] and not row["is_available"]), None)
    if first and len(own) > MIN_EXCEPTIONS_PER_USER:
        slot = slots[first["date"].weekday()]
        rows[-1] = _second_absence(draws, first, slot) or rows[-1]
    return rows


def _second_absence(draws: RandomDraws, first: Row, slot: TemplateSlot) -> Row | None:
    """Return an absence as soon after the first as the rules allow, or None without time left."""
    taken = slot_of(first["start_time"], first["end_time"])
    length = HALF_HOUR * draws.between(1, 3)
    free = next_free(replace(taken, end=taken.start + MINUTE * length), [taken])
    if free is None or free.end > slot.end * MINUTE:
        return None
    options = PART_DAY_ABSENCES[slot.location]
    why = draws.choice([each for each in options if each.reason != first["reason"]])
    start, end = free.start // MINUTE, free.end // MINUTE
    return _row(first["date"], start, end, why, is_available=False)


def _extra_hours(
    draws: RandomDraws, days: _OpenDays, slots: dict[int, TemplateSlot], *, soon: bool
) -> Row:
    """Return extra hours on a day off, or before or after the usual hours if there is none."""
    why = draws.choice(EXTRA_HOURS)
    if days.has(days.free, soon=soon):
        day = days.take(draws, days.free, soon=soon)
        start, end = draws.choice(HOURS)
    else:
        day = days.take(draws, days.worked, soon=soon)
        start, end = _outside(slots[day.weekday()])
    return _row(day, start, end, why, is_available=True)


def _outside(slot: TemplateSlot) -> tuple[int, int]:
    if slot.start - OPENING > CLOSING - slot.end:
        return max(OPENING, slot.start - LONGEST_EXTRA), slot.start
    return slot.end, min(CLOSING, slot.end + LONGEST_EXTRA)


def _row(day: date, start: int | None, end: int | None, why: Absence, *, is_available: bool) -> Row:
    return {
        "date": day,
        "start_time": None if start is None else clock_time(start),
        "end_time": None if end is None else clock_time(end),
        "is_available": is_available,
        "reason": why.reason,
        "notes": why.note,
    }


def _expected(request: SeedRequest) -> int:
    """Return the mean: half an exception more for those with two public holidays."""
    mean = (MIN_EXCEPTIONS_PER_USER + MAX_EXCEPTIONS_PER_USER) / 2
    share = calendar.share_with_most_holidays(request.as_of)
    return round(request.users * (mean + share / 2))


KIND = LoadedKind(
    name="availability_exceptions",
    table=METADATA.tables["availability_exceptions"],
    expected=_expected,
    is_exact=False,
    rules=EXCEPTION_RULES + ABSENCE_RULES,
    groups=lambda request: request.users,
    rows=exceptions_of,
)

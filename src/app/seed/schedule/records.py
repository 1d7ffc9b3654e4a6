"""What is recorded about an appointment, which fits its status and its place in the plan."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.clinic.appointments.models import AppointmentStatus
from app.database.bulk import Row
from app.seed.data.conditions import CONDITIONS
from app.seed.data.sessions import (
    CANCELLATION_REASONS,
    CHILDREN,
    FIRST_NOTES,
    GENERAL,
    LAST_NOTES,
    NO_SHOW_REASONS_AT,
    TEXTS,
    Texts,
)
from app.seed.randomness import RandomDraws
from app.seed.schedule.courses import DAY
from app.seed.schedule.sessions import CourseSession
from app.seed.seeders.weekly_templates import clock_time

SCHEDULED, CONFIRMED, IN_PROGRESS, FINISHED, CANCELLED, NO_SHOW = AppointmentStatus
ZONE = timedelta(hours=10)  # of Melbourne, ahead of UTC; an hour more in summer is left out
OPENING, CLOSING = 8 * 60, 18 * 60
BEFORE_OPENING = 7 * 60
LATE_STARTS = (0, 0, 0, 0, 1, 2, 3, 5, 8)
EARLY_ENDS = (0, 0, 0, 1, 2, 3, 5)
MOST_PAIN = 10
RELIEF = (0, 1, 1, 1, 2, -1)  # how much a session takes off the pain; -1 makes it worse
CHANGES = (-1, 0, 0, 0, 1)  # how much worse a day is than the course of the plan

GROWN_UP = 18


def _texts(region: str, oldest: int) -> Texts:
    texts = TEXTS.get(region, GENERAL)
    return texts if oldest > GROWN_UP else CHILDREN._replace(has_pain=texts.has_pain)


TEXTS_BY_TITLE = {each.title: _texts(each.region, each.ages[1]) for each in CONDITIONS}
NOTHING: Row = dict.fromkeys(
    (
        "confirmed_at",
        "cancelled_at",
        "cancellation_reason",
        "no_show_reason",
        "primary_concern",
        "observations",
        "session_notes",
        "pain_before",
        "pain_after",
        "actual_start_time",
        "actual_end_time",
    )
)


def record_of(
    draws: RandomDraws, as_of: date, session: CourseSession, status: AppointmentStatus, end: int
) -> Row:
    """Return the columns from `confirmed_at` on; `end` counts minutes from midnight."""
    texts = TEXTS_BY_TITLE[session.course.plan["title"]]
    concern = draws.choice(texts.concerns)
    has_concern = session.is_first or draws.one_in(4)
    found: dict[str, Any] = {**NOTHING, "primary_concern": concern if has_concern else None}
    if status is CANCELLED:
        found["cancelled_at"] = _cancelled_at(draws, session.date, as_of)
        found["cancellation_reason"] = draws.choice(CANCELLATION_REASONS)
    elif status is not SCHEDULED:
        found["confirmed_at"] = _days_before(draws, min(session.date, as_of), 3)
    if status is NO_SHOW:
        found["no_show_reason"] = draws.choice(NO_SHOW_REASONS_AT[session.place.location])
    if status in (IN_PROGRESS, FINISHED):
        found["actual_start_time"] = _shifted(session.place.start, draws.choice(LATE_STARTS))
        found["observations"] = draws.choice(texts.observations)
        found["pain_before"] = before = _pain(draws, session) if texts.has_pain else None
        if status is FINISHED:
            found["actual_end_time"] = _shifted(end, -draws.choice(EARLY_ENDS))
            found["session_notes"] = draws.choice(_notes(session, texts))
            found["pain_after"] = (
                None if before is None else _limited(before - draws.choice(RELIEF))
            )
    return found


def _notes(session: CourseSession, texts: Texts) -> tuple[str, ...]:
    if session.is_first:
        return FIRST_NOTES
    is_last = session.number == session.course.plan["number_of_sessions"] - 1
    return LAST_NOTES if is_last else texts.notes


def _pain(draws: RandomDraws, session: CourseSession) -> int:
    """Return the pain before a session: it falls from the first to the last one of the plan."""
    at_first, at_last = session.course.pain
    part = session.number / session.course.plan["number_of_sessions"]
    return _limited(round(at_first - (at_first - at_last) * part) + draws.choice(CHANGES))


def _limited(pain: int) -> int:
    return min(max(pain, 0), MOST_PAIN)


def _shifted(start: int, minutes: int) -> time:
    return clock_time(start + minutes)


def _cancelled_at(draws: RandomDraws, day: date, as_of: date) -> datetime:
    """Return an instant in the week before, or before opening on the day itself."""
    if day < as_of and draws.one_in(4):
        return _instant(day, BEFORE_OPENING + draws.below(OPENING - BEFORE_OPENING))
    return _days_before(draws, min(day, as_of), 6)


def _days_before(draws: RandomDraws, day: date, most: int) -> datetime:
    """Return an instant in the daytime, one to `most` days before."""
    return _instant(day - draws.between(1, most) * DAY, draws.between(OPENING, CLOSING - 1))


def _instant(day: date, minutes: int) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return midnight + timedelta(minutes=minutes) - ZONE

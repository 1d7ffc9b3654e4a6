"""The sessions of a course: its places in each week, except on days off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.clinic.availability.rules import TimeRange, slot_of
from app.database.bulk import Row
from app.seed.request import SeedRequest
from app.seed.schedule.courses import DAY, WEEK, Course, courses_of
from app.seed.schedule.places import MINUTES, WeeklyPlace
from app.seed.seeders.availability_exceptions import exceptions_of
from app.seed.workdays import is_holiday

MINUTE = 60

Absences = Mapping[date, Sequence[TimeRange]]


@dataclass(frozen=True, slots=True)
class CourseSession:
    """`number` counts the sessions of the course; the first one is 0."""

    course: Course
    number: int
    date: date
    place: WeeklyPlace

    @property
    def is_first(self) -> bool:
        return self.number == 0


def sessions_of(request: SeedRequest, user: int) -> list[CourseSession]:
    """Return the sessions of a therapist in the window, course by course."""
    length = timedelta(days=WEEK * request.appointment_weeks)
    return list(sessions_between(request, user, request.as_of - length, request.as_of + length))


def sessions_between(
    request: SeedRequest, user: int, first: date, end: date
) -> Iterator[CourseSession]:
    """Yield the sessions from the first day on, before the end."""
    courses = list(courses_of(request, user))
    absences = absences_of(exceptions_of(request, user)) if courses else {}
    for course in courses:
        for session in sessions_of_course(course, absences, end):
            if session.date >= first:
                yield session


def absences_of(exceptions: Iterator[Row]) -> Absences:
    """Return the unavailable times of each date."""
    found: dict[date, list[TimeRange]] = {}
    for row in exceptions:
        if not row["is_available"]:
            slot = slot_of(row["start_time"], row["end_time"])
            found.setdefault(row["date"], []).append(slot)
    return found


def sessions_of_course(course: Course, absences: Absences, end: date) -> Iterator[CourseSession]:
    """Yield the sessions of a course before the end."""
    number = 0
    first = min(each.first for each in course.places)
    last = min(max(each.last for each in course.places), end - DAY)
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        for place, begin, until in course.places:
            day = monday + timedelta(days=place.weekday)
            if number == course.plan["number_of_sessions"]:
                return
            if begin <= day <= min(until, last) and not _is_off(day, place, absences):
                yield CourseSession(course, number, day, place)
                number += 1
        monday += timedelta(days=WEEK)


def _is_off(day: date, place: WeeklyPlace, absences: Absences) -> bool:
    start, end = place.start * MINUTE, (place.start + MINUTES) * MINUTE
    absent = any(slot.start < end and start < slot.end for slot in absences.get(day, ()))
    return absent or is_holiday(day)

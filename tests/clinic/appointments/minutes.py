"""The rules of appointments again, written minute by minute and without the application's code."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

GAP, STEP, SEARCHED_DAYS = 5, 5, 31
Minutes = set[int]


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment; times are minutes of the day, and people and rooms are numbers."""

    practitioner: int
    patient: int
    room: int | None
    day: date
    start: int
    end: int
    location: str = "clinic"

    @property
    def minutes(self) -> Minutes:
        return set(range(self.start, self.end))

    @property
    def near(self) -> Minutes:
        return set(range(self.start - GAP, self.end + GAP))

    def moved(self, day: date, start: int) -> "Visit":
        end = start + self.end - self.start
        return Visit(self.practitioner, self.patient, self.room, day, start, end, self.location)


@dataclass(slots=True)
class WeeklyHours:
    """Those of Mondays, at the clinic."""

    start: int
    end: int
    most: int


@dataclass(frozen=True, slots=True)
class OtherHours:
    """Of a practitioner on one day: time that is added at every location, or taken away."""

    practitioner: int
    day: date
    start: int
    end: int
    is_added: bool


@dataclass(slots=True)
class Minutely:
    """All that is stored; `weekly` is by practitioner, `rooms` has capacities."""

    weekly: dict[int, WeeklyHours]
    rooms: dict[int, int]
    others: dict[str, OtherHours] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)

    def weekly_minutes(self, practitioner: int, day: date, location: str) -> Minutes:
        hours = self.weekly[practitioner]
        is_offered = day.weekday() == 0 and location == "clinic"
        return set(range(hours.start, hours.end)) if is_offered else set()

    def other_minutes(self, practitioner: int, day: date, *, added: bool) -> Minutes:
        return {
            minute
            for each in self.others.values()
            if (each.practitioner, each.day, each.is_added) == (practitioner, day, added)
            for minute in range(each.start, each.end)
        }

    def offers(self, visit: Visit) -> bool:
        whose = visit.practitioner, visit.day
        hours = self.weekly_minutes(*whose, visit.location)
        hours |= self.other_minutes(*whose, added=True)
        return visit.minutes <= hours - self.other_minutes(*whose, added=False)

    def is_held(self, visit: Visit) -> bool:
        """Tell whether it takes one of the places of the weekly hours."""
        whose = visit.practitioner, visit.day
        weekly = self.weekly_minutes(*whose, visit.location)
        return bool(visit.minutes & weekly - self.other_minutes(*whose, added=True))

    def held(self, practitioner: int, day: date) -> int:
        return sum(
            self.is_held(each)
            for each in self.visits.values()
            if (each.practitioner, each.day) == (practitioner, day)
        )

    def in_the_way(self, visit: Visit, besides: str = "") -> str | None:
        """Return what the refusal has to name, or None."""
        others = [
            each
            for visit_id, each in self.visits.items()
            if visit_id != besides and each.day == visit.day
        ]
        if not self.offers(visit):
            return "hours"
        if any(o.practitioner == visit.practitioner and visit.minutes & o.near for o in others):
            return "practitioner"
        if visit.room is not None and any(
            sum(o.room == visit.room and minute in o.minutes for o in others)
            >= self.rooms[visit.room]
            for minute in visit.minutes
        ):
            return "room"
        if any(o.patient == visit.patient and visit.minutes & o.minutes for o in others):
            return "patient"
        of_practitioner = [o for o in others if o.practitioner == visit.practitioner]
        held = sum(map(self.is_held, of_practitioner))
        if self.is_held(visit) and held >= self.weekly[visit.practitioner].most:
            return "slot"
        return None

    def next_free(self, visit: Visit, besides: str = "") -> tuple[date, int] | None:
        for days in range(SEARCHED_DAYS + 1):
            day = visit.day + timedelta(days=days)
            for start in range(0, 24 * 60, STEP):
                is_later = (days, start) >= (0, visit.start)
                if is_later and (days, start) <= (SEARCHED_DAYS, visit.start):
                    moved = visit.moved(day, start)
                    if moved.end <= 24 * 60 and self.in_the_way(moved, besides) is None:
                        return day, start
        return None

    def free(self, visit: Visit) -> Iterator[int]:
        """Yield the starts on the day of a visit that has no room and nobody's patient."""
        for start in range(0, 24 * 60, STEP):
            if self.in_the_way(visit.moved(visit.day, start)) is None:
                yield start

    def broken(self) -> list[str]:
        """Return the ids of the visits that break a rule, given all the others."""
        return [
            visit_id
            for visit_id, visit in self.visits.items()
            if self.in_the_way(visit, besides=visit_id)
        ]

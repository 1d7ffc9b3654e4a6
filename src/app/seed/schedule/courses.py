"""Which treatment plans have which weekly places of their therapist.

Nothing depends on how many weeks of appointments are wanted, so a wider window leaves the
appointments of a narrower one as they are. The work for a therapist does not grow with the number
of plans: it ends when a number of plans in a row found no place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from app.database.bulk import Row
from app.seed.constants import MAX_APPOINTMENT_WEEKS, MAX_PLANS_PER_PATIENT
from app.seed.randomness import RandomDraws
from app.seed.request import SeedRequest
from app.seed.schedule.places import WeeklyPlace, places_of
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.therapists import patient_in, plans_of_therapist, therapist_ranks
from app.seed.seeders.treatment_plans import contents

WEEK = 7
DAY = timedelta(days=1)
SHORTEST = 2 * WEEK  # days for which a plan has a place
WIDEST = timedelta(days=WEEK * MAX_APPOINTMENT_WEEKS)
PLANS_WITHOUT_PLACE = 8
PAIN_AT_FIRST, PAIN_AT_LAST = (4, 8), (0, 3)
LONGEST_PAUSE = 10  # days from the last session of a paused plan to `asOf`


class CoursePlace(NamedTuple):
    """A weekly place that a course has from its first to its last day, both included."""

    place: WeeklyPlace
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Course:
    """The places that a plan has while it runs, on different weekdays.

    `number` counts the plans of all patients. `pain` is that at the first session, and at the last.
    """

    patient: int
    number: int
    plan: Row
    places: Sequence[CoursePlace]
    pain: tuple[int, int]


class _Run(NamedTuple):
    patient: int
    first: date
    last: date


class _Line(NamedTuple):
    """A place, and the runs that have it, which do not overlap."""

    place: WeeklyPlace
    runs: list[_Run]


class _Gap(NamedTuple):
    """Days on which a line is free."""

    line: _Line
    days: CoursePlace


class _Candidate(NamedTuple):
    number: int
    plan: Row
    run: _Run
    weekdays: Sequence[int]


def courses_of(request: SeedRequest, user: int) -> Iterator[Course]:
    """Yield the courses of a therapist, in the order of the plans."""
    timetable = [_Line(place, []) for place in places_of(request, user)]
    without_place = 0
    for number, plan, run, weekdays in _candidates(request, user):
        gaps = [gap for gap in _gaps(timetable, run) if gap.line.place.weekday in weekdays]
        chosen = _choose(gaps, plan["session_frequency"], number)
        if not chosen:
            without_place += 1
            if without_place == PLANS_WITHOUT_PLACE:
                return
            continue
        without_place = 0
        for line, days in chosen:
            line.runs.append(_Run(run.patient, days.first, days.last))
        places = [gap.days for gap in chosen]
        yield Course(run.patient, number, plan, places, pain_of(request, number))


def _candidates(request: SeedRequest, user: int) -> Iterator[_Candidate]:
    """Yield the therapist's plans that run in the widest window."""
    organization, rank = organization_index(request, user), user // request.organizations
    count, as_of = request.plans_per_patient, request.as_of
    numbers = plans_of_therapist(request, user)
    for place, plans in groupby(numbers, lambda number: number // count):
        patient = patient_in(request, organization, place)
        # The therapists of a patient share out the weekdays, so their appointments cannot overlap.
        ranks = therapist_ranks(request, organization, place)
        weekdays = range((ranks.index(rank) + place) % len(ranks), WEEK, len(ranks))
        of_patient = list(contents(request, patient))
        for index in (number % count for number in plans):
            number, plan = patient * MAX_PLANS_PER_PATIENT + index, of_patient[index]
            last = plan["end_date"] or _last_before_pause(request, number)
            run = _Run(patient, plan["start_date"], last)
            if run.first < as_of + WIDEST and run.last >= max(run.first, as_of - WIDEST):
                yield _Candidate(number, plan, run, weekdays)


def _last_before_pause(request: SeedRequest, number: int) -> date:
    days = RandomDraws(request.random_seed, "pause", number).between(1, LONGEST_PAUSE)
    return request.as_of - timedelta(days=days)


def pain_of(request: SeedRequest, number: int) -> tuple[int, int]:
    """Return the pain at the first and the last session of a plan."""
    draws = RandomDraws(request.random_seed, "pain", number)
    return draws.between(*PAIN_AT_FIRST), draws.between(*PAIN_AT_LAST)


def _gaps(timetable: Sequence[_Line], run: _Run) -> list[_Gap]:
    """Return when lines are free during a run, at least for `SHORTEST` unless it is shorter.

    Weekdays on which the patient has another place meanwhile are left out.
    """
    found, own = [], set()
    for line in timetable:
        meanwhile = [
            each for each in line.runs if each.first <= run.last and run.first <= each.last
        ]
        if any(each.patient == run.patient for each in meanwhile):
            own.add(line.place.weekday)
            continue
        days = _longest_gap(line.place, run, meanwhile)
        if days.days >= SHORTEST or not meanwhile:
            found.append(_Gap(line, days))
    return [gap for gap in found if gap.line.place.weekday not in own] if own else found


def _longest_gap(place: WeeklyPlace, run: _Run, meanwhile: Sequence[_Run]) -> CoursePlace:
    """Return the most days in a row of a run on which nobody else has a place."""
    gaps, first = [], run.first
    for other in sorted(meanwhile, key=lambda each: each.first):
        gaps.append(CoursePlace(place, first, other.first - DAY))
        first = other.last + DAY
    return max((*gaps, CoursePlace(place, first, run.last)), key=lambda gap: gap.days)


def _choose(gaps: list[_Gap], count: int, number: int) -> list[_Gap]:
    """Choose long gaps on different weekdays, far apart; plans begin with each line in turn."""
    turn = number % len(gaps) if gaps else 0
    left, chosen = gaps[turn:] + gaps[:turn], list[_Gap]()
    while left and len(chosen) < count:
        best = max(left, key=lambda gap: (_days_apart(gap, chosen), gap.days.days))
        chosen.append(best)
        left = [gap for gap in left if gap.line.place.weekday != best.line.place.weekday]
    return sorted(chosen, key=lambda gap: gap.line.place.weekday)


def _days_apart(gap: _Gap, others: Sequence[_Gap]) -> int:
    weekday = gap.line.place.weekday
    days = (abs(weekday - other.line.place.weekday) for other in others)
    return min((min(each, WEEK - each) for each in days), default=WEEK)

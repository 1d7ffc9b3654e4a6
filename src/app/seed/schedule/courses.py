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
WIDEST = timedelta(days=WEEK * MAX_APPOINTMENT_WEEKS)
PLANS_WITHOUT_PLACE = 8
PAIN_AT_FIRST, PAIN_AT_LAST = (4, 8), (0, 3)
LONGEST_PAUSE = 10  # days from the last session of a paused plan to `asOf`


@dataclass(frozen=True, slots=True)
class Course:
    """The places that a plan has in each week from its first to its last day.

    `number` counts the plans of all patients. `pain` is that at the first session, and at the last.
    """

    patient: int
    number: int
    plan: Row
    first: date
    last: date
    places: Sequence[WeeklyPlace]
    pain: tuple[int, int]


class _Run(NamedTuple):
    patient: int
    first: date
    last: date


class _Line(NamedTuple):
    """A place, and the runs that have it, which do not overlap."""

    place: WeeklyPlace
    runs: list[_Run]


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
        free = [line for line in _free(timetable, run) if line.place.weekday in weekdays]
        chosen = _choose(free, plan["session_frequency"], number)
        if not chosen:
            without_place += 1
            if without_place == PLANS_WITHOUT_PLACE:
                return
            continue
        without_place = 0
        for line in chosen:
            line.runs.append(run)
        places = [line.place for line in chosen]
        yield Course(run.patient, number, plan, run.first, run.last, places, _pain(request, number))


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


def _pain(request: SeedRequest, number: int) -> tuple[int, int]:
    draws = RandomDraws(request.random_seed, "pain", number)
    return draws.between(*PAIN_AT_FIRST), draws.between(*PAIN_AT_LAST)


def _free(timetable: Sequence[_Line], run: _Run) -> list[_Line]:
    """Return the lines that are free from the first to the last day of a run.

    Days on which the patient has another place are left out.
    """
    patient, first, last = run
    free, own = [], set()
    for line in timetable:
        meanwhile = [each for each in line.runs if each.first <= last and first <= each.last]
        if not meanwhile:
            free.append(line)
        elif any(each.patient == patient for each in meanwhile):
            own.add(line.place.weekday)
    return [line for line in free if line.place.weekday not in own] if own else free


def _choose(free: list[_Line], count: int, number: int) -> list[_Line]:
    """Choose lines on different weekdays, far apart in the week; plans begin with each in turn."""
    turn = number % len(free) if free else 0
    left, chosen = free[turn:] + free[:turn], list[_Line]()
    while left and len(chosen) < count:
        best = max(left, key=lambda line: _days_apart(line, chosen)) if chosen else left[0]
        chosen.append(best)
        left = [line for line in left if line.place.weekday != best.place.weekday]
    return sorted(chosen, key=lambda line: line.place.weekday)


def _days_apart(line: _Line, others: Sequence[_Line]) -> int:
    days = (abs(line.place.weekday - other.place.weekday) for other in others)
    return min(min(each, WEEK - each) for each in days)

"""Treatment plans: those of a patient have different statuses, and exactly one is ongoing."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from math import ceil

from app.clinic.treatment_plans.models import PlanStatus
from app.database.bulk import Row
from app.seed.api_rules import check_plan, check_plan_limits
from app.seed.audit.treatment_plans import PLAN_RULES
from app.seed.constants import MAX_PLANS_PER_PATIENT, MIN_PLANS_PER_PATIENT
from app.seed.data.conditions import CONDITIONS, Condition
from app.seed.data.history import COVERAGE, COVERAGE_NOTES, PLAN_NOTES
from app.seed.data.names import FEMALE_FIRST_NAMES, LAST_NAMES, MALE_FIRST_NAMES
from app.seed.people import patient, patient_age
from app.seed.randomness import RandomDraws, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index
from app.seed.seeders.therapists import therapist_of
from app.seed.workdays import workday
from app.tables import METADATA

DOCTORS = FEMALE_FIRST_NAMES + MALE_FIRST_NAMES
OTHER_STATUSES = tuple(status for status in PlanStatus if status is not PlanStatus.ONGOING)
WEEK = 7


def plans_of(request: SeedRequest, patient_index: int) -> Iterator[Row]:
    if patient_index == 0:
        check_plan_limits(request.as_of)
    random_seed = request.random_seed
    organization = organization_index(request, patient_index % request.users)
    # Only the year of birth is known here, so the last day of the year is the limit.
    born = date(request.as_of.year - patient_age(random_seed, patient_index), 12, 31)
    patient_id = row_id(random_seed, "patient", patient_index)
    for index, content_ in enumerate(contents(request, patient_index)):
        therapist = therapist_of(request, organization, patient_index, index)
        plan = {
            "id": row_id(random_seed, "treatment plan", _number(patient_index, index)),
            "organization_id": shared_row_id(random_seed, "organization", organization),
            "patient_id": patient_id,
            "therapist_id": shared_row_id(random_seed, "user", therapist),
            **content_,
        }
        yield check_plan(plan, born, request.as_of)


def contents(request: SeedRequest, patient_index: int) -> Iterator[Row]:
    """Yield the content of a patient's plans, without ids of other rows."""
    count = request.plans_per_patient
    for index, condition in enumerate(conditions_of(request.random_seed, patient_index, count)):
        yield content(request, patient_index, index, condition)


def content(request: SeedRequest, patient_index: int, index: int, condition: Condition) -> Row:
    draws = RandomDraws(request.random_seed, "treatment plan", _number(patient_index, index))
    status = _statuses(request.random_seed, patient_index)[index]
    return _content(draws, request.as_of, condition, status)


@lru_cache(maxsize=1)
def _statuses(random_seed: int, patient_index: int) -> list[PlanStatus]:
    draws = RandomDraws(random_seed, "course of treatment", patient_index)
    return [PlanStatus.ONGOING, *draws.sample(OTHER_STATUSES, len(OTHER_STATUSES))]


def conditions_of(random_seed: int, patient_index: int, count: int) -> list[Condition]:
    """Return the conditions that a patient's plans treat, each of another region of the body.

    Only the plans that every patient has may follow a surgery or an illness. These are listed in
    the patient's record, which does not depend on the number of plans.
    """
    draws = RandomDraws(random_seed, "conditions", patient_index)
    gender = patient(random_seed, patient_index).gender
    left = _eligible(patient_age(random_seed, patient_index), gender)
    chosen: list[Condition] = []
    while len(chosen) < count:
        if len(chosen) == MIN_PLANS_PER_PATIENT:
            left = [c for c in left if c.surgery is None and c.illness is None]
        condition = draws.choice(left)
        chosen.append(condition)
        left = [c for c in left if c.region != condition.region]
    return chosen


def _number(patient_index: int, index: int) -> int:
    return patient_index * MAX_PLANS_PER_PATIENT + index


def _content(draws: RandomDraws, as_of: date, condition: Condition, status: PlanStatus) -> Row:
    sessions = draws.between(*condition.sessions)
    per_week = draws.choice(condition.sessions_per_week)
    start, end = _dates(draws, as_of, status, ceil(sessions / per_week))
    coverage = draws.choice(COVERAGE[status])
    return {
        "title": condition.title,
        "diagnosis": condition.diagnosis,
        "objective": condition.objective,
        "start_date": start,
        "end_date": end,
        "number_of_sessions": sessions,
        "session_frequency": per_week,
        "status": status,
        "prescribing_doctor": f"Dr {draws.choice(DOCTORS)} {draws.choice(LAST_NAMES)}",
        "prescription_date": workday(min(start, as_of) - timedelta(days=draws.between(3, 21))),
        "coverage_status": coverage,
        "insurance_info": COVERAGE_NOTES[coverage],
        "notes": draws.choice(PLAN_NOTES[status]),
    }


def _dates(
    draws: RandomDraws, as_of: date, status: PlanStatus, weeks: int
) -> tuple[date, date | None]:
    """Return the start and end date of a plan, which match its status on `as_of`."""
    length = timedelta(days=WEEK * weeks)
    match status:
        case PlanStatus.PLANNED:
            start = workday(as_of + timedelta(days=draws.between(5, 45)))
            return start, start + length
        case PlanStatus.ONGOING:
            start = workday(as_of - timedelta(days=draws.between(WEEK, WEEK * weeks - 5)))
            return start, start + length
        case PlanStatus.COMPLETED:
            end = workday(as_of - timedelta(days=draws.between(7, 240)))
            return end - length, end
        case PlanStatus.PAUSED:
            # The end of a paused plan is unknown.
            return workday(as_of - timedelta(days=draws.between(14, 90))), None
        case PlanStatus.CANCELLED:
            start = workday(as_of - length - timedelta(days=draws.between(7, 180)))
            return start, start + timedelta(days=WEEK * draws.between(1, weeks - 1))


@cache
def _eligible(age: int, gender: str) -> list[Condition]:
    return [
        condition
        for condition in CONDITIONS
        if condition.ages[0] < age <= condition.ages[1] and condition.gender in (None, gender)
    ]


KIND = LoadedKind(
    name="treatment_plans",
    table=METADATA.tables["treatment_plans"],
    expected=lambda request: request.patients * request.plans_per_patient,
    rules=PLAN_RULES,
    groups=lambda request: request.patients,
    rows=plans_of,
)

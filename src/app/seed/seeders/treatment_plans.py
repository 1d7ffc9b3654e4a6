"""Treatment plans: those of a patient have different statuses, and exactly one is ongoing."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from math import ceil, factorial

from app.clinic.treatment_plans.models import PlanStatus
from app.database.bulk import Row
from app.seed.api_rules import check_plan, check_plan_limits
from app.seed.audit.treatment_plans import PLAN_RULES
from app.seed.constants import MAX_PLANS_PER_PATIENT, MIN_PLANS_PER_PATIENT
from app.seed.data.condition import Condition
from app.seed.data.conditions import CONDITIONS
from app.seed.data.funding import Payer
from app.seed.data.plan_notes import PLAN_NOTES
from app.seed.people.doctors import doctor_of
from app.seed.people.funding import coverage, pays_for
from app.seed.people.patients import profile
from app.seed.randomness import RandomDraws, Weighted, in_order, row_id, shared_row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import LoadedKind
from app.seed.seeders.memberships import organization_index, place_of_patient
from app.seed.seeders.therapists import therapist_of
from app.seed.workdays import is_workday, workday_from
from app.tables import METADATA

OTHER_STATUSES = tuple(status for status in PlanStatus if status is not PlanStatus.ONGOING)
# To draw one of them takes less time than to draw a sample.
ORDERS = [in_order(OTHER_STATUSES, each) for each in range(factorial(len(OTHER_STATUSES)))]
WEEK, DAY = 7, timedelta(days=1)
# Payers for some conditions only: one plan of each of their patients is for such a condition.
FOR_SOME = (Payer.NDIS, Payer.TAC, Payer.WORKCOVER)


def plans_of(request: SeedRequest, patient_index: int) -> Iterator[Row]:
    if patient_index == 0:
        check_plan_limits(request.as_of)
    random_seed = request.random_seed
    organization = organization_index(request, patient_index % request.users)
    # Only the year of birth is known here, so the last day of the year is the limit.
    born = date(request.as_of.year - profile(random_seed, patient_index).age, 12, 31)
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
    who = profile(request.random_seed, patient_index)
    status = _statuses(request.random_seed, patient_index)[index]
    sessions = draws.between(*condition.sessions)
    per_week = draws.choice(condition.per_week)
    start, end = _dates(draws, request.as_of, status, ceil(sessions / per_week))
    covered, info = coverage(draws, status, who.funding, condition)
    return {
        "title": condition.title,
        "diagnosis": condition.diagnosis,
        "objective": condition.objective,
        "start_date": start,
        "end_date": end,
        "number_of_sessions": sessions,
        "session_frequency": per_week,
        "status": status,
        "prescribing_doctor": _doctor(draws, request, patient_index, who.own_doctor),
        "prescription_date": _workday(draws, min(start, request.as_of), -21, -1),
        "coverage_status": covered,
        "insurance_info": info,
        "notes": draws.choice(PLAN_NOTES[status]),
    }


def _doctor(draws: RandomDraws, request: SeedRequest, patient_index: int, own: int) -> str:
    organization = organization_index(request, patient_index % request.users)
    place = place_of_patient(request, patient_index)
    return doctor_of(draws, request.random_seed, own, organization, place)


@lru_cache(maxsize=1)
def _statuses(random_seed: int, patient_index: int) -> list[PlanStatus]:
    draws = RandomDraws(random_seed, "course of treatment", patient_index)
    return [PlanStatus.ONGOING, *draws.choice(ORDERS)]


def conditions_of(random_seed: int, patient_index: int, count: int) -> list[Condition]:
    """Return the conditions that a patient's plans treat, each of another region of the body.

    Only the plans that every patient has may follow a surgery or an illness. These are listed in
    the patient's record, which does not depend on the number of plans.
    """
    draws = RandomDraws(random_seed, "conditions", patient_index)
    who = profile(random_seed, patient_index)
    options = _eligible(who.age, who.sex, who.gender)
    chosen: list[Condition] = []
    if who.funding.payer in FOR_SOME:
        chosen.append(draws.weighted(_paid_by(who.funding.payer, who.age, who.sex, who.gender)))
    regions = {condition.region for condition in chosen}
    while len(chosen) < count:
        condition = draws.weighted(options)
        is_cause = condition.surgery or condition.illness
        if condition.region in regions or (is_cause and len(chosen) >= MIN_PLANS_PER_PATIENT):
            continue
        chosen.append(condition)
        regions.add(condition.region)
    return chosen


def _number(patient_index: int, index: int) -> int:
    return patient_index * MAX_PLANS_PER_PATIENT + index


def _dates(
    draws: RandomDraws, as_of: date, status: PlanStatus, weeks: int
) -> tuple[date, date | None]:
    """Return the start and end date of a plan, which match its status on `as_of`.

    A start is drawn from whole weeks, so that each weekday is as frequent. Three weeks or more of
    sessions leave a choice for plans that are ongoing.
    """
    days = WEEK * weeks
    match status:
        case PlanStatus.PLANNED:
            start = _workday(draws, as_of, 4, 45)
        case PlanStatus.ONGOING:
            start = _workday(draws, as_of, 8 - days, -7)
        case PlanStatus.COMPLETED:
            start = _workday(draws, as_of, -244 - days, -7 - days)
        case PlanStatus.PAUSED:
            # The end of a paused plan is unknown.
            return _workday(draws, as_of, -90, -14), None
        case PlanStatus.CANCELLED:
            start = _workday(draws, as_of, -181 - days, -7 - days)
            days = WEEK * draws.between(1, weeks - 1)
    return start, workday_from(start + timedelta(days=days))


def _workday(draws: RandomDraws, day: date, first: int, last: int) -> date:
    """Draw a workday from `first` to `last` days after a day. Seven days have a workday."""
    while True:
        drawn = day + draws.between(first, last) * DAY
        if is_workday(drawn):
            return drawn


@cache
def _eligible(age: int, sex: str, gender: str | None) -> Weighted[Condition]:
    return by_weight(sex, conditions_at(age, gender))


def by_weight(sex: str, conditions: Iterable[Condition]) -> Weighted[Condition]:
    return Weighted((condition, condition.weight_for(sex)) for condition in conditions)


def conditions_at(age: int, gender: str | None) -> list[Condition]:
    return [
        condition
        for condition in CONDITIONS
        if condition.ages[0] < age <= condition.ages[1] and condition.gender in {None, gender}
    ]


@cache
def _paid_by(payer: Payer, age: int, sex: str, gender: str | None) -> Weighted[Condition]:
    return by_weight(sex, (each for each in conditions_at(age, gender) if pays_for(payer, each)))


KIND = LoadedKind(
    name="treatment_plans",
    table=METADATA.tables["treatment_plans"],
    expected=lambda request: request.patients * request.plans_per_patient,
    rules=PLAN_RULES,
    groups=lambda request: request.patients,
    rows=plans_of,
)

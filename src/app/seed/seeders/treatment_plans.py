"""Treatment plans: each of a patient's in another status, exactly one of them ongoing."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from math import ceil

from app.seed.constants import MAX_PLANS_PER_PATIENT
from app.seed.data.conditions import CONDITIONS, Condition
from app.seed.data.history import COVERAGE, COVERAGE_NOTES, PLAN_NOTES
from app.seed.data.names import FEMALE_FIRST_NAMES, LAST_NAMES, MALE_FIRST_NAMES
from app.seed.data_set import DataSet, Row
from app.seed.people import patient
from app.seed.randomness import Draws, row_id
from app.seed.request import SeedRequest
from app.seed.seeders.memberships import member_count, organization_index
from app.seed.seeders.patients import age_of
from app.seed.workdays import workday
from app.treatment_plans.models import PlanStatus, TreatmentPlan

DOCTORS = FEMALE_FIRST_NAMES + MALE_FIRST_NAMES
OTHER_STATUSES = tuple(status for status in PlanStatus if status is not PlanStatus.ONGOING)
WEEK = 7


async def seed_treatment_plans(data_set: DataSet) -> None:
    await data_set.insert("treatment_plans", TreatmentPlan, treatment_plans(data_set.request))


def treatment_plans(request: SeedRequest) -> Iterator[Row]:
    for index in range(request.patients):
        yield from plans_of(request, index)


def plans_of(request: SeedRequest, patient_index: int) -> Iterator[Row]:
    random_seed = request.random_seed
    draws = Draws(random_seed, "course of treatment", patient_index)
    statuses = [PlanStatus.ONGOING, *draws.sample(OTHER_STATUSES, len(OTHER_STATUSES))]
    conditions = draws.sample(_conditions_for(random_seed, patient_index), MAX_PLANS_PER_PATIENT)
    organization = organization_index(request, patient_index % request.users)
    for index in range(request.plans_per_patient):
        number = patient_index * MAX_PLANS_PER_PATIENT + index
        therapist = _therapist(request, organization, patient_index, index)
        yield {
            "id": row_id(random_seed, "treatment plan", number),
            "organization_id": row_id(random_seed, "organization", organization),
            "patient_id": row_id(random_seed, "patient", patient_index),
            "therapist_id": row_id(random_seed, "user", therapist),
            **_plan(
                Draws(random_seed, "treatment plan", number),
                request.as_of,
                conditions[index],
                statuses[index],
            ),
        }


def _plan(draws: Draws, as_of: date, condition: Condition, status: PlanStatus) -> Row:
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


def _dates(draws: Draws, as_of: date, status: PlanStatus, weeks: int) -> tuple[date, date | None]:
    """First and last day of a plan of so many weeks, as its status has it on `as_of`."""
    length = timedelta(days=WEEK * weeks)
    match status:
        case PlanStatus.PLANNED:
            start = workday(as_of + timedelta(days=draws.between(5, 45)))
            return start, start + length
        case PlanStatus.ONGOING:
            start = workday(as_of - timedelta(days=draws.between(0, WEEK * weeks - 5)))
            return start, start + length
        case PlanStatus.COMPLETED:
            end = workday(as_of - timedelta(days=draws.between(7, 240)))
            return end - length, end
        case PlanStatus.PAUSED:
            # Nobody knows yet when a paused plan will end.
            return workday(as_of - timedelta(days=draws.between(14, 90))), None
        case PlanStatus.CANCELLED:
            start = workday(as_of - length - timedelta(days=draws.between(7, 180)))
            return start, start + timedelta(days=WEEK * draws.below(weeks))


def _therapist(request: SeedRequest, organization: int, patient_index: int, plan: int) -> int:
    """Share an organization's plans out in equal runs, so that a patient mostly stays with one.

    Patients go round the users, and users round the organizations, which makes the place of a
    patient within an organization a matter of arithmetic.
    """
    members = member_count(request, organization)
    rounds, user = divmod(patient_index, request.users)
    place = rounds * members + user // request.organizations
    full_rounds, rest = divmod(request.patients, request.users)
    in_all = full_rounds * members + len(range(organization, rest, request.organizations))
    number = place * request.plans_per_patient + plan
    rank = number * members // (in_all * request.plans_per_patient)
    return organization + rank * request.organizations


def _conditions_for(random_seed: int, patient_index: int) -> tuple[Condition, ...]:
    gender = patient(random_seed, patient_index).gender
    return _eligible(age_of(random_seed, patient_index), gender)


@cache
def _eligible(age: int, gender: str) -> tuple[Condition, ...]:
    return tuple(
        condition
        for condition in CONDITIONS
        if condition.ages[0] < age <= condition.ages[1] and condition.gender in (None, gender)
    )

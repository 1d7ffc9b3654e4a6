"""Treatment plans of scenarios: the texts of seeded ones, with other dates."""

from datetime import date, timedelta

from app.clinic.treatment_plans.models import PlanStatus
from app.database.bulk import Row
from app.seed.api_rules import check_plan
from app.seed.data.condition import Condition
from app.seed.data.plan_notes import PLAN_NOTES
from app.seed.people.doctors import doctor_of
from app.seed.people.funding import coverage
from app.seed.people.patients import profile
from app.seed.randomness import RandomDraws, row_id
from app.seed.request import SeedRequest
from app.seed.workdays import workday_from

DAYS_FROM_PRESCRIPTION = 9


def plan_row(
    request: SeedRequest,
    number: int,
    patient: Row,
    patient_index: int,
    therapist: int,
    condition: Condition,
    start: date,
    end: date,
) -> Row:
    """Return a plan of the first clinic; its status fits its dates on `asOf`."""
    random_seed, as_of = request.random_seed, request.as_of
    draws = RandomDraws(random_seed, "plan of a scenario", number)
    who = profile(random_seed, patient_index)
    status = _status(start, end, as_of)
    covered, info = coverage(draws, status, who.funding, condition)
    prescribed = min(start, as_of) - timedelta(days=DAYS_FROM_PRESCRIPTION)
    plan = {
        "id": row_id(random_seed, "treatment plan", number),
        "organization_id": patient["organization_id"],
        "patient_id": patient["id"],
        "therapist_id": row_id(random_seed, "user", therapist),
        "title": condition.title,
        "diagnosis": condition.diagnosis,
        "objective": condition.objective,
        "start_date": start,
        "end_date": end,
        "number_of_sessions": condition.sessions[1],
        "session_frequency": condition.per_week[0],
        "status": status,
        "prescribing_doctor": doctor_of(draws, random_seed, who.own_doctor, 0, patient_index),
        "prescription_date": workday_from(prescribed),
        "coverage_status": covered,
        "insurance_info": info,
        "notes": draws.choice(PLAN_NOTES[status]),
    }
    return check_plan(plan, patient["date_of_birth"], as_of)


def _status(start: date, end: date, as_of: date) -> PlanStatus:
    if start > as_of:
        return PlanStatus.PLANNED
    return PlanStatus.ONGOING if end >= as_of else PlanStatus.COMPLETED

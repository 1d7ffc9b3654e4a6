"""Rules of treatment plans."""

from typing import Any

from sqlalchemy import ColumnElement, distinct, extract, func, or_, select

from app.clinic.treatment_plans.models import PlanStatus
from app.seed.audit.rule import (
    AS_OF,
    CHILDREN_BORN_AFTER,
    HOLIDAYS,
    PLANS_PER_PATIENT,
    CatalogueRule,
    Rule,
    count_if,
    table,
    with_counts,
)
from app.seed.data.child_conditions import CHILD_CONDITIONS
from app.seed.data.conditions import CONDITIONS
from app.seed.data.plan_notes import NOT_REQUIRED

patients, plans, members = table("patients"), table("treatment_plans"), table("members")

courses = with_counts(
    patients,
    {
        plans.c.organization_id: patients.c.organization_id,
        plans.c.patient_id: patients.c.id,
    },
    plans=func.count(),
    statuses=func.count(distinct(plans.c.status)),
    ongoing=count_if(plans.c.status == PlanStatus.ONGOING),
)
loads = with_counts(
    members,
    {
        plans.c.organization_id: members.c.organization_id,
        plans.c.therapist_id: members.c.user_id,
    },
    plans=func.count(),
)
spreads = select(
    loads.c.id,
    loads.c.plans,
    func.max(loads.c.plans).over(partition_by=loads.c.organization_id).label("most"),
).subquery()

joined = (
    select(plans, patients.c.date_of_birth, patients.c.insurance_provider)
    .join(
        patients,
        (patients.c.organization_id == plans.c.organization_id)
        & (patients.c.id == plans.c.patient_id),
    )
    .subquery()
)
plan = joined.c
is_completed = plan.status == PlanStatus.COMPLETED
is_planned = plan.status == PlanStatus.PLANNED
is_ongoing = plan.status == PlanStatus.ONGOING
is_paused = plan.status == PlanStatus.PAUSED

CHILDREN_TITLES = [condition.title for condition in CHILD_CONDITIONS]
WEEKEND = (0, 6)  # days of the week in SQL, from Sunday


def _is_no_workday(day: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(extract("dow", day).in_(WEEKEND), day.in_(HOLIDAYS))


PLAN_RULES = (
    Rule(
        "every patient has as many plans as requested",
        patients.name,
        courses,
        courses.c.plans != PLANS_PER_PATIENT,
    ),
    Rule(
        "plans of a patient have different statuses",
        plans.name,
        courses,
        courses.c.statuses < courses.c.plans,
    ),
    Rule(
        "every patient has exactly one ongoing plan",
        patients.name,
        courses,
        courses.c.ongoing != 1,
    ),
    Rule(
        "therapists of an organization have as many plans, or one more",
        members.name,
        spreads,
        spreads.c.plans < spreads.c.most - 1,
    ),
    Rule(
        "completed plans ended in the past",
        plans.name,
        joined,
        is_completed & (plan.end_date.is_(None) | (plan.end_date >= AS_OF)),
    ),
    Rule(
        "planned plans start in the future",
        plans.name,
        joined,
        is_planned & (plan.start_date <= AS_OF),
    ),
    Rule(
        "ongoing plans have started and are not over",
        plans.name,
        joined,
        is_ongoing & ((plan.start_date > AS_OF) | (plan.end_date < AS_OF)),
    ),
    Rule(
        "paused plans have started",
        plans.name,
        joined,
        is_paused & (plan.start_date > AS_OF),
    ),
    Rule(
        "plans end no sooner than they start",
        plans.name,
        joined,
        plan.start_date > plan.end_date,
    ),
    Rule(
        "prescriptions come before the start",
        plans.name,
        joined,
        (plan.prescription_date > plan.start_date) | (plan.prescription_date > AS_OF),
    ),
    Rule(
        "patients were born before their prescriptions",
        plans.name,
        joined,
        plan.date_of_birth >= plan.prescription_date,
    ),
    Rule("plans start on workdays", plans.name, joined, _is_no_workday(plan.start_date)),
    Rule(
        "prescriptions are written on workdays",
        plans.name,
        joined,
        _is_no_workday(plan.prescription_date),
    ),
    Rule(
        "children have the plans of children, and adults those of adults",
        plans.name,
        joined,
        plan.title.in_(CHILDREN_TITLES) != (plan.date_of_birth > CHILDREN_BORN_AFTER),
    ),
    Rule(
        "plans of patients without an insurer need no cover",
        plans.name,
        joined,
        plan.insurance_provider.is_(None) & (plan.coverage_status != NOT_REQUIRED),
    ),
    CatalogueRule(
        "title, diagnosis, objective and number of sessions belong together",
        plans,
        (plans.c.title, plans.c.diagnosis, plans.c.objective, plans.c.number_of_sessions),
        {
            (condition.title, condition.diagnosis, condition.objective, number)
            for condition in CONDITIONS
            for number in range(condition.sessions[0], condition.sessions[1] + 1)
        },
    ),
)

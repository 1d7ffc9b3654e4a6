"""Rules of treatment plans."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, exists, func, select

from app.seed.audit.rule import (
    AS_OF,
    PLANS_PER_PATIENT,
    Rule,
    table,
)
from app.treatment_plans.models import PlanStatus

patients, plans, members = table("patients"), table("treatment_plans"), table("members")
starts, ends = plans.c.start_date, plans.c.end_date

loads = (
    select(
        members.c.id,
        members.c.organization_id,
        func.count(plans.c.id).label("plans"),
    )
    .outerjoin(
        plans,
        (plans.c.therapist_id == members.c.user_id)
        & (plans.c.organization_id == members.c.organization_id),
    )
    .group_by(members.c.id, members.c.organization_id)
    .subquery()
)
spreads = select(
    loads.c.id,
    loads.c.plans,
    func.max(loads.c.plans).over(partition_by=loads.c.organization_id).label("most"),
).subquery()

# Counted once for three rules.
courses = (
    select(
        plans.c.patient_id,
        func.count().label("plans"),
        func.count(distinct(plans.c.status)).label("statuses"),
        func.count(case((plans.c.status == PlanStatus.ONGOING, 1))).label("ongoing"),
    )
    .group_by(plans.c.patient_id)
    .cte("courses")
)


def _patients_unless(count: ColumnElement[int], wanted: Any) -> Select[Any]:
    counted = func.coalesce(count, 0)
    of_patient = patients.outerjoin(courses, courses.c.patient_id == patients.c.id)
    return select(patients.c.id).select_from(of_patient).where(counted != wanted)


RULES = (
    Rule(
        "every patient has as many plans as were asked for",
        patients.name,
        _patients_unless(courses.c.plans, PLANS_PER_PATIENT),
    ),
    Rule(
        "plans of a patient have different statuses",
        plans.name,
        select(courses.c.patient_id).where(courses.c.statuses < courses.c.plans),
    ),
    Rule(
        "every patient has exactly one ongoing plan",
        patients.name,
        _patients_unless(courses.c.ongoing, 1),
    ),
    Rule(
        "plans are in the patient's organization",
        plans.name,
        select(plans.c.id).where(
            ~exists().where(
                patients.c.id == plans.c.patient_id,
                patients.c.organization_id == plans.c.organization_id,
            )
        ),
    ),
    Rule(
        "therapists are of the patient's organization",
        plans.name,
        select(plans.c.id).where(
            ~exists().where(
                members.c.user_id == plans.c.therapist_id,
                members.c.organization_id == plans.c.organization_id,
            )
        ),
    ),
    Rule(
        "therapists of an organization have as many plans, or one more",
        members.name,
        select(spreads.c.id).where(spreads.c.plans < spreads.c.most - 1),
    ),
    Rule(
        "completed plans ended in the past",
        plans.name,
        select(plans.c.id).where(
            plans.c.status == PlanStatus.COMPLETED, ends.is_(None) | (ends >= AS_OF)
        ),
    ),
    Rule(
        "planned plans start in the future",
        plans.name,
        select(plans.c.id).where(plans.c.status == PlanStatus.PLANNED, starts <= AS_OF),
    ),
    Rule(
        "ongoing plans have started and are not over",
        plans.name,
        select(plans.c.id).where(
            plans.c.status == PlanStatus.ONGOING, (starts > AS_OF) | (ends < AS_OF)
        ),
    ),
    Rule(
        "paused plans have started",
        plans.name,
        select(plans.c.id).where(plans.c.status == PlanStatus.PAUSED, starts > AS_OF),
    ),
    Rule(
        "plans end no sooner than they start",
        plans.name,
        select(plans.c.id).where(starts > ends),
    ),
    Rule(
        "prescriptions come before the start",
        plans.name,
        select(plans.c.id).where(
            (plans.c.prescription_date > starts) | (plans.c.prescription_date > AS_OF)
        ),
    ),
    Rule(
        "patients were born before their prescriptions",
        plans.name,
        select(plans.c.id).where(
            exists().where(
                patients.c.id == plans.c.patient_id,
                patients.c.date_of_birth >= plans.c.prescription_date,
            )
        ),
    ),
)

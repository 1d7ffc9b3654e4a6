"""Rules of treatment plans."""

from sqlalchemy import exists, func, select

from app.seed.audit.rule import (
    AS_OF,
    PLANS_PER_PATIENT,
    Rule,
    count_not_between,
    repeated,
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

RULES = (
    Rule(
        "every patient has as many plans as were asked for",
        patients.name,
        count_not_between(patients, plans, "patient_id", PLANS_PER_PATIENT, PLANS_PER_PATIENT),
    ),
    Rule(
        "plans of a patient have different statuses",
        plans.name,
        repeated(plans, plans.c.patient_id, plans.c.status),
    ),
    Rule(
        "every patient has exactly one ongoing plan",
        patients.name,
        count_not_between(
            patients, plans, "patient_id", 1, 1, plans.c.status == PlanStatus.ONGOING
        ),
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

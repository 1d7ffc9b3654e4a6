"""The guarantees of `every-status`."""

from collections.abc import Sized
from typing import Any

from sqlalchemy import ColumnElement, distinct, exists, extract, func, select

from app.auth.models import InvitationStatus, Role
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.patients.models import PatientStatus
from app.clinic.treatment_plans.models import CoverageStatus, PlanStatus
from app.seed.audit.rule import AS_OF, Rule, table
from app.seed.scenarios.rules import all_true, any_of, some

members, users, invitations = table("members"), table("users"), table("invitations")
patients, plans, appointments = table("patients"), table("treatment_plans"), table("appointments")

NOT_TREATED = (PatientStatus.DISCHARGED, PatientStatus.ARCHIVED)
OVER = (PlanStatus.COMPLETED, PlanStatus.CANCELLED)
PENDING, ACCEPTED, REJECTED, CANCELED = InvitationStatus

of_patient = (patients.c.organization_id == plans.c.organization_id) & (
    patients.c.id == plans.c.patient_id
)
is_kept = patients.c.deleted_at.is_(None)
kept_plans = (
    select(plans.c.id, plans.c.status, plans.c.coverage_status)
    .join(patients, of_patient)
    .where(is_kept, plans.c.deleted_at.is_(None))
    .subquery()
)
is_over = extract("epoch", invitations.c.expires_at) <= extract("epoch", AS_OF)


def _every(
    values: Sized, column: ColumnElement[Any], *where: ColumnElement[bool]
) -> ColumnElement[bool]:
    found = select(func.count(distinct(column))).where(*where).scalar_subquery()
    return found == len(values)


STATUS_RULES = (
    all_true("members have every role", members, _every(Role, members.c.role)),
    all_true(
        "patients who are not deleted have every status",
        patients,
        _every(PatientStatus, patients.c.status, is_kept),
    ),
    all_true(
        "treatment plans that are not deleted have every status",
        plans,
        _every(PlanStatus, kept_plans.c.status),
    ),
    all_true(
        "treatment plans that are not deleted have every coverage status",
        plans,
        _every(CoverageStatus, kept_plans.c.coverage_status),
    ),
    all_true(
        "appointments have every status",
        appointments,
        _every(AppointmentStatus, appointments.c.status),
    ),
    all_true(
        "invitations are accepted, rejected, canceled, pending on asOf, and expired by then",
        invitations,
        _every(
            (ACCEPTED, REJECTED, CANCELED), invitations.c.status, invitations.c.status != PENDING
        ),
        some(invitations, invitations.c.status == PENDING, is_over),
        some(invitations, invitations.c.status == PENDING, ~is_over),
    ),
    Rule(
        "who accepted an invitation is a member with its role",
        invitations.name,
        select(invitations.c.id)
        .where(
            invitations.c.status == ACCEPTED,
            ~exists(
                select(members.c.id)
                .join(users, users.c.id == members.c.user_id)
                .where(
                    members.c.organization_id == invitations.c.organization_id,
                    members.c.role == invitations.c.role,
                    users.c.email == invitations.c.email,
                )
            ),
        )
        .subquery(),
    ),
    any_of("a patient is deleted", patients, ~is_kept),
    any_of(
        "a treatment plan of a patient who is not deleted is deleted",
        plans,
        plans.c.deleted_at.is_not(None),
        some(patients, of_patient, is_kept),
    ),
    Rule(
        "plans of discharged and archived patients are over",
        plans.name,
        select(plans.c.id)
        .join(patients, of_patient)
        .where(patients.c.status.in_(NOT_TREATED), plans.c.status.not_in(OVER))
        .subquery(),
    ),
)

"""What `every-status` guarantees, as queries of the stored rows and as changes that break it."""

from collections.abc import Iterator, Mapping
from typing import Any

from seed.scenarios.sentences.guarantee import AS_OF, Guarantee
from seed.scenarios.stored import Stored

PATIENT_STATUSES = {"active", "inactive", "discharged", "archived"}
PLAN_STATUSES = {"planned", "ongoing", "completed", "paused", "cancelled"}
COVERAGE_STATUSES = {
    "not_required",
    "not_provided",
    "to_verify",
    "awaiting_agreement",
    "covered",
    "partially_covered",
    "refused",
    "expired",
    "cancelled",
}
APPOINTMENT_STATUSES = {
    "scheduled",
    "confirmed",
    "in_progress",
    "finished",
    "cancelled",
    "no_show",
}
INVITATIONS = {"accepted", "rejected", "canceled", "open", "expired"}


def kept_plans(stored: Stored) -> Iterator[Any]:
    kept = {row.id for row in stored.patients if row.deleted_at is None}
    for plan in stored.treatment_plans:
        if plan.deleted_at is None and plan.patient_id in kept:
            yield plan


def outcome(invitation: Any) -> str:
    if invitation.status != "pending":
        return str(invitation.status)
    return "open" if str(invitation.expires_at)[:10] > AS_OF else "expired"


def accepted_ones_are_members(stored: Stored) -> bool:
    emails = {row.id: row.email for row in stored.users}
    members = {(emails[row.user_id], row.role) for row in stored.members}
    accepted = {(row.email, row.role) for row in stored.invitations if row.status == "accepted"}
    return bool(accepted) and accepted <= members


def has_deleted_plan(stored: Stored) -> bool:
    kept = {row.id for row in stored.patients if row.deleted_at is None}
    return any(row.deleted_at and row.patient_id in kept for row in stored.treatment_plans)


def former_patients_have_no_plans_left(stored: Stored) -> bool:
    former = {row.id for row in stored.patients if row.status in ("discharged", "archived")}
    return all(
        plan.status in ("completed", "cancelled")
        for plan in stored.treatment_plans
        if plan.patient_id in former
    )


SENTENCES: Mapping[str, Guarantee] = {
    "members have every role": Guarantee(
        lambda stored: {row.role for row in stored.members} == {"owner", "admin", "member"},
        "UPDATE members SET role = 'admin' WHERE organization_id IN ({clinics})"
        " AND role = 'member'",
    ),
    "patients who are not deleted have every status": Guarantee(
        lambda stored: (
            {row.status for row in stored.patients if row.deleted_at is None} == PATIENT_STATUSES
        ),
        "UPDATE patients SET status = 'active' WHERE organization_id IN ({clinics})"
        " AND status = 'inactive'",
        "UPDATE patients SET deleted_at = updated_at WHERE organization_id IN ({clinics})"
        " AND status = 'archived'",
    ),
    "treatment plans that are not deleted have every status": Guarantee(
        lambda stored: {plan.status for plan in kept_plans(stored)} == PLAN_STATUSES,
        "UPDATE treatment_plans SET deleted_at = updated_at WHERE organization_id IN ({clinics})"
        " AND status = 'paused'",
    ),
    "treatment plans that are not deleted have every coverage status": Guarantee(
        lambda stored: {plan.coverage_status for plan in kept_plans(stored)} == COVERAGE_STATUSES,
        "UPDATE treatment_plans SET coverage_status = 'covered'"
        " WHERE organization_id IN ({clinics}) AND coverage_status = 'refused'",
    ),
    "appointments have every status": Guarantee(
        lambda stored: {row.status for row in stored.appointments} == APPOINTMENT_STATUSES,
        "UPDATE appointments SET status = 'cancelled' WHERE organization_id IN ({clinics})"
        " AND status = 'no_show'",
    ),
    "invitations are accepted, rejected, canceled, pending on asOf, and expired by then": Guarantee(
        lambda stored: set(map(outcome, stored.invitations)) == INVITATIONS,
        "UPDATE invitations SET status = 'canceled' WHERE organization_id IN ({clinics})"
        " AND status = 'rejected'",
        "UPDATE invitations SET expires_at = '2025-12-01 00:00:00.000000'"
        " WHERE organization_id IN ({clinics})",
        "UPDATE invitations SET expires_at = '2026-02-01 00:00:00.000000'"
        " WHERE organization_id IN ({clinics})",
    ),
    "who accepted an invitation is a member with its role": Guarantee(
        accepted_ones_are_members,
        "UPDATE members SET role = 'admin' WHERE organization_id IN ({clinics})"
        " AND role = 'member'",
        "UPDATE invitations SET email = 'someone@example.com'"
        " WHERE organization_id IN ({clinics}) AND status = 'accepted'",
    ),
    "a patient is deleted": Guarantee(
        lambda stored: any(row.deleted_at for row in stored.patients),
        "UPDATE patients SET deleted_at = NULL WHERE organization_id IN ({clinics})",
    ),
    "a treatment plan of a patient who is not deleted is deleted": Guarantee(
        has_deleted_plan,
        "UPDATE treatment_plans SET deleted_at = NULL WHERE organization_id IN ({clinics})",
    ),
    "plans of discharged and archived patients are over": Guarantee(
        former_patients_have_no_plans_left,
        "UPDATE treatment_plans SET status = 'paused' WHERE organization_id IN ({clinics})"
        " AND patient_id IN (SELECT id FROM patients WHERE status = 'archived')",
    ),
}

"""Describe the clinics that were added, with their rows grouped by owner."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from app.auth.organizations import NewOrganization
from app.database.bulk import Row
from app.seed.constants import PASSWORD
from app.seed.request import SeedRequest
from app.seed.scenarios.creation import CreatedScenario
from app.seed.scenarios.scenario import ClinicContent
from app.test_clinics.schemas import (
    AddedAppointment,
    AddedAppointmentType,
    AddedClinic,
    AddedClinics,
    AddedException,
    AddedInvitation,
    AddedOrganization,
    AddedPatient,
    AddedPlan,
    AddedRoom,
    AddedTemplate,
)
from app.test_sessions.schemas import CreatedSession
from app.web.schemas import ResponseBody

Added = TypeVar("Added", bound=ResponseBody)
Sessions = Mapping[UUID, CreatedSession]


def describe(request: SeedRequest, created: CreatedScenario, sessions: Sessions) -> AddedClinics:
    """`sessions` has the session of each user by the user's id."""
    clinics = [organization for organization, _ in created.content.organizations]
    first, *others = (_describe_clinic(created.content, each, sessions) for each in clinics)
    return AddedClinics(
        scenario=created.scenario.name,
        random_seed=request.random_seed,
        as_of=request.as_of,
        password=PASSWORD,
        requests=created.requests,
        other_clinics=others,
        **{name: getattr(first, name) for name in AddedClinic.__struct_fields__},
    )


def _describe_clinic(
    content: ClinicContent, clinic: NewOrganization, sessions: Sessions
) -> AddedClinic:
    rows = {
        kind: [row for row in rows if _is_visible(row, clinic.id)]
        for kind, rows in content.rows.items()
    }
    members = [each for each in content.all_members if each.organization_id == clinic.id]
    invitations = [each for each in content.invitations if each.organization_id == clinic.id]
    return AddedClinic(
        organization=AddedOrganization.of(clinic),
        users=[sessions[member.user_id] for member in members],
        invitations=[AddedInvitation.of(each) for each in invitations],
        patients=[
            AddedPatient(id=row["id"], name=f"{row['first_name']} {row['last_name']}")
            for row in rows.get("patients", ())
        ],
        treatment_plans=_grouped(AddedPlan, rows.get("treatment_plans", ()), "patient_id"),
        appointments=_grouped(AddedAppointment, rows.get("appointments", ()), "therapist_id"),
        rooms=[_part(AddedRoom, row) for row in rows.get("rooms", ())],
        appointment_types=[
            _part(AddedAppointmentType, row) for row in rows.get("appointment_types", ())
        ],
        weekly_templates=_grouped(AddedTemplate, rows.get("weekly_templates", ()), "user_id"),
        availability_exceptions=_grouped(
            AddedException, rows.get("availability_exceptions", ()), "user_id"
        ),
    )


def _is_visible(row: Row, organization_id: UUID) -> bool:
    return row["organization_id"] == organization_id and row.get("deleted_at") is None


def _grouped(kind: type[Added], rows: Iterable[Row], owner: str) -> dict[UUID, list[Added]]:
    groups: dict[UUID, list[Added]] = defaultdict(list)
    for row in rows:
        groups[row[owner]].append(_part(kind, row))
    return dict(groups)


def _part(kind: type[Added], row: Row) -> Added:
    return kind(**{name: row[name] for name in kind.__struct_fields__})

"""Every row of every scenario could have been sent to the API."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import time
from typing import Any

import msgspec
import pytest

from app.auth.schemas.account import SignUpRequest
from app.auth.schemas.organizations import CreateOrganizationRequest
from app.clinic.appointment_types.schemas import CreateAppointmentType
from app.clinic.appointments.schemas import (
    CreateAppointment,
    UpdateAppointment,
    UpdateAppointmentStatus,
)
from app.clinic.availability.schemas import CreateException, CreateTemplate
from app.clinic.patients.schemas import CreatePatient
from app.clinic.rooms.schemas import CreateRoom
from app.clinic.treatment_plans.schemas import ReplacePlan
from app.names import wire_name
from app.seed.kinds import LOADED
from app.seed.scenarios.catalogue import SCENARIOS
from app.seed.scenarios.scenario import ClinicContent
from app.seed.scenarios.translation import random_key, translated
from app.web.bodies import MAX_BODY_BYTES
from seed.scenarios.made import REQUEST

BODIES: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "weekly_templates": (CreateTemplate,),
    "availability_exceptions": (CreateException,),
    "patients": (CreatePatient,),
    "treatment_plans": (ReplacePlan,),
    "rooms": (CreateRoom,),
    "appointment_types": (CreateAppointmentType,),
    "appointments": (CreateAppointment, UpdateAppointment, UpdateAppointmentStatus),
}


def bodies(content: ClinicContent) -> Iterator[tuple[type[msgspec.Struct], Any]]:
    for user in content.users:
        yield SignUpRequest, user
    for organization, _ in content.organizations:
        yield CreateOrganizationRequest, organization
    for kind in LOADED:
        for row in content.rows.get(kind.name, ()):
            for body in BODIES[kind.name]:
                yield body, row


def sent(body: type[msgspec.Struct], row: Any) -> bytes:
    """Return the JSON of a request that has the values of a row."""
    columns = row if isinstance(row, dict) else asdict(row)
    values = {
        wire_name(name): value.isoformat() if isinstance(value, time) else value
        for name in body.__struct_fields__
        if (value := columns.get(name)) is not None
    }
    return msgspec.json.encode(values)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_schemas_of_the_api_accept_every_row(name: str) -> None:
    content = translated(SCENARIOS[name].build(REQUEST), random_key())
    count = 0
    for body, row in bodies(content):
        json = sent(body, row)
        msgspec.json.decode(json, type=body)
        assert len(json) <= MAX_BODY_BYTES
        count += 1
    assert count >= 2

"""What `extreme-text` guarantees."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import JSON, ColumnElement, Table, Text, cast, func

from app.auth.schemas.account import SignUpRequest
from app.auth.schemas.organizations import CreateOrganizationRequest
from app.clinic.appointment_types.schemas import CreateAppointmentType
from app.clinic.appointments.schemas import UpdateAppointment
from app.clinic.availability.schemas import CreateException
from app.clinic.patients.schemas import CreatePatient
from app.clinic.rooms.schemas import CreateRoom
from app.clinic.treatment_plans.schemas import CreatePlan
from app.seed.audit.rule import Rule, table
from app.seed.scenarios.lengths import lengths_of
from app.seed.scenarios.rules import all_true, any_of, some
from app.seed.scenarios.sample_texts import LINES, ONE_LETTER, SAMPLES

organizations = table("organizations")
patients, plans, appointments = table("patients"), table("treatment_plans"), table("appointments")
DOCUMENT = JSON().with_variant(Text(), "sqlite")  # SQLite has no such type to cast to


def _longest_in(sentence: str, rows: Table, body: type[msgspec.Struct]) -> Rule:
    return any_of(sentence, rows, *_as_long_as_accepted(rows, body))


def _as_long_as_accepted(
    rows: Table, body: type[msgspec.Struct], *, lists: bool = False
) -> Iterator[ColumnElement[bool]]:
    for name, length in lengths_of(body).items():
        column = rows.c[name]
        if isinstance(column.type, JSON) is lists:
            entries = func.json_array_length(cast(cast(column, Text), DOCUMENT))
            yield (entries if lists else func.length(column)) == length


RULES = (
    # The name is as long, unless the client has chosen another one.
    any_of(
        "the slug of the clinic is as long as the API accepts",
        organizations,
        func.length(organizations.c.slug) == lengths_of(CreateOrganizationRequest)["slug"],
    ),
    _longest_in(
        "a practitioner has names and an email address as long as the API accepts",
        table("users"),
        SignUpRequest,
    ),
    _longest_in("every text of a patient is as long as the API accepts", patients, CreatePatient),
    any_of(
        "every list of a patient has as many entries as the API accepts",
        patients,
        *_as_long_as_accepted(patients, CreatePatient, lists=True),
    ),
    _longest_in("every text of a treatment plan is as long as the API accepts", plans, CreatePlan),
    any_of(
        "every text and list of a room is as long as the API accepts",
        table("rooms"),
        *_as_long_as_accepted(table("rooms"), CreateRoom),
        *_as_long_as_accepted(table("rooms"), CreateRoom, lists=True),
    ),
    _longest_in(
        "code and title of a type of appointment are as long as the API accepts",
        table("appointment_types"),
        CreateAppointmentType,
    ),
    _longest_in(
        "the notes of an availability exception are as long as the API accepts",
        table("availability_exceptions"),
        CreateException,
    ),
    _longest_in(
        "every text of an appointment is as long as the API accepts",
        appointments,
        UpdateAppointment,
    ),
    any_of(
        "a patient has names of one letter",
        patients,
        patients.c.first_name == ONE_LETTER.text,
        patients.c.last_name == ONE_LETTER.last_name,
    ),
    *(
        any_of(
            f"a patient has names with {what}",
            patients,
            patients.c.first_name == sample.text,
            patients.c.last_name == sample.last_name,
        )
        for what, sample in SAMPLES.items()
    ),
    all_true(
        "notes of a patient, a plan and an appointment have several lines",
        patients,
        some(patients, patients.c.notes == LINES),
        some(plans, plans.c.notes == LINES),
        some(appointments, appointments.c.session_notes == LINES),
    ),
)

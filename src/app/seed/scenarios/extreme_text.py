"""`extreme-text`: text that is as long as the API accepts, and text that programs get wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Any

import msgspec
from msgspec.structs import replace as with_quantities

from app.auth.organizations import NewOrganization
from app.auth.schemas.account import SignUpRequest
from app.auth.schemas.organizations import CreateOrganizationRequest
from app.auth.users import NewUser
from app.clinic.appointment_types.schemas import CreateAppointmentType
from app.clinic.appointments.models import AppointmentStatus
from app.clinic.appointments.schemas import UpdateAppointment
from app.clinic.availability.schemas import CreateException
from app.clinic.patients.schemas import CreatePatient, EmergencyContactRequest
from app.clinic.rooms.schemas import CreateRoom
from app.clinic.treatment_plans.schemas import CreatePlan
from app.database.bulk import Row
from app.seed.request import SeedRequest
from app.seed.scenarios.clinic import ordinary_content
from app.seed.scenarios.extreme_text_rules import RULES
from app.seed.scenarios.lengths import lengths_of
from app.seed.scenarios.sample_texts import LINES, ONE_LETTER, SAMPLES, WIDE, Sample, fitted
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.scenarios.translation import TAG_BYTES

PRACTITIONERS = 5
EACH = (ONE_LETTER, *SAMPLES.values())
PATIENTS = 2 + len(EACH)
NOTES = ("notes", "session_notes")
# A patient with lists of a hundred such entries is just small enough for one request.
ENTRY = 100
TAG_LENGTH = 2 * TAG_BYTES


def clinic_with_extreme_text(request: SeedRequest) -> ClinicContent:
    content = ordinary_content(with_quantities(request, users=PRACTITIONERS, patients=PATIENTS))
    [(organization, owner)] = content.organizations
    rows, [first, *others] = content.rows, content.users
    return ClinicContent(
        users=[_longest_user(first), *map(_user, others, EACH)],
        organizations=[(_organization(organization), owner)],
        members=content.members,
        rows={
            **rows,
            "availability_exceptions": _filled(rows["availability_exceptions"], CreateException),
            "patients": _patients(rows["patients"]),
            "treatment_plans": _filled(rows["treatment_plans"], CreatePlan),
            "rooms": _rooms(rows["rooms"]),
            "appointment_types": _filled(rows["appointment_types"], CreateAppointmentType),
            "appointments": [*_appointments(rows["appointments"])],
        },
    )


def _longest_user(user: NewUser) -> NewUser:
    longest = lengths_of(SignUpRequest)
    local, _, domain = user.email.partition("@")
    length = longest["email"] - len(f"@.{domain}") - TAG_LENGTH
    return replace(
        user,
        name=fitted(WIDE, longest["name"]),
        first_name=fitted(WIDE, longest["first_name"]),
        last_name=fitted(WIDE, longest["last_name"]),
        email=f"{fitted(local, length)}@{domain}",
    )


def _user(user: NewUser, sample: Sample) -> NewUser:
    name = f"{sample.text} {sample.last_name}"
    return replace(user, name=name, first_name=sample.text, last_name=sample.last_name)


def _organization(organization: NewOrganization) -> NewOrganization:
    longest = lengths_of(CreateOrganizationRequest)
    slug = fitted(f"{organization.slug}-", longest["slug"] - len("-") - TAG_LENGTH)
    return replace(organization, name=fitted(WIDE, longest["name"]), slug=slug)


def _patients(rows: Sequence[Row]) -> list[Row]:
    first, second, *others = rows
    contacts = [_longest(each, EmergencyContactRequest) for each in first["emergency_contacts"]]
    return [
        {**_longest(first, CreatePatient), "emergency_contacts": contacts},
        _with_long_lists(second, CreatePatient),
        *(_sampled(row, CreatePatient, sample) for row, sample in zip(others, EACH, strict=True)),
    ]


def _rooms(rows: Sequence[Row]) -> list[Row]:
    first, *others = _filled(rows, CreateRoom)
    return [_with_long_lists(first, CreateRoom), *others]


def _appointments(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the appointments; only sessions that are over have text from a request for changes."""
    is_over = [row["status"] is AppointmentStatus.FINISHED for row in rows]
    sessions = iter(
        _filled([row for row, over in zip(rows, is_over, strict=True) if over], UpdateAppointment)
    )
    for row, over in zip(rows, is_over, strict=True):
        yield next(sessions) if over else row


def _filled(rows: Sequence[Row], body: type[msgspec.Struct]) -> list[Row]:
    """Fill the texts of the first row with the longest text, and those of others with samples."""
    first, *others = rows
    samples = (
        _sampled(row, body, sample) for row, sample in zip(others, cycle(EACH), strict=False)
    )
    return [_longest(first, body), *samples]


def _longest(row: Row, body: type[msgspec.Struct]) -> dict[str, Any]:
    texts = {name: fitted(WIDE, length) for name, length in _texts(row, body).items()}
    return {**row, **texts}


def _sampled(row: Row, body: type[msgspec.Struct], sample: Sample) -> Row:
    found = dict.fromkeys(_texts(row, body), sample.text)
    own = {"last_name": sample.last_name, "code": row.get("code"), **dict.fromkeys(NOTES, LINES)}
    return {**row, **found, **{name: own[name] for name in found if name in own}}


def _with_long_lists(row: Row, body: type[msgspec.Struct]) -> Row:
    lengths = lengths_of(body).items()
    lists = {name: count for name, count in lengths if isinstance(row[name], list)}
    return {**row, **{name: [fitted(WIDE, ENTRY)] * count for name, count in lists.items()}}


def _texts(row: Row, body: type[msgspec.Struct]) -> dict[str, int]:
    lengths = lengths_of(body).items()
    return {name: length for name, length in lengths if not isinstance(row[name], list)}


SCENARIO = Scenario(
    name="extreme-text",
    purpose="The longest names, notes and lists that the API accepts, and text that programs get "
    "wrong, for layouts, searches and exports.",
    build=clinic_with_extreme_text,
    guarantees=RULES,
)

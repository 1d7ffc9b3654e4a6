"""The texts, examples and errors of clinics for tests in the OpenAPI document."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import delete, post
from litestar.exceptions import ValidationException
from litestar.openapi.spec import Example, Tag

from app.auth import examples
from app.errors import Refused, UnusableRequest
from app.seed import constants
from app.seed.database_guard import production_reason, reasons_against_reset
from app.seed.errors import AuditFailed
from app.seed.openapi import BUSY, TABLES_MISSING, documented
from app.seed.scenarios.catalogue import SCENARIOS
from app.test_clinics.errors import ClinicInUse, ClinicNotFound
from app.test_clinics.schemas import AddedClinics
from app.test_sessions.openapi import SESSION
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import EXAMPLE, route
from app.web.problem_details import invalid_request
from app.web.request_guard import REASONS

TAG = Tag("Test clinics", "Add a clinic for one test, and remove it.")
ADD = f"""\
Adds one clinic to the existing data, in its own transaction: complete, checked like a data set, \
and with a session for each of its users. All fields of the body have defaults.

The same `randomSeed` and `asOf` give the same names, dates and texts. Ids, email addresses and \
slugs are new each time, so any number of clinics can exist, and tests can add them at the same \
time. All users sign in with `{constants.PASSWORD}` as well.

A few scenarios add several clinics: the response has the first one, and the others under \
`otherClinics`.
"""
REMOVE = """\
Deletes a clinic with all its data, and its users with their sessions. A user who is or was a \
member of another clinic stays. Any clinic can be removed, also one of the data set.

Rows of other programs that refer to \
the clinic are deleted, changed or prevent the removal, as their foreign keys say.
"""
REQUESTS = {
    "defaults": Example(summary="The defaults", value={}),
    "empty": Example(
        summary="An owner and nothing else, for first-run screens", value={"scenario": "empty"}
    ),
    "sizes": Example(
        summary="A larger clinic with a name",
        value={"practitioners": 5, "patients": 20, "randomSeed": 7, "name": "Worker 3"},
    ),
}
IN_USE = ClinicInUse(UUID(examples.CLINIC_ID), ["invoices"])
UNKNOWN = ClinicNotFound(UUID(examples.SOME_ID))
BROKEN = AuditFailed({"every organization has one owner": [examples.CLINIC_ID]})


def _invalid(message: str) -> UnusableRequest:
    return invalid_request(ValidationException(extra=[{"key": "data", "message": message}]))


INVALID = (_invalid('`scenario` ("none") must be one of ' + ", ".join(SCENARIOS)),)
_USER = SESSION["userId"]
_PATIENT = "00000000-4e1f-8a5e-8d4f-5b0c3f1d2a66"
_CLINIC: dict[str, Any] = {
    "organization": {
        "id": examples.CLINIC_ID,
        "name": examples.CLINIC["name"],
        "slug": f"{examples.CLINIC_SLUG}-c7f3a2b19d",
    },
    "users": [SESSION],
    "invitations": [],
    "patients": [{"id": _PATIENT, "name": "Ada Example"}],
    "treatmentPlans": {
        _PATIENT: [
            {
                "id": "00000000-0c6f-8d3a-9b7e-3f1d2a664e1f",
                "therapistId": _USER,
                "title": "Ankle sprain rehabilitation",
                "status": "ongoing",
            }
        ]
    },
    "appointments": {
        _USER: [
            {
                "id": "00000000-5a1c-8e2b-a3d4-7c9f0e1b2d33",
                "patientId": _PATIENT,
                "date": "2026-11-24",
                "startTime": "09:00:00",
                "endTime": "09:30:00",
                "status": "confirmed",
            }
        ]
    },
    "rooms": [{"id": "00000000-7b2d-8f3c-b4e5-8d0a1f2c3e44", "name": "Gym"}],
    "appointmentTypes": [
        {
            "id": "00000000-8c3e-8a4d-85f6-9e1b2a3d4f55",
            "code": "FOLLOW_UP",
            "durationMinutes": 30,
        }
    ],
    "weeklyTemplates": {
        _USER: [
            {
                "id": "00000000-9d4f-8b5e-96a7-0f2c3b4e5a66",
                "dayOfWeek": "tue",
                "startTime": "08:30:00",
                "endTime": "13:00:00",
                "location": "clinic",
            }
        ]
    },
    "availabilityExceptions": {
        _USER: [
            {
                "id": "00000000-0e5a-8c6f-a7b8-1a3d4c5f6b77",
                "date": "2026-12-25",
                "startTime": None,
                "endTime": None,
                "isAvailable": False,
            }
        ]
    },
}
ADDED = documented(
    AddedClinics,
    Example(
        summary="A clinic, in part",
        value={
            **_CLINIC,
            "scenario": "default",
            "randomSeed": constants.RANDOM_SEED,
            "asOf": "2026-11-23",
            "password": constants.PASSWORD,
            "requests": [],
            "otherClinics": [],
        },
    ),
)
_EVERY_CALL = (
    Refused([production_reason('"production"')]),
    TOO_LARGE,
    UnsupportedMediaType("text/plain"),
    TABLES_MISSING,
    BUSY,
)
_OPTIONS = {REASONS: reasons_against_reset, EXAMPLE: {"id": examples.CLINIC_ID}}
create = partial(route, post, _EVERY_CALL, opt=_OPTIONS)
remove = partial(route, delete, _EVERY_CALL, opt=_OPTIONS)

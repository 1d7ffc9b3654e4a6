"""Examples of the responses of the seed routes in the OpenAPI document."""

import msgspec
from litestar.openapi.spec import Example

from app.seed import constants
from app.seed.kinds import KINDS
from app.seed.randomness import row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import Kind
from app.seed.scenarios import empty
from app.seed.scenarios.description import describe


def _created(kind: Kind) -> dict[str, object]:
    example = str(row_id(constants.RANDOM_SEED, kind.singular, 0))
    return {"count": kind.expected(SeedRequest()), "ids": [example], "idsTruncated": False}


# Not one of a seeded row of the default data set, which examples are compared with.
_SCENARIO_ID = "00000000-3b1f-4c52-9d7e-5a8f0e6c2b14"
_SUMMARY: dict[str, object] = {
    "reset": "delete",
    "committed": True,
    "database": "SQLite file var/seedbed.db",
    "randomSeed": constants.RANDOM_SEED,
    "asOf": "2026-11-23",
    "deleted": {"treatment_plans": 60, "patients": 20, "members": 10, "users": 10},
    "dropped": [],
    "created": {kind.wire_name: _created(kind) for kind in KINDS},
    "checks": [{"rule": "every patient has exactly one ongoing plan", "rows": 20}],
    "signIn": {
        "password": constants.PASSWORD,
        "hashIsShared": False,
        "users": [
            {
                "email": "first.last@example.com",
                "userId": str(row_id(constants.RANDOM_SEED, "user", 0)),
                "name": "First Last",
                "role": "owner",
                "organizationId": str(row_id(constants.RANDOM_SEED, "organization", 0)),
                "organization": "Yarra Physiotherapy",
            },
        ],
    },
    "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "durationMs": {"total": 154.2, "steps": {"reset": 4.1, "users": 118.0, "audit": 9.6}},
    "scenarios": [
        {
            "name": "empty",
            "organizations": [{"id": _SCENARIO_ID, "name": "Harbour Physiotherapy"}],
            "created": {"users": 1, "organizations": 1, "memberships": 1, "patients": 0},
            "checks": [{"rule": empty.SCENARIO.guarantees[0].name, "rows": 1}],
            "requests": [],
            "fingerprint": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        }
    ],
}

SEEDING = Example(
    summary="A seed is running",
    value={
        "running": True,
        "since": "2026-11-23T09:30:00.000Z",
        "step": "patients",
        "seedId": None,
        "stateId": None,
    },
)
NO_SEED = Example(
    summary="No seed is running",
    value={
        "running": False,
        "since": None,
        "step": None,
        "seedId": "3f2a9c0d5b7e4f1a8c6d2e9b0a1f4c3d",
        "stateId": "3f2a9c0d5b7e4f1a8c6d2e9b0a1f4c3d",
    },
)
LAST_SEED = Example(
    summary="A default data set",
    value={
        "seededAt": "2026-11-23T09:30:00.000Z",
        "request": {
            "users": constants.USERS,
            "organizations": constants.ORGANIZATIONS,
            "patients": constants.PATIENTS,
            "plansPerPatient": constants.PLANS_PER_PATIENT,
            "appointmentWeeks": constants.APPOINTMENT_WEEKS,
            "randomSeed": constants.RANDOM_SEED,
            "asOf": "2026-11-23",
            "scenarios": ["empty"],
        },
        "summary": _SUMMARY,
    },
)
SCENARIOS = Example(
    summary="One scenario",
    value=[msgspec.to_builtins(describe(empty.SCENARIO))],
)
FIGURES = Example(
    summary="A default data set, in part",
    value={
        "totals": {
            "clinics": 3,
            "practitioners": 10,
            "patients": 20,
            "plans": 60,
            "appointments": 200,
        },
        "clinics": [
            {
                "id": "00000000-91e2-8723-a6c3-606adbf80bcb",
                "name": "Yarra Physiotherapy",
                "patients": 8,
                "practitioners": 4,
            }
        ],
        "practitioners": [
            {
                "id": "00000000-d8b3-8f92-8029-9114d5088609",
                "name": "First Last",
                "organizationId": "00000000-91e2-8723-a6c3-606adbf80bcb",
                "clinic": "Yarra Physiotherapy",
                "patients": 5,
                "plans": 6,
            }
        ],
        "plansByStatus": [
            {"status": "planned", "plans": 11},
            {"status": "ongoing", "plans": 20},
            {"status": "completed", "plans": 10},
            {"status": "paused", "plans": 9},
            {"status": "cancelled", "plans": 10},
        ],
        "appointmentsByStatus": [
            {"status": "scheduled", "appointments": 55},
            {"status": "confirmed", "appointments": 21},
            {"status": "in_progress", "appointments": 2},
            {"status": "finished", "appointments": 98},
            {"status": "cancelled", "appointments": 14},
            {"status": "no_show", "appointments": 10},
        ],
        "bookedHours": [
            {
                "id": "00000000-d8b3-8f92-8029-9114d5088609",
                "name": "First Last",
                "organizationId": "00000000-91e2-8723-a6c3-606adbf80bcb",
                "clinic": "Yarra Physiotherapy",
                "bookedMinutes": 720,
                "offeredMinutes": 4080,
            }
        ],
        "asOf": "2026-11-23",
        "ages": [{"from": 40, "to": 49, "patients": 6}],
        "diagnoses": [{"diagnosis": "Grade II lateral ankle ligament sprain", "plans": 4}],
    },
)
SUMMARY = Example(summary="A default data set", value=_SUMMARY)
DRY_RUN = Example(summary="The same as a dry run", value={**_SUMMARY, "committed": False})

"""The texts, examples and errors of the seed routes in the OpenAPI document."""

import re
from datetime import UTC, datetime
from http import HTTPStatus

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    Link,
    OpenAPIMediaType,
    OpenAPIType,
    Schema,
    Tag,
)

from app.auth import examples as identity
from app.database.errors import DatabaseUnusable
from app.database.known_causes import NO_TABLES, SQLITE_CAUSES
from app.errors import Reason, Refused, UnusableRequest
from app.seed import constants
from app.seed.database_guard import production_reason
from app.seed.errors import AuditFailed, SeedAlreadyRunning
from app.seed.kinds import KINDS
from app.seed.randomness import row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import Kind
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.origins import CROSS_SITE

# Ids that no seed makes are UUIDs of version 4.
SEED_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
TAG = Tag("Seed", "Fill the database with a data set, and describe the current one.")
DESCRIPTION = f"""\
Deletes **everything** in the database and fills it with clinics, practitioners, their \
availability, patients, treatment plans, rooms and appointments, in one transaction: readers see \
the old data or the new, never a mix, and any failure leaves the old data. Refused outside \
development and test.

The body is optional, and so is each of its fields. Every seeded user signs in with \
`{constants.PASSWORD}`. The same quantities, `randomSeed` and `asOf` give the same rows and ids \
on any machine and database.

With `Accept: application/x-ndjson` the response is a stream of JSON lines: when each step begins \
(`event: started`), at least twice a second during a long one (`running`) and when it ends \
(`done`). The last line is the summary (`finished`) or a problem document (`failed`). The status \
of a stream is always 200. A stream that breaks off before the commit leaves the old data.
"""

SEEDED = "The database has the new data set."
STREAMED = "A dry run succeeded, and nothing was changed; or the response is a stream."
REQUESTS = {
    "defaults": Example(summary="The defaults", value={}),
    "larger": Example(
        summary="Other quantities, as of a fixed day",
        value={
            "users": 25,
            "organizations": 4,
            "patients": 300,
            "plansPerPatient": 5,
            "appointmentWeeks": 8,
            "randomSeed": 7,
            "asOf": "2028-02-29",
        },
    ),
}
LINES = """\
Each line is a JSON document. Its `event` decides which other fields it has.

| `event` | fields |
| --- | --- |
| `started` | `step`, `rowsExpected` |
| `running` | `step`, `rows` so far, `rowsExpected`, `rowsPerSecond`, `secondsLeft` |
| `done` | `step`, `rows` deleted, written or checked, `durationMs` |
| `finished` | `summary` |
| `failed` | `problem` |

For each kind of row, `rows` of `done` is its `count` in the summary. \
`rowsExpected` is never less than `rows`. It is null if it is unknown, as for rows to delete. For \
weekly templates and exceptions it is the mean, for appointments an estimate. `rowsPerSecond` \
covers the last ten seconds. It and `secondsLeft` are null while they are unknown: in the first \
second of a step, and during a statement that does not report progress.
"""
STREAM = """\
{"event":"started","step":"patients","rowsExpected":200000}
{"event":"running","step":"patients","rows":64000,"rowsExpected":200000,"rowsPerSecond":21410.6,\
"secondsLeft":6.4}
{"event":"done","step":"patients","rows":200000,"durationMs":9341.7}
{"event":"failed","problem":{"status":503,"title":"Service Unavailable","detail":"…"}}
"""

BUSY = DatabaseUnusable(SQLITE_CAUSES["SQLITE_BUSY"])
TABLES_MISSING = DatabaseUnusable(NO_TABLES)
EVERY_READ = (Refused([production_reason('"production"')]), TOO_LARGE, BUSY)
SEED_ERRORS = (
    UnusableRequest(
        "Nothing was changed. Please correct the body: `users` (2) must be at least "
        "`organizations` (3), because each clinic needs an owner."
    ),
    Refused(
        [
            Reason(
                "ANOTHER_DATABASE",
                'PostgreSQL database localhost/clinic is marked as "db.example/clinic". It may be '
                "a copy, or that database itself, restored, moved or under another address.",
                "If its data can be deleted, mark it: `uv run just stamp localhost/clinic`.",
            ),
            CROSS_SITE,
        ]
    ),
    SeedAlreadyRunning(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "patients"),
    TOO_LARGE,
    UnsupportedMediaType("application/x-www-form-urlencoded"),
    AuditFailed({"every organization has one owner": ["00000000-91e2-8723-a6c3-606adbf80bcb"]}),
    BUSY,
)


def _created(kind: Kind) -> dict[str, object]:
    example = str(row_id(constants.RANDOM_SEED, kind.singular, 0))
    return {"count": kind.expected(SeedRequest()), "ids": [example], "idsTruncated": False}


_SUMMARY = {
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
            }
        ],
    },
    "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "durationMs": {"total": 154.2, "steps": {"reset": 4.1, "users": 118.0, "audit": 9.6}},
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
        },
        "summary": _SUMMARY,
    },
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
STREAM_TYPE = {
    "application/x-ndjson": OpenAPIMediaType(
        Schema(type=OpenAPIType.STRING, description=LINES),
        examples={"stream": Example(value=STREAM)},
    )
}
AFTER_SEED = {
    "signIn": Link(
        operation_id="signIn",
        request_body={
            "email": "$response.body#/signIn/users/0/email",
            "password": "$response.body#/signIn/password",
        },
    )
}


def documented(kind: type, *examples: Example, description: str = "") -> ResponseSpec:
    """Return a success with named examples."""
    return ResponseSpec(
        kind,
        generate_examples=False,
        description=description or HTTPStatus.OK.description,
        examples=list(examples),
    )


def is_seed_example(text: str) -> bool:
    """Return whether an example is about rows of the default data set."""
    return bool(SEED_ID.search(text)) or any(word in text for word in identity.SEEDED)

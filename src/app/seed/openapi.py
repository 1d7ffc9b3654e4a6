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

With `scenarios`, it also adds clinics in a known state, such as one without patients.

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
    "scenarios": Example(
        summary="Two scenarios beside the defaults",
        value={"scenarios": ["empty", "long-history"]},
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

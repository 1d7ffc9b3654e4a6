"""How the seed presents itself on the OpenAPI page: its texts, its examples, its body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from litestar.openapi.spec import (
    Example,
    Link,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Parameter,
    RequestBody,
    Schema,
    Tag,
)

from app.errors import Reason, Refused
from app.seed import constants
from app.seed.database_guard import PRODUCTION
from app.seed.errors import AuditFailed, SeedAlreadyRunning
from app.seed.kinds import KINDS
from app.seed.randomness import row_id
from app.seed.request import ResetMode, SeedRequest
from app.seed.rows.kind import Kind
from app.web.bodies import TOO_LARGE
from app.web.errors import UnsupportedMediaType
from app.web.openapi import DocumentedOperation
from app.web.origins import CROSS_SITE
from app.web.problem_details import Refusal
from app.web.query_parameters import describe_unknown

TAG = Tag("Seed", "Which database this is, and how to fill it.")
DESCRIPTION = f"""\
Deletes **everything** in the database and fills it with clinics, practitioners, their \
availability, patients and treatment plans, in one transaction: readers see the old set or the \
new one, and whatever fails leaves the old one. Refused outside development and test.

The body is optional; what it leaves out has a default. Every seeded user signs in with \
`{constants.PASSWORD}`. The same quantities, `randomSeed` and `asOf` give the same rows and ids \
on any machine and database.

With `Accept: application/x-ndjson` the answer is a stream: one JSON line as each step begins \
(`event: started`), at least twice a second while it goes on (`running`, if it is long) and as it \
ends (`done`), at last the summary (`finished`) or a problem document (`failed`). The status of a \
stream is always 200. A stream that breaks off before the commit leaves the old data.
"""

STREAMED = "The dry run succeeded and nothing was changed; or the answer is a stream."
REQUESTS = {
    "defaults": Example(summary="The defaults", value={}),
    "larger": Example(
        summary="Other quantities, as of a fixed day",
        value={
            "users": 25,
            "organizations": 4,
            "patients": 300,
            "plansPerPatient": 5,
            "randomSeed": 7,
            "asOf": "2028-02-29",
        },
    ),
}
LINES = """\
One JSON document a line; its `event` says what else it has.

| `event` | fields |
| --- | --- |
| `started` | `step`, `rowsExpected` |
| `running` | `step`, `rows` so far, `rowsExpected`, `rowsPerSecond`, `secondsLeft` |
| `done` | `step`, `rows` that it deleted, wrote or checked, `durationMs` |
| `finished` | `summary` |
| `failed` | `problem` |

For each kind of row, `rows` of `done` is its `count` in the summary. \
`rowsExpected` is null where nobody knows, as of rows to delete; of weekly templates and \
exceptions it is the mean. It is never less than `rows`. `rowsPerSecond`, of the last ten seconds, \
and `secondsLeft` of the step are null while they are unknown: in its first second, and during a \
statement that tells nothing.
"""
STREAM = """\
{"event":"started","step":"patients","rowsExpected":200000}
{"event":"running","step":"patients","rows":64000,"rowsExpected":200000,"rowsPerSecond":21410.6,\
"secondsLeft":6.4}
{"event":"done","step":"patients","rows":200000,"durationMs":9341.7}
{"event":"failed","problem":{"status":503,"title":"Service Unavailable","detail":"…"}}
"""

BAD_REQUEST = (
    "Nothing was changed. Please correct the body: `users` (2) must be at least "
    "`organizations` (3), for every organization has an owner of its own."
)
NO_PARAMETER = describe_unknown("verbose", [])
MISSPELT = describe_unknown("dryrun", ["dryRun", "reset"])
IN_PRODUCTION = Refused([PRODUCTION])
NOT_ITS_OWN = Refused(
    [
        Reason(
            "ANOTHER_DATABASE",
            "PostgreSQL database localhost/clinic is marked as db.example/clinic. It may be a "
            "copy, or that database itself, restored, moved or reached another way.",
            "If it is yours to reset, mark it: `uv run just stamp localhost/clinic`.",
        ),
        CROSS_SITE,
    ]
)
NOT_JSON = UnsupportedMediaType("application/x-www-form-urlencoded")
RUNNING = SeedAlreadyRunning(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "patients")
BROKEN_RULE = AuditFailed(
    {"every organization has one owner": ["00000000-91e2-8723-a6c3-606adbf80bcb"]}
)
UNAVAILABLE = (
    "The database cannot be used: another program holds the lock of the file: wait until it is "
    "done, or end it. Nothing was changed; then try again."
)

# What every operation that reads may answer.
REFUSALS: Mapping[int, Refusal] = {
    400: NO_PARAMETER,
    403: IN_PRODUCTION,
    413: TOO_LARGE,
    503: UNAVAILABLE,
}


def _created(kind: Kind) -> dict[str, object]:
    example = str(row_id(constants.RANDOM_SEED, kind.name, 0))
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
                "name": "First Last",
                "role": "owner",
                "organization": "Yarra Physiotherapy",
            }
        ],
    },
    "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "durationMs": {"total": 154.2, "steps": {"reset": 4.1, "users": 118.0, "audit": 9.6}},
}

SEEDING = Example(
    summary="A seed is running",
    value={"running": True, "since": "2026-11-23T09:30:00.000Z", "step": "patients"},
)
NO_SEED = Example(
    summary="No seed is running", value={"running": False, "since": None, "step": None}
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
            "randomSeed": constants.RANDOM_SEED,
            "asOf": "2026-11-23",
        },
        "summary": _SUMMARY,
    },
)
FIGURES = Example(
    summary="A default data set, in part",
    value={
        "totals": {"clinics": 3, "practitioners": 10, "patients": 20, "plans": 60},
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
        "asOf": "2026-11-23",
        "ages": [{"from": 40, "to": 49, "patients": 6}],
        "diagnoses": [{"diagnosis": "Grade II lateral ankle ligament sprain", "plans": 4}],
    },
)
SUMMARY = Example(summary="A default data set", value=_SUMMARY)
DRY_RUN = Example(summary="The same as a dry run", value={**_SUMMARY, "committed": False})


@dataclass
class SeedOperation(DocumentedOperation):
    """Adds as well that the body is optional, and that the answer may stream."""

    def __post_init__(self) -> None:
        super().__post_init__()
        credentials = {
            "email": "$response.body#/signIn/users/0/email",
            "password": "$response.body#/signIn/password",
        }
        self.link("201", "signIn", Link(operation_id="signIn", request_body=credentials))
        if isinstance(self.request_body, RequestBody):
            self.request_body.required = False
            self.request_body.content["application/json"].examples = dict(REQUESTS)
        for parameter in (p for p in self.parameters or () if isinstance(p, Parameter)):
            if parameter.name == "reset" and isinstance(parameter.schema, Schema):
                parameter.schema.default = ResetMode.DELETE
        for response in (self.responses or {}).values():
            if isinstance(response, OpenAPIResponse) and response.description == STREAMED:
                lines = Schema(type=OpenAPIType.STRING, description=LINES)
                media_type = OpenAPIMediaType(lines, examples={"stream": Example(value=STREAM)})
                response.content = {**(response.content or {}), "application/x-ndjson": media_type}

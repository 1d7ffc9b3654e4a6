"""The response of a seed."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.auth.models import Role
from app.seed.constants import MAX_HASHES
from app.seed.kinds import KINDS
from app.seed.request import ResetMode
from app.seed.scenarios.scenario import ScenarioRequest
from app.web.schemas import ResponseBody


class Created(ResponseBody):
    count: int = 0
    ids: Annotated[
        list[UUID], Meta(description="In the order of creation; the first 1,000 at most.")
    ] = []
    ids_truncated: bool = False


class CreatedKinds(ResponseBody):
    # One field for each kind of row.
    __annotations__ = {kind.name: Created for kind in KINDS}

    def by_kind(self) -> dict[str, Created]:
        return {kind.wire_name: getattr(self, kind.name) for kind in KINDS}


class RuleCheck(ResponseBody):
    rule: str
    rows: Annotated[int, Meta(description="How many rows the rule was checked on.")]


class SeededUser(ResponseBody):
    email: str
    user_id: UUID
    name: str
    role: Role
    organization_id: UUID
    organization: str
    scenario: (
        Annotated[str, Meta(description="The scenario of the clinic; absent for ordinary clinics.")]
        | UnsetType
    ) = UNSET


class SignIn(ResponseBody):
    password: str
    hash_is_shared: Annotated[
        bool,
        Meta(
            description=f"Up to {MAX_HASHES} users get a password hash each. Beyond that, all "
            "users share one. Users of scenarios share the hashes of others."
        ),
    ]
    users: Annotated[
        list[SeededUser],
        Meta(description="The first 1,000 at most, then all users of scenarios."),
    ]


class ScenarioClinic(ResponseBody):
    id: UUID
    name: str


class ScenarioSummary(ResponseBody):
    """What was added for a scenario."""

    name: str
    organizations: Annotated[
        list[ScenarioClinic], Meta(description="Most scenarios have one, and a few have two.")
    ]
    created: Annotated[dict[str, int], Meta(description="Created rows of each kind.")]
    checks: Annotated[
        list[RuleCheck],
        Meta(description="The guarantees, which were checked among the rows of the scenario."),
    ]
    requests: Annotated[
        list[ScenarioRequest],
        Meta(description="API requests that show what is special about it, if any."),
    ]
    fingerprint: Annotated[
        str,
        Meta(
            description="SHA-256 of its rows: equal on any machine and database for the same "
            "`randomSeed` and `asOf`."
        ),
    ]


class StepDurations(ResponseBody):
    total: float
    steps: dict[str, float]


class SeedSummary(ResponseBody):
    reset: ResetMode
    committed: Annotated[bool, Meta(description="False after a dry run: nothing was changed.")]
    database: Annotated[str, Meta(description="Which database was reset.")]
    random_seed: int
    as_of: date
    deleted: Annotated[dict[str, int], Meta(description="Deleted rows of each table.")]
    dropped: Annotated[
        list[str],
        Meta(
            description="What `reset=drop` dropped besides Seedbed's own tables: other tables of "
            "the schema, and what depended on a dropped table, such as views, triggers and foreign "
            "keys of tables in other schemas."
        ),
    ]
    created: Annotated[CreatedKinds, Meta(description="The rows of the ordinary clinics.")]
    checks: Annotated[
        list[RuleCheck],
        Meta(description="The rules that were checked in the database before the commit."),
    ]
    sign_in: SignIn
    fingerprint: Annotated[
        str,
        Meta(
            description="SHA-256 of all rows of the ordinary clinics: equal on any machine and "
            "database for the same quantities, `randomSeed` and `asOf`."
        ),
    ]
    duration_ms: StepDurations
    scenarios: Annotated[
        list[ScenarioSummary], Meta(description="The scenarios, in the order of the request.")
    ] = []


class RunningSeed(ResponseBody):
    """The running seed, if any. Unknown values are null."""

    running: bool
    since: datetime | None = None
    step: str | None = None
    seed_id: Annotated[
        str | None,
        Meta(
            description="Changes with each seed. Null if there is no data set, and while a seed is "
            "running."
        ),
    ] = None
    state_id: Annotated[
        str | None,
        Meta(
            description="Changes with each seed and each restore of a snapshot. Null when `seedId` "
            "is."
        ),
    ] = None

"""What a scenario is: the content of its clinics, and what it guarantees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.auth.invitations import IssuedInvitation
from app.auth.members import NewMember
from app.auth.organizations import NewOrganization
from app.auth.users import NewUser
from app.clinic.appointments.rules import InTheWay
from app.database.bulk import Row
from app.seed.audit.rule import CatalogueRule, Rule
from app.seed.request import SeedRequest
from app.seed.scenarios.names import WITH_SIZES
from app.web.schemas import ResponseBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicContent:
    """Everything that a scenario creates.

    `organizations` come with their owners, and `members` has all others. `rows` has the rows of
    each kind in `kinds.LOADED`, by its name.
    """

    users: Sequence[NewUser]
    organizations: Sequence[tuple[NewOrganization, NewMember]]
    members: Sequence[NewMember] = ()
    invitations: Sequence[IssuedInvitation] = ()
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    @property
    def all_members(self) -> list[NewMember]:
        return [*(owner for _, owner in self.organizations), *self.members]

    def fingerprint(self) -> str:
        return sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


class ScenarioRequest(ResponseBody):
    """A request to the API that shows something about a scenario."""

    title: str
    user_id: Annotated[UUID, Meta(description="Who sends it.")]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    body: dict[str, Any] | None
    status: Annotated[int, Meta(description="The status of the response.")]
    in_the_way: Annotated[
        InTheWay | None, Meta(description="`inTheWay` of the response, if it is refused for that.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`purpose` says in one sentence what it is for. `guarantees` are checked before the commit.

    `build` gets a request for one clinic; quantities other than the default only if `has_sizes`.
    `requests` returns API requests for content with its final ids.
    """

    name: str
    purpose: str
    build: Callable[[SeedRequest], ClinicContent]
    guarantees: tuple[Rule | CatalogueRule, ...]
    requests: Callable[[SeedRequest, ClinicContent], Sequence[ScenarioRequest]] | None = None

    @property
    def has_sizes(self) -> bool:
        return self.name in WITH_SIZES

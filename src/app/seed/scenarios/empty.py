"""`empty`: a clinic with its owner and nothing else."""

from app.seed.audit.identities import sizes
from app.seed.audit.rule import Rule
from app.seed.kinds import LOADED
from app.seed.request import SeedRequest
from app.seed.scenarios.rules import none_of
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.seeders.memberships import new_member
from app.seed.seeders.organizations import new_organization
from app.seed.seeders.users import new_user
from app.tables import METADATA


def empty_clinic(request: SeedRequest) -> ClinicContent:
    random_seed = request.random_seed
    return ClinicContent(
        users=[new_user(random_seed, 0)],
        organizations=[(new_organization(random_seed, 0), new_member(request, 0))],
    )


SCENARIO = Scenario(
    name="empty",
    purpose="A clinic with its owner and nothing else, for the first screens of a new clinic.",
    build=empty_clinic,
    guarantees=(
        Rule(
            "the owner is the only member",
            "organizations",
            sizes,
            (sizes.c.owners != 1) | (sizes.c.members != 1),
        ),
        none_of(METADATA.tables["invitations"]),
        *(none_of(kind.table) for kind in LOADED),
    ),
)

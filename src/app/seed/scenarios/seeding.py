"""Add the scenarios of a seed after its ordinary rows."""

from collections.abc import AsyncIterator, Iterable

from app.seed.constants import MAX_RANDOM_SEED
from app.seed.kinds import LOADED
from app.seed.rows.kind import SeedContext
from app.seed.scenarios.clinic import clinic_request
from app.seed.scenarios.creation import CreatedScenario, create_scenario
from app.seed.scenarios.scenario import ClinicContent, Scenario
from app.seed.scenarios.translation import key_of
from app.seed.summary import ScenarioClinic, ScenarioSummary, SeededUser


async def add_scenarios(
    context: SeedContext, scenarios: Iterable[Scenario]
) -> AsyncIterator[CreatedScenario]:
    """Create the clinics of each scenario and check them. Raise `AuditFailed`."""
    for scenario in scenarios:
        key = key_of(context.request.random_seed, scenario.name)
        # Other people than those of the ordinary clinics, and of other scenarios.
        random_seed = int.from_bytes(key) % MAX_RANDOM_SEED
        request = clinic_request(random_seed, context.request.as_of)
        yield await create_scenario(context.session, context.passwords, scenario, request, key)


def summary_of(made: CreatedScenario) -> ScenarioSummary:
    content = made.content
    return ScenarioSummary(
        name=made.scenario.name,
        organizations=[
            ScenarioClinic(id=organization.id, name=organization.name)
            for organization, _ in content.organizations
        ],
        created=created_rows(content),
        checks=made.checks,
        requests=made.requests,
        fingerprint=content.fingerprint(),
    )


def users_of(made: CreatedScenario) -> list[SeededUser]:
    """Return the members of the clinics, each user once."""
    content = made.content
    names = {organization.id: organization.name for organization, _ in content.organizations}
    users = {user.id: user for user in content.users}
    first = {member.user_id: member for member in reversed(content.all_members)}
    return [
        SeededUser(
            email=users[user_id].email,
            user_id=user_id,
            name=users[user_id].name,
            role=member.role,
            organization_id=member.organization_id,
            organization=names[member.organization_id],
            scenario=made.scenario.name,
        )
        for user_id, member in reversed(first.items())
    ]


def created_rows(content: ClinicContent) -> dict[str, int]:
    return {
        "users": len(content.users),
        "organizations": len(content.organizations),
        "memberships": len(content.all_members),
        "invitations": len(content.invitations),
        **{kind.wire_name: len(content.rows.get(kind.name, ())) for kind in LOADED},
    }

"""Who works where: users go round the organizations, so that none has two more than another."""

from typing import Any

from app.auth.members import NewMember, add_members
from app.auth.models import Role
from app.seed.data_set import BATCH_ROWS, DataSet, batches
from app.seed.randomness import Draws, row_id
from app.seed.request import SeedRequest


async def seed_memberships(data_set: DataSet) -> None:
    """Add all members except the owners, whom `seed_organizations` added."""
    request = data_set.request
    others = (new_member(request, index) for index in range(request.organizations, request.users))
    for new_members in batches(others):
        await add_members(data_set.session, new_members)
        data_set.note("memberships", [membership_content(member) for member in new_members])
        if len(new_members) == BATCH_ROWS:
            data_set.steps.wrote(data_set.created["memberships"].count)


def organization_index(request: SeedRequest, user_index: int) -> int:
    return user_index % request.organizations


def member_count(request: SeedRequest, organization: int) -> int:
    return len(range(organization, request.users, request.organizations))


def role(request: SeedRequest, user_index: int) -> Role:
    """The first member of an organization owns it, the second administers it."""
    rank = user_index // request.organizations
    if rank == 0:
        return Role.OWNER
    one_more_admin = Draws(request.random_seed, "role", user_index).one_in(8)
    return Role.ADMIN if rank == 1 or one_more_admin else Role.MEMBER


def new_member(request: SeedRequest, user_index: int) -> NewMember:
    organization = organization_index(request, user_index)
    return NewMember(
        id=row_id(request.random_seed, "membership", user_index),
        organization_id=row_id(request.random_seed, "organization", organization),
        user_id=row_id(request.random_seed, "user", user_index),
        role=role(request, user_index),
    )


def membership_content(member: NewMember) -> dict[str, Any]:
    return {
        "id": member.id,
        "organization_id": member.organization_id,
        "user_id": member.user_id,
        "role": member.role,
    }

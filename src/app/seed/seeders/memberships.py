"""Memberships: users are assigned to the organizations in turn, so their sizes differ by one."""

from collections.abc import AsyncIterator, Sequence
from functools import lru_cache

from app.auth.members import NewMember, add_members
from app.auth.models import Role
from app.database.bulk import Row
from app.seed.audit.identities import MEMBERSHIP_RULES
from app.seed.randomness import RandomDraws, row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import SeedContext, ServiceKind, in_batches
from app.tables import METADATA


async def create_memberships(context: SeedContext) -> AsyncIterator[Sequence[Row]]:
    """Add all members except owners, who were added with their clinics."""
    request = context.request
    for owner in range(request.organizations):
        yield [_content(new_member(request, owner))]
    others = (new_member(request, index) for index in range(request.organizations, request.users))
    for batch in in_batches(others):
        await add_members(context.session, batch)
        yield [_content(member) for member in batch]


def organization_index(request: SeedRequest, user_index: int) -> int:
    return user_index % request.organizations


def member_count(request: SeedRequest, organization: int) -> int:
    return len(range(organization, request.users, request.organizations))


def place_of_patient(request: SeedRequest, patient_index: int) -> int:
    """Return how many patients of the same organization come before a patient."""
    return _place(request.users, request.organizations, patient_index)


# Each plan of a patient asks for it.
@lru_cache(maxsize=4)
def _place(users: int, organizations: int, patient_index: int) -> int:
    # Patients are assigned to users, and users to organizations, in turn.
    rounds, user = divmod(patient_index, users)
    members = len(range(user % organizations, users, organizations))
    return rounds * members + user // organizations


def role(request: SeedRequest, user_index: int) -> Role:
    """Return the role: the first member is the owner, the second one an admin."""
    rank = user_index // request.organizations
    if rank == 0:
        return Role.OWNER
    one_more_admin = RandomDraws(request.random_seed, "role", user_index).one_in(8)
    return Role.ADMIN if rank == 1 or one_more_admin else Role.MEMBER


def new_member(request: SeedRequest, user_index: int) -> NewMember:
    organization = organization_index(request, user_index)
    return NewMember(
        id=row_id(request.random_seed, "membership", user_index),
        organization_id=row_id(request.random_seed, "organization", organization),
        user_id=row_id(request.random_seed, "user", user_index),
        role=role(request, user_index),
    )


def _content(member: NewMember) -> Row:
    return {
        "id": member.id,
        "organization_id": member.organization_id,
        "user_id": member.user_id,
        "role": member.role,
    }


KIND = ServiceKind(
    name="memberships",
    table=METADATA.tables["members"],
    expected=lambda request: request.users,
    rules=MEMBERSHIP_RULES,
    create=create_memberships,
)

"""The users who can sign in, and their password."""

from collections.abc import Iterable
from itertools import chain

from app.seed.constants import MAX_IDS_IN_SUMMARY, PASSWORD
from app.seed.request import SeedRequest
from app.seed.scenarios.creation import CreatedScenario
from app.seed.scenarios.seeding import users_of
from app.seed.seeders.memberships import organization_index, role
from app.seed.seeders.organizations import new_organization
from app.seed.seeders.users import hash_is_shared, new_user
from app.seed.summary import SeededUser, SignIn


def sign_in(request: SeedRequest, added: Iterable[CreatedScenario]) -> SignIn:
    ordinary = (_seeded_user(request, i) for i in range(min(request.users, MAX_IDS_IN_SUMMARY)))
    return SignIn(
        password=PASSWORD,
        hash_is_shared=hash_is_shared(request),
        users=[*ordinary, *chain.from_iterable(map(users_of, added))],
    )


def _seeded_user(request: SeedRequest, index: int) -> SeededUser:
    user = new_user(request.random_seed, index)
    organization = new_organization(request.random_seed, organization_index(request, index))
    return SeededUser(
        email=user.email,
        user_id=user.id,
        name=user.name,
        role=role(request, index),
        organization_id=organization.id,
        organization=organization.name,
    )

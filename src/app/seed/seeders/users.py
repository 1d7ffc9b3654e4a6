"""Practitioners, who sign in with the public password."""

from dataclasses import fields
from typing import Any

from app.auth.passwords import Hashing, SharedHashes
from app.auth.users import NewUser, sign_up_all
from app.seed import people
from app.seed.constants import MAX_HASHES, PASSWORD
from app.seed.data.practice import SPECIALIZATIONS
from app.seed.data_set import BATCH_ROWS, DataSet, batches
from app.seed.phones import practitioner_phone
from app.seed.randomness import Draws, row_id, scattered
from app.seed.request import SeedRequest

LICENSE_THOUSANDS = 9_000
CONTENT = tuple(field.name for field in fields(NewUser) if field.name != "password")


async def seed_users(data_set: DataSet) -> None:
    request = data_set.request
    passwords: Hashing = data_set.passwords
    if hash_is_shared(request):
        passwords = SharedHashes(passwords)
    all_users = (new_user(request.random_seed, index) for index in range(request.users))
    for new_users in batches(all_users):
        await sign_up_all(data_set.session, passwords, new_users)
        data_set.note("users", [_content(user) for user in new_users])
        if len(new_users) == BATCH_ROWS:
            data_set.steps.wrote(data_set.created["users"].count)


def hash_is_shared(request: SeedRequest) -> bool:
    """So many hashes would take longer than all the rest, and protect a public password."""
    return request.users > MAX_HASHES


def new_user(random_seed: int, index: int) -> NewUser:
    person = people.practitioner(random_seed, index)
    draws = Draws(random_seed, "user", index)
    thousands, rest = scattered(random_seed, "license numbers", index, LICENSE_THOUSANDS, 1_000)
    return NewUser(
        id=row_id(random_seed, "user", index),
        account_row_id=row_id(random_seed, "account", index),
        name=person.name,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email("example.com"),
        email_verified=True,
        password=PASSWORD,
        license_number=f"PHY000{1_000 + thousands}{rest:03}",
        specialization=draws.sample(SPECIALIZATIONS, draws.between(1, 3)),
        phone_numbers=[{"number": practitioner_phone(random_seed, index), "category": "work"}],
    )


def _content(user: NewUser) -> dict[str, Any]:
    return {name: getattr(user, name) for name in CONTENT}

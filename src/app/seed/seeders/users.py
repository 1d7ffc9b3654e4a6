"""Practitioners, who sign in with the public password."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import fields

from app.auth.passwords import SharedHashes
from app.auth.users import NewUser, sign_up_all
from app.database.bulk import Row
from app.seed.audit.identities import USER_RULES
from app.seed.constants import MAX_HASHES, PASSWORD
from app.seed.data.practitioners import SPECIALIZATIONS
from app.seed.people.person import practitioner
from app.seed.phones import practitioner_phone
from app.seed.randomness import RandomDraws, permuted_cell, row_id
from app.seed.request import SeedRequest
from app.seed.rows.kind import SeedContext, ServiceKind, in_batches
from app.tables import METADATA

LICENSE_THOUSANDS = 9_000
CONTENT = tuple(field.name for field in fields(NewUser) if field.name != "password")


async def create_users(context: SeedContext) -> AsyncIterator[Sequence[Row]]:
    request = context.request
    passwords = context.passwords
    if hash_is_shared(request):
        passwords = SharedHashes(passwords)
    new_users = (new_user(request.random_seed, index) for index in range(request.users))
    for batch in in_batches(new_users):
        await sign_up_all(context.session, passwords, batch)
        yield [_content(user) for user in batch]


def hash_is_shared(request: SeedRequest) -> bool:
    """Return whether all users share one hash, because more would take too long."""
    return request.users > MAX_HASHES


def new_user(random_seed: int, index: int) -> NewUser:
    person = practitioner(random_seed, index)
    draws = RandomDraws(random_seed, "user", index)
    thousands, rest = permuted_cell(random_seed, "license numbers", index, LICENSE_THOUSANDS, 1_000)
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


def _content(user: NewUser) -> Row:
    return {name: getattr(user, name) for name in CONTENT}


KIND = ServiceKind(
    name="users",
    table=METADATA.tables["users"],
    expected=lambda request: request.users,
    rules=USER_RULES,
    create=create_users,
)

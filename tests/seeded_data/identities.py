"""Rules for organizations, users and memberships."""

import re
from collections import Counter
from collections.abc import Iterator

from seeded_data.seeded_set import (
    SeededSet,
    even_split,
    folded,
    full_name,
    grouped,
    named,
    repeated,
)

EXAMPLE_ADDRESS = re.compile(r"[^@\s]+@example\.(com|org|net)", re.IGNORECASE)


def organizations_are_distinct(data: SeededSet) -> Iterator[str]:
    """Organizations have distinct names and distinct slugs."""
    for column in ("name", "slug"):
        yield from repeated(
            (named("organizations", row), folded(row[column])) for row in data.rows["organizations"]
        )


def organizations_have_one_owner(data: SeededSet) -> Iterator[str]:
    """The first member of an organization is its owner, later ones are not."""
    owners = Counter(
        row["organization_id"] for row in data.rows["members"] if row["role"] == "owner"
    )
    for row in data.rows["organizations"]:
        if owners[row["id"]] != 1:
            yield f"{named('organizations', row)}: has {owners[row['id']]} owners"


def emails_are_reserved(data: SeededSet) -> Iterator[str]:
    """Email addresses are in a domain that is reserved for examples."""
    for table in ("users", "patients"):
        for row in data.rows[table]:
            if row["email"] is not None and not EXAMPLE_ADDRESS.fullmatch(row["email"]):
                yield f"{named(table, row)}: email {row['email']!r} is not of an example domain"


def emails_are_distinct(data: SeededSet) -> Iterator[str]:
    """No two people have the same email address, in any case of letters."""
    yield from repeated(
        (named(table, row), row["email"].casefold())
        for table in ("users", "patients")
        for row in data.rows[table]
        if row["email"] is not None
    )


def user_name_is_first_and_last(data: SeededSet) -> Iterator[str]:
    """A user's name is the first name, a space, and the last name."""
    for user in data.rows["users"]:
        if user["name"] != f"{user['first_name']} {user['last_name']}":
            yield f"{named('users', user)}: name {user['name']!r} is not first and last name"


def users_are_distinct(data: SeededSet) -> Iterator[str]:
    """Full names of users are distinct."""
    yield from repeated((named("users", row), full_name(row)) for row in data.rows["users"])


def license_numbers_are_distinct(data: SeededSet) -> Iterator[str]:
    """No two users have the same license number."""
    yield from repeated(
        (named("users", user), user["license_number"]) for user in data.rows["users"]
    )


def users_can_sign_in(data: SeededSet) -> Iterator[str]:
    """A user has exactly one account: the credential, in the user's id, with an argon2id hash."""
    accounts = grouped(data.rows["accounts"], lambda row: row["user_id"])
    for user in data.rows["users"]:
        own = accounts.get(user["id"], [])
        if len(own) != 1:
            yield f"{named('users', user)}: has {len(own)} accounts"
        for account in own:
            if (account["provider_id"], account["account_id"]) != ("credential", str(user["id"])):
                yield f"{named('accounts', account)}: is not the credential of its user"
            if not account["password"].startswith("$argon2id$"):
                yield f"{named('accounts', account)}: password is not an argon2id hash"


def users_fill_organizations(data: SeededSet) -> Iterator[str]:
    """There are at least as many users as organizations."""
    users, organizations = len(data.rows["users"]), len(data.rows["organizations"])
    if users < organizations:
        yield f"{users} users cannot fill {organizations} organizations"


def users_have_one_membership(data: SeededSet) -> Iterator[str]:
    """Every user is in exactly one organization, once."""
    counts = Counter(row["user_id"] for row in data.rows["members"])
    for user in data.rows["users"]:
        if counts[user["id"]] != 1:
            yield f"{named('users', user)}: has {counts[user['id']]} memberships"


def memberships_are_spread_evenly(data: SeededSet) -> Iterator[str]:
    """Users are spread over the organizations as evenly as can be: 4-3-3."""
    if not data.volumes.organizations:
        return
    sizes = Counter(row["organization_id"] for row in data.rows["members"])
    actual = sorted((sizes[row["id"]] for row in data.rows["organizations"]), reverse=True)
    expected = even_split(data.volumes.users, data.volumes.organizations)
    if actual != expected:
        yield f"organizations have {actual} members instead of {expected}"

"""Translate the ids, email addresses and slugs of a clinic to others.

Any number of clinics from the same random seed can then exist in one database.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from hashlib import blake2b
from secrets import token_bytes
from typing import Any, TypeVar
from uuid import UUID

from app.database.bulk import Row
from app.seed.randomness import INDEX_BITS, NOT_VERSION, VERSION_8
from app.seed.scenarios.scenario import ClinicContent

T = TypeVar("T")
KEY_BYTES = 16
TAG_BYTES = 5
ID_BYTES = 16
NOT_INDEX = (1 << 128 - INDEX_BITS) - 1


def random_key() -> bytes:
    return token_bytes(KEY_BYTES)


def key_of(random_seed: int, scenario: str) -> bytes:
    """Return the key of the clinic that a seed creates for a scenario."""
    name = f"{random_seed}/scenario {scenario}".encode()
    return blake2b(name, digest_size=KEY_BYTES).digest()


def translated(content: ClinicContent, key: bytes) -> ClinicContent:
    """Return the same content with other ids, email addresses of users, and slugs."""
    to = Translation(key)
    return ClinicContent(
        users=[replace(to.fields(user), email=to.email(user.email)) for user in content.users],
        organizations=[
            (replace(to.fields(each), slug=to.slug(each.slug)), to.fields(owner))
            for each, owner in content.organizations
        ],
        members=[to.fields(member) for member in content.members],
        invitations=[
            replace(to.fields(each), email=to.email(each.email)) for each in content.invitations
        ],
        rows={kind: to.rows(rows) for kind, rows in content.rows.items()},
    )


class Translation:
    def __init__(self, key: bytes) -> None:
        self._key = key
        self._tag = blake2b(key, digest_size=TAG_BYTES).hexdigest()
        self._ids: dict[UUID, UUID] = {}

    def id(self, old: UUID) -> UUID:
        """Return a UUIDv8 with the same index, so that lists of each clinic have one order."""
        found = self._ids.get(old)
        if found is None:
            digest = blake2b(old.bytes, key=self._key, digest_size=ID_BYTES).digest()
            rest = int.from_bytes(digest) & NOT_INDEX & NOT_VERSION | VERSION_8
            found = self._ids[old] = UUID(int=old.int & ~NOT_INDEX | rest)
        return found

    def email(self, address: str) -> str:
        local, _, domain = address.rpartition("@")
        return f"{local}@{self._tag}.{domain}"

    def slug(self, slug: str) -> str:
        return f"{slug}-{self._tag}"

    def fields(self, old: T) -> T:
        """Return a dataclass with other ids."""
        values: dict[str, Any] = {each.name: getattr(old, each.name) for each in fields(old)}  # type: ignore[arg-type]
        return type(old)(**self.row(values))

    def rows(self, rows: Sequence[Row]) -> list[Row]:
        return [self.row(row) for row in rows]

    def row(self, row: Row) -> Row:
        return {
            name: self.id(value) if isinstance(value, UUID) else value
            for name, value in row.items()
        }

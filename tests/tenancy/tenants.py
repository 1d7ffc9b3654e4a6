"""Two organizations and the people in and around them."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import make_url

from conftest import seed
from snapshots import Rows, read_rows
from tenancy.cases import CallerKind
from tenancy.people import (
    MADE_UP,
    Tenant,
    TenantUser,
    invite,
    join,
    sign_in_twice,
    sign_up,
)
from tenancy.records import create_row

ROLES = ["owner", "admin", "member", "member"]
# With this random seed each of the two gets those four.
DATA_SET: Mapping[str, Any] = {
    "users": 8,
    "organizations": 2,
    "patients": 4,
    "randomSeed": 1,
    "asOf": "2026-01-15",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinics:
    """Besides the callers there are a colleague, who is a member of the attacked organization, and
    a guest, who belongs to both and is at work in the other one.

    The unverified one is invited as an owner. `hidden` has the ids of rows of the attacked
    organization that can be restored; the outsider's has such rows as well.
    """

    clinic: Tenant
    hidden: Mapping[str, str]
    people: Mapping[str, TenantUser]

    def names(self, caller: CallerKind) -> dict[str, Any]:
        """Return what the texts of a row may name."""
        me = self.people[caller]
        own = {"me": me, "mine": me.organization}
        return {**self.people, **own, "clinic": self.clinic, "hidden": self.hidden}

    def without(self, name: str) -> "Clinics":
        """Return the same with one person who belongs to no organization."""
        former = replace(self.people[name], organization=Tenant(), member_id=MADE_UP, role="")
        return replace(self, people={**self.people, name: former})


async def open_clinics(client: httpx.AsyncClient, database_url: str) -> Clinics:
    """Seed, sign everybody in, create and delete rows, and invite."""
    await seed(client, **DATA_SET)
    rows = read_rows(database_url)
    clinic, other = (_organization(rows, key) for key in sorted(rows["organizations"]))
    owner, admin, member, colleague = await _staff(client, rows, clinic)
    outsider, *_ = await _staff(client, rows, other)
    (hidden, booked), _ = [await create_row(client, person) for person in (owner, outsider)]
    guest = await join(client, (outsider, "admin"), (owner, "member"))
    stranger, recipient, unverified = [
        await sign_up(client, name)
        for name in ("Sybil Stranger", "Rita Recipient", "Una Unverified")
    ]
    _verify(database_url, stranger, recipient)
    return Clinics(
        clinic=replace(clinic, rows={**clinic.rows, "booked": booked}),
        hidden=hidden,
        people={
            CallerKind.NOBODY: TenantUser(),
            CallerKind.STRANGER: stranger,
            CallerKind.OUTSIDER: outsider,
            CallerKind.MEMBER: member,
            CallerKind.ADMIN: admin,
            CallerKind.OWNER: owner,
            CallerKind.RECIPIENT: await invite(client, owner, recipient, "member"),
            CallerKind.UNVERIFIED: await invite(client, owner, unverified, "owner"),
            "colleague": colleague,
            "guest": guest,
        },
    )


def _organization(rows: Rows, key: str) -> Tenant:
    own = {
        table: str(UUID(row["id"]))
        for table, found in rows.items()
        for row in found.values()
        if row.get("organization_id") == key and "id" in row
    }
    row = rows["organizations"][key]
    return Tenant(id=str(UUID(key)), name=row["name"], slug=row["slug"], rows=own)


async def _staff(client: httpx.AsyncClient, rows: Rows, organization: Tenant) -> list[TenantUser]:
    """Return an owner, an admin and two members, in this order."""
    people = []
    for member in rows["members"].values():
        if UUID(member["organization_id"]) == UUID(organization.id):
            person = await sign_in_twice(client, rows["users"][member["user_id"]]["email"])
            id_, role = str(UUID(member["id"])), member["role"]
            people.append(replace(person, organization=organization, member_id=id_, role=role))
    people.sort(key=lambda person: (ROLES.index(person.role), person.email))
    assert [person.role for person in people] == ROLES
    return people


def _verify(database_url: str, *people: TenantUser) -> None:
    """Do what no endpoint does: there are no mails."""
    with closing(sqlite3.connect(str(make_url(database_url).database))) as file, file:
        for person in people:
            file.execute("UPDATE users SET email_verified = 1 WHERE email = ?", [person.email])

"""Data that only certain people may read in a response."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Uuid
from sqlmodel import AutoString

from app.tables import METADATA
from snapshots import Rows
from tenancy.people import TenantUser

SHORTEST = 8  # shorter texts, such as a first name, may be in a response by chance
INVITATIONS_SEEN = {"owner": {"owner", "admin", "member"}, "admin": {"admin", "member"}}


def plain(text: str) -> str:
    """Write ids alike, which SQLite holds without hyphens."""
    return text.lower().replace("-", "")


def unknown_to(person: TenantUser, rows: Rows, published: str) -> frozenset[str]:
    """Return the plain texts and ids that must not reach a person; what is published may."""
    known = {plain(text) for text in (*person.told, published)}
    unknown: set[str] = set()
    for table in METADATA.tables:
        for row in rows[table].values():
            texts = known if _may_know(person, table, row, rows) else unknown
            texts.update(_texts(table, row))
            if table == "accounts" and row["user_id"] == plain(person.id):
                known.add(row["id"])  # but not the hash
    # A text may be a part of another: a specialization is "men's health".
    all_known = "\n".join(known)
    return frozenset(text for text in unknown if len(text) >= SHORTEST and text not in all_known)


def _may_know(person: TenantUser, table: str, row: dict[str, Any], rows: Rows) -> bool:
    me, mine = plain(person.id), plain(person.organization.id)
    match table:
        case "accounts":
            return False
        case "sessions":
            return bool(row["user_id"] == me)
        case "users":
            return row["id"] == me or any(
                member["user_id"] == row["id"] and member["organization_id"] == mine
                for member in rows["members"].values()
            )
        case "organizations":
            return bool(row["id"] == mine)
        case "invitations":
            seen = INVITATIONS_SEEN.get(person.role, ())
            return row["organization_id"] == mine and row["role"] in seen
        case _:
            return row.get("organization_id") == mine


def _texts(table: str, row: dict[str, Any]) -> Iterator[str]:
    for column in METADATA.tables[table].columns:
        value = row[column.name]
        if value is not None and isinstance(column.type, AutoString | Uuid):
            yield plain(value)
        elif value is not None and isinstance(column.type, JSON):
            yield from _leaves(json.loads(value))


def _leaves(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield plain(document)
    elif isinstance(document, dict):
        yield from _leaves([*document.values()])
    elif isinstance(document, list):
        for value in document:
            yield from _leaves(value)

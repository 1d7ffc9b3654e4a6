"""Batches of rows, as they are loaded and as they pass from one process to another."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from app.database.bulk import Row


class Batch(msgspec.Struct):
    """Rows as a database is given them.

    `ids` are of those rows only that a summary may name; `digest` is of what is deterministic.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    ids: list[UUID]
    digest: bytes


def digest_of(rows: Sequence[Row]) -> bytes:
    return sha256(msgspec.json.encode(rows, order="sorted")).digest()

"""Batches of rows, as they are loaded and as they pass from one process to another."""

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from app.inserts import PlainRow, Row


class Batch(msgspec.Struct):
    """Rows of a kind, and a digest of what is deterministic of them."""

    columns: tuple[str, ...]
    rows: list[PlainRow]
    digest: bytes


def digest_of(rows: Iterable[Row]) -> bytes:
    content = sha256()
    for row in rows:
        content.update(msgspec.json.encode(row, order="sorted"))
    return content.digest()

"""The cursor of a page of changes: the table and the key of its last row."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

import msgspec

from app.database.undo.changes import RowChange
from app.database.undo.recorded import recorded_keys
from app.errors import UnusableRequest

NOT_A_CURSOR = (
    "Please correct `cursor`: it is not the `next` of a page of changes. Leave it out for the "
    "first page."
)


def write_cursor(last: RowChange) -> str:
    place = msgspec.json.encode([last.table, last.place])
    return urlsafe_b64encode(place).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[str, Sequence[str]] | None:
    """Raise `UnusableRequest` for a cursor that no page has."""
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        table, place = msgspec.json.decode(text, type=tuple[str, list[str]])
    except (ValueError, msgspec.MsgspecError):
        raise UnusableRequest(NOT_A_CURSOR) from None
    if len(place) != len(recorded_keys().get(table, ())) or any("\0" in each for each in place):
        raise UnusableRequest(NOT_A_CURSOR)
    return table, place

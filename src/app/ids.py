"""Identifiers of rows."""

from uuid import UUID, uuid4

UNKNOWN_ID = UUID(int=0)


def new_id() -> UUID:
    return uuid4()


def read_id(text: str) -> UUID:
    """Return an id that a client sent, or `UNKNOWN_ID` if it is not a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return UNKNOWN_ID

"""Identifiers of rows."""

from uuid import UUID, uuid4

UNUSED_ID = UUID(int=0)


def new_id() -> UUID:
    return uuid4()


def read_id(text: str) -> UUID:
    """Return the id that a client sent, or an id that no row has if it is not a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return UNUSED_ID

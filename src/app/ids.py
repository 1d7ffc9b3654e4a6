"""Identifiers of rows."""

from uuid import UUID, uuid4

NOBODYS = UUID(int=0)


def new_id() -> UUID:
    return uuid4()


def read_id(text: str) -> UUID:
    """Read an id that a client sent; what is no UUID is an id that nobody has."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODYS

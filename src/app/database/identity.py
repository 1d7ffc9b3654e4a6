"""The identity of the database, the same for every process that uses it."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database.address import address_of
from app.database.engine import is_missing, read_only


async def find_identity(engine: AsyncEngine) -> str:
    """Return the identity, or an empty text if there is no database or it cannot be used."""
    if is_missing(engine):
        return ""
    try:
        async with read_only(engine).connect() as connection:
            address = await connection.run_sync(address_of)
    except DBAPIError:
        return ""  # the next query fails as well, and reports it
    return address.identity

"""The request and the summary of the last seed, stored with its data set."""

from datetime import datetime
from uuid import uuid4

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.database.engine import is_missing, read_only, wait_for_reset
from app.database.mark import has_mark_table
from app.database.own_tables import LAST_SEED_TABLE, has_table
from app.database.undo.recording import RECORDINGS
from app.seed.constants import PASSWORD
from app.seed.request import SeedRequest
from app.seed.summary import SeedSummary
from app.web.schemas import ResponseBody, encode_json

LAST_SEEDS = Table(
    LAST_SEED_TABLE,
    MetaData(),  # not one of the application's tables: a reset neither deletes nor counts it
    Column("id", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("seed_id", String),
)


class LastSeed(ResponseBody):
    seeded_at: datetime
    request: SeedRequest
    summary: SeedSummary


def save_last_seed(connection: Connection, request: SeedRequest, summary: SeedSummary) -> None:
    # The password is public, but no password is stored in the database.
    sign_in = replace(summary.sign_in, password="")
    summary = replace(summary, sign_in=sign_in)
    last = LastSeed(seeded_at=clock.now(), request=request, summary=summary)
    connection.execute(delete(LAST_SEEDS))
    row = {"id": 1, "document": encode_json(last).decode(), "seed_id": uuid4().hex}
    connection.execute(insert(LAST_SEEDS).values(row))


async def find_seed_id(engine: AsyncEngine) -> str | None:
    """Return the id of the last seed, or None if there is none or no database."""
    return await _find_id(engine, select(LAST_SEEDS.c.seed_id))


async def find_state_id(engine: AsyncEngine) -> str | None:
    """Return an id that changes with each seed and with each restore of a snapshot."""
    restored = select(RECORDINGS.c.restored).scalar_subquery()
    state = LAST_SEEDS.c.seed_id + func.coalesce(restored, "")
    # Without a recording there was no restore.
    return await _find_id(engine, select(state)) or await find_seed_id(engine)


async def _find_id(engine: AsyncEngine, query: Select[tuple[str | None]]) -> str | None:
    if is_missing(engine):
        return None
    try:
        async with read_only(engine).connect() as connection:
            found: str | None = await connection.scalar(query)
    except DBAPIError:
        return None  # the next query fails as well, and reports it
    return found


def find_last_seed(connection: Connection) -> LastSeed | None:
    if has_mark_table(connection):
        wait_for_reset(connection)
    if not has_table(connection, LAST_SEED_TABLE):
        return None
    document = connection.scalar(select(LAST_SEEDS.c.document))
    if document is None:
        return None
    try:
        last = msgspec.json.decode(document, type=LastSeed)
    except msgspec.DecodeError:
        return None  # written by older or newer code
    last.summary.sign_in.password = PASSWORD
    return last

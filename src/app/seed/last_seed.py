"""What the last seed was asked and answered, kept beside the data set that it made."""

from datetime import datetime
from uuid import uuid4

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.database.engine import is_missing, read_only, wait_for_reset
from app.database.mark import has_mark_table
from app.database.own_tables import LAST_SEED_TABLE
from app.seed.constants import PASSWORD
from app.seed.request import SeedRequest
from app.seed.summary import SeedSummary
from app.web.schemas import ResponseBody, encode_json

LAST_SEEDS = Table(
    LAST_SEED_TABLE,
    MetaData(),  # not among the application's tables: nobody's data, which no reset counts
    Column("id", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("seed_id", String),
)


class LastSeed(ResponseBody):
    """Descriptions of the two bodies would be told, now and then, wherever else they stand."""

    seeded_at: datetime
    request: SeedRequest
    summary: SeedSummary


def save_last_seed(connection: Connection, request: SeedRequest, summary: SeedSummary) -> None:
    # The password is public, and yet no password stands in the database.
    sign_in = replace(summary.sign_in, password="")
    summary = replace(summary, sign_in=sign_in)
    last = LastSeed(seeded_at=clock.now(), request=request, summary=summary)
    connection.execute(delete(LAST_SEEDS))
    row = {"id": 1, "document": encode_json(last).decode(), "seed_id": uuid4().hex}
    connection.execute(insert(LAST_SEEDS).values(row))


async def find_seed_id(engine: AsyncEngine) -> str | None:
    """Return the id of the seed that made the data set; None if there is none or no database."""
    if is_missing(engine):
        return None
    try:
        async with read_only(engine).connect() as connection:
            found: str | None = await connection.scalar(select(LAST_SEEDS.c.seed_id))
    except DBAPIError:
        return None  # what comes next finds the same, and tells it
    return found


def find_last_seed(connection: Connection) -> LastSeed | None:
    if has_mark_table(connection):
        wait_for_reset(connection)
    schema = connection.dialect.default_schema_name
    if not inspect(connection).has_table(LAST_SEED_TABLE, schema=schema):
        return None
    document = connection.scalar(select(LAST_SEEDS.c.document))
    if document is None:
        return None
    try:
        last = msgspec.json.decode(document, type=LastSeed)
    except msgspec.DecodeError:
        return None  # older or newer code said it in other words
    last.summary.sign_in.password = PASSWORD
    return last

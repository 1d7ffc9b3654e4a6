"""The request and the summary of the last seed, stored with its data set."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app import clock
from app.database.engine import is_missing, single_read, wait_for_reset
from app.database.mark import has_mark_table
from app.database.own_tables import LAST_SEED_TABLE, has_table
from app.database.undo.history import SnapshotEvent, SnapshotHistory
from app.database.undo.recording import HISTORY, SNAPSHOTS
from app.seed.constants import PASSWORD
from app.seed.scenarios.data_set_request import DataSetRequest
from app.seed.summary import SeedSummary
from app.web.schemas import ResponseBody, encode_json

LAST_SEEDS = Table(
    LAST_SEED_TABLE,
    MetaData(),  # not one of the application's tables: a reset neither deletes nor counts it
    Column("id", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("seed_id", String),
)
SEED_ID = select(LAST_SEEDS.c.seed_id)
LAST_RESTORE = select(func.max(HISTORY.c.id)).where(HISTORY.c.restored.is_not(None))
IDS = SEED_ID.add_columns(
    (LAST_SEEDS.c.seed_id + func.coalesce(cast(LAST_RESTORE.scalar_subquery(), String), "")).label(
        "state_id"
    )
)


class LastSeed(ResponseBody):
    seeded_at: datetime
    request: DataSetRequest
    summary: SeedSummary


def save_last_seed(connection: Connection, request: DataSetRequest, summary: SeedSummary) -> None:
    # The password is public, but no password is stored in the database.
    sign_in = replace(summary.sign_in, password="")
    summary = replace(summary, sign_in=sign_in)
    last = LastSeed(seeded_at=clock.now(), request=request, summary=summary)
    connection.execute(delete(LAST_SEEDS))
    row = {"id": 1, "document": encode_json(last).decode(), "seed_id": uuid4().hex}
    connection.execute(insert(LAST_SEEDS).values(row))


async def find_ids(engine: AsyncEngine) -> tuple[str | None, str | None]:
    """Return the id of the last seed, and one that changes with each restore of a snapshot as well.

    Both are None if there is no seed or no database.
    """
    if rows := await _read(engine, IDS):
        return rows[0].seed_id, rows[0].state_id
    # Where nothing is recorded there was no restore.
    seeds = await _read(engine, SEED_ID)
    seed_id = seeds[0].seed_id if seeds else None
    return seed_id, seed_id


async def find_history(
    engine: AsyncEngine, seed_id: str | None, known: int
) -> SnapshotHistory | None:
    """Return the events after a known one, or all if there was another seed than this.

    Return None if the database cannot be read. The next query fails as well, and reports it.
    """
    if is_missing(engine):
        return SnapshotHistory(None)
    if rows := await _read(engine, _history_after(seed_id, known)):
        return SnapshotHistory(
            seed_id=rows[0].seed_id,
            events=[SnapshotEvent(row.id, row.restored) for row in rows if row.id is not None],
            snapshots=frozenset(map(int, (rows[0].snapshots or "0").split(","))),
        )
    # Where nothing is recorded there are no tables of snapshots.
    seeds = await _read(engine, SEED_ID)
    return None if seeds is None else SnapshotHistory(seeds[0].seed_id if seeds else None)


def _history_after(seed_id: str | None, known: int) -> Select[Any]:
    """Return one statement, so that no seed and no restore comes between its parts."""
    ids = func.aggregate_strings(cast(SNAPSHOTS.c.id, String), ",")
    now = select(
        SEED_ID.scalar_subquery().label("seed_id"),
        select(ids).scalar_subquery().label("snapshots"),
    ).subquery()
    is_same = now.c.seed_id.is_not_distinct_from(literal(seed_id, String))
    is_new = HISTORY.c.id > case((is_same, known), else_=0)
    return select(now, HISTORY).join_from(now, HISTORY, is_new, isouter=True).order_by(HISTORY.c.id)


async def _read(engine: AsyncEngine, query: Select[Any]) -> Sequence[Row[Any]] | None:
    """Return None if there is no such table, or no database."""
    if is_missing(engine):
        return None
    try:
        async with single_read(engine).connect() as connection:
            rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    except DBAPIError:
        return None
    return rows


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

"""Loads the kinds of row that no service creates, as fast as the database takes them.

Many are loaded without indexes and foreign keys, which are built afterwards.
"""

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database.bulk import insert_plain
from app.seed.data_set import DataSet
from app.seed.expected import rows_expected
from app.seed.kinds import LOADED
from app.seed.request import ResetMode, SeedRequest
from app.seed.rows.indexes import put_back, refresh_statistics
from app.seed.rows.source import Source, is_large
from app.web.schemas import wire_name


def loaded_bare(
    connection: AsyncConnection, request: SeedRequest, mode: ResetMode
) -> Sequence[Table]:
    """Give the tables whose indexes and keys wait: many rows come, and nobody reads them meanwhile.

    On PostgreSQL readers go on while rows are deleted; on SQLite none sees what is not committed.
    """
    unread = mode is ResetMode.DROP or connection.dialect.name == "sqlite"
    tables = [table for kind in LOADED for table in (kind.table, *kind.derived)]
    return tables if unread and is_large(request) else []


async def load_kinds(data_set: DataSet, source: Source, bare: Sequence[Table]) -> None:
    connection, steps = await data_set.session.connection(), data_set.steps
    expected = rows_expected(data_set.request)
    for kind in LOADED:
        name = wire_name(kind.name)
        async with steps.step(name, expected[name]) as step:
            async for batch in source(kind):
                await insert_plain(connection, kind.table, batch.columns, batch.rows)
                data_set.note_batch(kind.name, batch)
                step.rows += len(batch.rows)
                steps.wrote(step.rows)
            for derive in kind.derived.values():
                await connection.execute(derive(connection.dialect.name))
    if is_large(data_set.request):
        async with steps.step("indexes"):
            await connection.run_sync(put_back, bare)
            await connection.run_sync(refresh_statistics)

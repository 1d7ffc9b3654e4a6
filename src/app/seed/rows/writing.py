"""Write the rows of all kinds, and collect their counts, first ids and digests."""

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256

from sqlalchemy import Connection, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database.bulk import insert_encoded
from app.database.engine import run_statements
from app.database.foreign_keys import check_foreign_keys
from app.database.indexes import count_rows, create_indexes, refresh_statistics
from app.seed.constants import MAX_IDS_IN_SUMMARY
from app.seed.kinds import KINDS, LOADED, is_large
from app.seed.request import ResetMode, SeedRequest
from app.seed.rows.kind import Kind, LoadedKind, SeedContext, ServiceKind, Written
from app.seed.rows.processes import RowSource
from app.seed.summary import Created, CreatedKinds
from app.tables import METADATA

# The foreign keys of later rows look up each of these rows. If PostgreSQL counted an empty table,
# such as after a deletion, any index of it seems as good as the primary key.
MANY_ROWS = 1_000


class CreatedRows:
    """The counts, ids and digests of the rows that were written."""

    def __init__(self) -> None:
        self._created = {kind.name: Created() for kind in KINDS}
        self._digests = {kind.name: sha256() for kind in KINDS}

    def add(self, kind: Kind, written: Written) -> None:
        created = self._created[kind.name]
        created.count += written.count
        created.ids += written.ids[: MAX_IDS_IN_SUMMARY - len(created.ids)]
        created.ids_truncated = created.count > len(created.ids)
        self._digests[kind.name].update(written.digest)

    def count(self, kind: Kind) -> int:
        return self._created[kind.name].count

    @property
    def total(self) -> int:
        return sum(created.count for created in self._created.values())

    def by_kind(self) -> CreatedKinds:
        return CreatedKinds(**self._created)

    def fingerprint(self) -> str:
        digests = (name.encode() + digest.digest() for name, digest in self._digests.items())
        return sha256(b"".join(digests)).hexdigest()


async def write_rows(
    kind: Kind, context: SeedContext, source: RowSource, without_indexes: Sequence[Table]
) -> AsyncIterator[Written]:
    """Write all rows of a kind, and yield a description of each batch."""
    match kind:
        case ServiceKind():
            async for rows in kind.create(context):
                yield Written.of(rows)
        case LoadedKind():
            connection = await context.session.connection()
            async for batch in source(kind):
                if batch.rows:
                    await insert_encoded(connection, kind.table, batch.columns, batch.rows)
                yield batch.written
            for derive in kind.derived.values():
                await connection.execute(derive(connection.dialect.name))
            many = kind.expected(context.request) >= MANY_ROWS
            checks_keys = kind.table not in without_indexes
            if many and checks_keys and connection.dialect.name == "postgresql":
                await run_statements(connection, count_rows, kind.table)


def tables_without_indexes(
    connection: AsyncConnection, request: SeedRequest, mode: ResetMode
) -> Sequence[Table]:
    """Return the tables to load without indexes and foreign keys, for a large data set.

    There are none if a reset by `delete` on PostgreSQL lets others read. On SQLite they see the old
    data.
    """
    has_readers = mode is ResetMode.DELETE and connection.dialect.name == "postgresql"
    if has_readers or not is_large(request):
        return ()
    return [table for kind in LOADED for table in (kind.table, *kind.derived)]


def finish_tables(connection: Connection, without_indexes: Sequence[Table]) -> None:
    """Create the missing indexes, refresh the statistics, and check foreign keys."""
    create_indexes(connection, without_indexes)
    refresh_statistics(connection, METADATA.tables.values())
    check_foreign_keys(connection, METADATA.tables.values())

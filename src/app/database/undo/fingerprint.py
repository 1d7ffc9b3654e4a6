"""A digest of all recorded rows, read from the tables themselves.

It is the sum of the digests of the rows, which may come in any order.
"""

from hashlib import sha256

from app.database.own_tables import quoted
from app.database.undo.recorded import RecordedTable
from app.database.undo.recording import UndoLog

ROWS_AT_ONCE = 1_000
BITS = 256
# PostgreSQL adds up the halves of each digest itself.
HALF = 64  # bits
POSTGRESQL_SUMS = (
    "SELECT sum(('x' || left(digest, 16))::bit(64)::bigint),"
    " sum(('x' || right(digest, 16))::bit(64)::bigint) FROM ({rows}) AS each"
)


def fingerprint_rows(log: UndoLog) -> str:
    """Return a digest of all rows; it reads the whole database."""
    if log.connection.dialect.name == "postgresql":
        rows = " UNION ALL ".join(_digests(log, table) for table in log.tables)
        sums = log.connection.exec_driver_sql(POSTGRESQL_SUMS.format(rows=rows)).one()
        return "".join(f"{int(each or 0) % (1 << HALF):016x}" for each in sums)
    total = 0
    rows = " UNION ALL ".join(_texts(log, table) for table in log.tables)
    streamed = {"yield_per": ROWS_AT_ONCE}
    with log.connection.exec_driver_sql(rows, execution_options=streamed) as found:
        for row in found:
            total += int.from_bytes(sha256(row[0].encode()).digest(), "big")
    return f"{total % (1 << BITS):064x}"


def _digests(log: UndoLog, table: RecordedTable) -> str:
    name = quoted(log.connection, table.name)
    return f"SELECT md5('{table.name} ' || t::text) AS digest FROM {name} AS t"


def _texts(log: UndoLog, table: RecordedTable) -> str:
    # `quote` ends a text at the first NUL, and a text may be no UTF-8.
    columns = (
        f"CASE typeof({each}) WHEN 'text' THEN hex({each}) ELSE quote({each}) END"
        for each in (quoted(log.connection, name) for name in table.columns)
    )
    row = " || ',' || ".join(columns)
    return f"SELECT '{table.name} ' || {row} FROM {quoted(log.connection, table.name)}"

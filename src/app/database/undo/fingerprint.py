"""A digest of all recorded rows, read from the tables themselves."""

from hashlib import sha256

from sqlalchemy import text

from app.database.own_tables import quoted
from app.database.undo.recorded import RecordedTable
from app.database.undo.recording import UndoLog

ROWS_AT_ONCE = 1_000
BITS = 256


def fingerprint_rows(log: UndoLog) -> str:
    """Return a digest of all rows, in any order; it reads the whole database.

    It is the sum of the digests of the rows.
    """
    query = text(" UNION ALL ".join(_rows(log, table) for table in log.tables))
    total = 0
    with log.connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)) as found:
        for table, row in found:
            digest = sha256(f"{table} {row}".encode(errors="surrogateescape")).digest()
            total += int.from_bytes(digest, "big")
    return f"{total % (1 << BITS):064x}"


def _rows(log: UndoLog, table: RecordedTable) -> str:
    name = quoted(log.connection, table.name)
    row = "t::text"
    if log.connection.dialect.name == "sqlite":
        # `quote` ends a text at the first NUL, and a text may be no UTF-8.
        columns = (
            f"CASE typeof({each}) WHEN 'text' THEN hex({each}) ELSE quote({each}) END"
            for each in (quoted(log.connection, name) for name in table.columns)
        )
        row = " || ',' || ".join(columns)
    return f"SELECT '{table.name}', {row} FROM {name} AS t"

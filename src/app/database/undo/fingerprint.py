"""A digest of all recorded rows, read from the tables themselves."""

from hashlib import sha256

from sqlalchemy import text

from app.database.own_tables import quoted
from app.database.undo.recorded import listed
from app.database.undo.recording import UndoLog

ROWS_AT_ONCE = 1_000


def fingerprint_rows(log: UndoLog) -> str:
    """Return a digest of all rows; it reads the whole database."""
    connection, digest = log.connection, sha256()
    for table in log.tables:
        name = quoted(connection, table.name)
        sqlite = connection.dialect.name == "sqlite"
        row = listed(connection, table.columns) if sqlite else f"{name}::text"
        query = text(f"SELECT {row} FROM {name} ORDER BY {listed(connection, table.key)}")
        digest.update(table.name.encode())
        with connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE)) as found:
            for each in found:
                digest.update(repr(tuple(each)).encode(errors="surrogatepass"))
    return digest.hexdigest()

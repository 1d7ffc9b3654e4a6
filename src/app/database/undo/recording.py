"""Whether and since when changes are recorded, and why snapshots cannot be used."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    column,
    delete,
    func,
    insert,
    select,
    table,
)
from sqlmodel import SQLModel

from app.database.citus import is_cluster
from app.database.columns import UtcDateTime
from app.database.own_tables import (
    HISTORY_TABLE,
    RECORDING_TABLE,
    SNAPSHOT_TABLE,
    VERSION_TABLE,
    has_table,
)
from app.database.test_clock import CLOCKS
from app.database.undo.errors import SnapshotsUnusable
from app.database.undo.postgresql_log import PostgresqlLog
from app.database.undo.recorded import RecordedTable, read_tables, tables_with
from app.database.undo.sqlite_log import SqliteLog

METADATA = MetaData(naming_convention=SQLModel.metadata.naming_convention)
RECORDINGS = Table(
    RECORDING_TABLE,
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("revision", String),
    Column("fingerprint", String, nullable=False),
    Column("columns", Text, nullable=False),
)
SNAPSHOTS = Table(
    SNAPSHOT_TABLE,
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("positions", Text, nullable=False),
    Column("rows", Text, nullable=False),
    Column("fingerprint", String),
)
HISTORY = Table(
    HISTORY_TABLE,
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("restored", Integer),
)
# Of the tables above. A recording of another format cannot be used.
FORMAT = "6"
REVISION = (
    select(func.max(column("version_num"))).select_from(table(VERSION_TABLE)).scalar_subquery()
)
ON_CITUS = (
    "Citus has no triggers on distributed tables, so changes cannot be recorded. Use a database "
    "without Citus, or seed again."
)
NOT_OWNER = (
    "The role in DATABASE_URL does not own Seedbed's tables, so it cannot record changes. Make it "
    "the owner of the tables and their schema, and seed again."
)
NOT_RECORDED = "Changes of this database are not recorded. Seed, or take a snapshot."
UNRECORDED = (
    "Some changes cannot be recorded: {}. Remove the child table, the policy or the index, and "
    "seed again."
)
MIGRATED = (
    "The database was migrated since. Seed again, or take a new snapshot of the current state."
)
ALTERED = (
    "Since the snapshot, a table was altered or dropped, a trigger that records changes was "
    "changed, disabled or dropped, or rows of a dump were loaded. Seed again, or take a new "
    "snapshot of the current state. If a table is missing, seed with `reset=drop`."
)


class UndoLog(Protocol):
    """The log of one database. The tables are those that are recorded."""

    connection: Connection
    tables: Sequence[RecordedTable]

    def create(self) -> None: ...
    def find_obstacles(self) -> tuple[bool, Sequence[str]]: ...
    def drop(self) -> None: ...
    def pause(self, *, is_large: bool) -> None: ...
    def clear(self) -> None: ...
    def write_exactly(self) -> None: ...
    def prepare(self) -> None: ...
    def fingerprint(self) -> str: ...
    def is_unaltered(self, fingerprint: str, /) -> bool: ...
    def positions(self) -> dict[str, int]: ...
    def first_entries(self, table: RecordedTable, position: int) -> str: ...
    def first_keys(self, table: RecordedTable, position: int) -> str: ...
    def touched(self, positions: Mapping[str, int]) -> list[RecordedTable]: ...
    def differs(self, table: RecordedTable, /) -> str: ...
    def forget_after(self, positions: Mapping[str, int]) -> list[str]: ...


def start(connection: Connection) -> UndoLog:
    """Record all changes from now on, without any snapshot.

    Raise `SnapshotsUnusable` if the database or the role cannot record.
    """
    if reason := reason_against_recording(connection):
        raise SnapshotsUnusable(reason)
    found = _find(connection)
    if found is not None:
        log = _log_of(connection, tables_with(json.loads(found.columns)))
        connection.execute(delete(SNAPSHOTS))
        if found.revision == found.current_revision and _is_unaltered(log, found.fingerprint):
            log.clear()
            log.write_exactly()
            return log
        connection.execute(delete(RECORDINGS))
    METADATA.create_all(connection)
    CLOCKS.create(connection, checkfirst=True)
    log = _log_of(connection, read_tables(connection))
    log.drop()
    log.create()
    columns = {table.name: list(table.columns) for table in log.tables}
    values = {
        "id": 1,
        "revision": connection.scalar(select(REVISION)),
        "fingerprint": _fingerprint(log),
        "columns": json.dumps(columns),
    }
    connection.execute(insert(RECORDINGS).values(values))
    log.write_exactly()
    return log


def pause(connection: Connection, *, is_large: bool) -> None:
    """Delete all snapshots, and record nothing until `start` is called in the same transaction.

    `is_large` says whether many rows are about to be inserted. Go on if `start` would fail, because
    the snapshots remain then.
    """
    if _find(connection) is None or reason_against_recording(connection):
        return
    connection.execute(delete(SNAPSHOTS))
    _log_of(connection, []).pause(is_large=is_large)


def stop(connection: Connection) -> None:
    """Remove triggers and log, which would be in the way of a migration."""
    if _find(connection) is not None:
        _log_of(connection, []).drop()


def remove(connection: Connection) -> None:
    """Remove everything that is about snapshots."""
    stop(connection)
    METADATA.drop_all(connection)
    CLOCKS.drop(connection, checkfirst=True)


def use_log(connection: Connection) -> UndoLog:
    """Return the log of this database.

    Raise `SnapshotsUnusable` if changes may be missing in it.
    """
    found = None if is_cluster(connection) else _find(connection)
    if found is None:
        raise SnapshotsUnusable(reason_against_recording(connection) or NOT_RECORDED)
    if found.revision != found.current_revision:
        raise SnapshotsUnusable(MIGRATED)
    log = _log_of(connection, tables_with(json.loads(found.columns)))
    if not _is_unaltered(log, found.fingerprint):
        raise SnapshotsUnusable(ALTERED)
    log.prepare()
    return log


def is_recorded(connection: Connection) -> bool:
    """Return whether changes were recorded here since the last seed, completely or not."""
    return reason_against_recording(connection) is not None or _find(connection) is not None


def reason_against_recording(connection: Connection) -> str | None:
    if is_cluster(connection):
        return ON_CITUS
    owns_tables, unrecorded = _log_of(connection, []).find_obstacles()
    if not owns_tables:
        return NOT_OWNER
    return UNRECORDED.format(", ".join(unrecorded)) if unrecorded else None


def _fingerprint(log: UndoLog) -> str:
    return f"{FORMAT} {log.fingerprint()}"


def _is_unaltered(log: UndoLog, stored: str) -> bool:
    form, _, fingerprint = stored.partition(" ")
    return form == str(FORMAT) and log.is_unaltered(fingerprint)


def _find(connection: Connection) -> Row[Any] | None:
    if not has_table(connection, RECORDING_TABLE):
        return None
    query = select(RECORDINGS, REVISION.label("current_revision"))
    return connection.execute(query).one_or_none()


def _log_of(connection: Connection, tables: list[RecordedTable]) -> UndoLog:
    if connection.dialect.name == "sqlite":
        return SqliteLog(connection, tables)
    return PostgresqlLog(connection, tables)

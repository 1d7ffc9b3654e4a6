"""Undo all changes since a snapshot."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, Index, UniqueConstraint
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from app.database.batch import run_all
from app.database.causes import describe_for_log
from app.database.own_tables import quoted
from app.database.undo.changes import ChangeCounts, Positions, count_changes
from app.database.undo.errors import CannotRestore
from app.database.undo.postgresql_log import PostgresqlLog
from app.database.undo.recorded import RecordedTable, equal, listed
from app.database.undo.recording import UndoLog
from app.logs import get_logger

logger = get_logger(__name__)


def undo(log: UndoLog, positions: Positions) -> dict[str, ChangeCounts]:
    """Undo all changes after these positions, and return what was undone.

    On SQLite, foreign keys must be off. Raise `CannotRestore`.
    """
    counts = count_changes(log, positions)
    if not counts:
        return counts
    try:
        if isinstance(log, PostgresqlLog):
            _undo_in_order(log, positions, counts)
        else:
            run_all(log.connection, list(_replace_rows(log, positions, counts)))
        if left := count_changes(log, positions):
            raise CannotRestore(list(left))
    except (IntegrityError, DataError) as error:
        logger.warning("a snapshot cannot be restored", **describe_for_log(error))
        raise CannotRestore([]) from error
    return counts


def _undo_in_order(
    log: PostgresqlLog, positions: Positions, counts: Mapping[str, ChangeCounts]
) -> None:
    run_all(log.connection, list(_release_rows(log, positions, counts)))
    # Foreign keys and triggers may have deleted or changed other rows.
    if log.read_new_entries() or any(map(_deletes_updated, counts, counts.values())):
        counts = count_changes(log, positions)
    # What the triggers of other programs do at the end of a transaction is compared as well.
    restored = (*_restore_rows(log, positions, counts), "SET CONSTRAINTS ALL IMMEDIATE")
    run_all(log.connection, restored)
    log.read_new_entries()


def deletes_rows(undone: Mapping[str, ChangeCounts]) -> bool:
    """Return whether undoing these changes deletes rows, some of them only for a moment."""
    return any(counts.inserted or _deletes_updated(name, counts) for name, counts in undone.items())


def has_orphans(connection: Connection, table: str) -> bool:
    """Return whether rows of a table of SQLite refer to rows that do not exist."""
    check = f"PRAGMA foreign_key_check({quoted(connection, table)})"
    return connection.exec_driver_sql(check).first() is not None


def _replace_rows(
    log: UndoLog, positions: Positions, counts: Mapping[str, ChangeCounts]
) -> Iterator[str]:
    """Delete all changed rows, then insert the old ones: no two unique values are ever equal."""
    for table in log.tables:
        if table.name in counts:
            name, key = quoted(log.connection, table.name), listed(log.connection, table.key)
            first = log.first_entries(table, positions[table.name])
            yield f"DELETE FROM {name} WHERE ({key}) IN (SELECT {key} FROM ({first}))"
            columns = listed(log.connection, table.columns)
            yield (
                f"INSERT INTO {name} ({columns}) SELECT {columns} FROM ({first}) WHERE undo_existed"
            )


def _release_rows(
    log: UndoLog, positions: Positions, counts: Mapping[str, ChangeCounts]
) -> Iterator[str]:
    """Delete new rows, children before their parents, and release unique values."""
    for table in reversed(log.tables):
        if count := counts.get(table.name):
            if count.updated:
                first = log.first_entries(table, positions[table.name])
                yield from _release_unique_values(log, table, first)
            if count.inserted:
                yield _delete(log, table, log.first_keys(table, positions[table.name]))


def _restore_rows(
    log: UndoLog, positions: Positions, counts: Mapping[str, ChangeCounts]
) -> Iterator[str]:
    """Update and insert old rows, parents before their children."""
    for table in log.tables:
        if count := counts.get(table.name):
            first = log.first_entries(table, positions[table.name])
            if count.updated:
                yield from _update(log, table, first)
            if count.deleted:
                yield _insert(log, table, first)


def _delete(log: UndoLog, table: RecordedTable, first: str) -> str:
    return (
        f"DELETE FROM {quoted(log.connection, table.name)} AS now USING ({first}) AS old"
        f" WHERE {equal(log.connection, table.key, 'now.', 'old.')} AND NOT old.undo_existed"
    )


def _update(log: UndoLog, table: RecordedTable, first: str) -> Iterator[str]:
    columns = [quoted(log.connection, name) for name in table.columns if name not in table.key]
    if columns:
        yield (
            f"UPDATE {quoted(log.connection, table.name)} AS now"
            f" SET {', '.join(f'{column} = old.{column}' for column in columns)}"
            f" FROM ({first}) AS old WHERE {equal(log.connection, table.key, 'now.', 'old.')}"
            f" AND old.undo_existed AND {log.differs(table)}"
        )


def _insert(log: UndoLog, table: RecordedTable, first: str) -> str:
    name, columns = quoted(log.connection, table.name), listed(log.connection, table.columns)
    return (
        f"INSERT INTO {name} ({columns}) OVERRIDING SYSTEM VALUE"
        f" SELECT {columns} FROM ({first}) AS old WHERE undo_existed AND NOT EXISTS (SELECT"
        f" FROM {name} AS now WHERE {equal(log.connection, table.key, 'now.', 'old.')})"
    )


def _release_unique_values(log: UndoLog, table: RecordedTable, first: str) -> Iterator[str]:
    """Return statements after which no updated row has a unique value that another one gets back.

    A text is replaced by another one until `_update`. A row without such a text is deleted. Any
    change may bring a row into a partial index.
    """
    name = quoted(log.connection, table.name)
    for columns, is_partial in _unique_columns(table.name):
        change = f"DELETE FROM {name} AS now USING"
        if text := next((column for column in columns if _is_text(table.name, column)), None):
            other = "gen_random_uuid()::text"
            change = f"UPDATE {name} AS now SET {quoted(log.connection, text)} = {other} FROM"
        differs = f"({equal(log.connection, columns, 'now.', 'old.')}) IS NOT TRUE"
        yield (
            f"{change} ({first}) AS old WHERE {equal(log.connection, table.key, 'now.', 'old.')}"
            f" AND old.undo_existed AND {log.differs(table) if is_partial else differs}"
        )


def _unique_columns(name: str) -> Iterator[tuple[Sequence[str], bool]]:
    """Return the columns of each unique index but the primary key, and whether it is partial."""
    table = SQLModel.metadata.tables.get(name)
    if table is None:
        return
    for unique in (*table.constraints, *table.indexes):
        if isinstance(unique, UniqueConstraint) or (isinstance(unique, Index) and unique.unique):
            is_partial = unique.dialect_options["postgresql"].get("where") is not None
            yield [column.name for column in unique.columns], is_partial


def _deletes_updated(name: str, counts: ChangeCounts) -> bool:
    """Return whether `_release_unique_values` deletes rows of a table."""
    return counts.updated > 0 and not all(
        any(_is_text(name, each) for each in columns) for columns, _ in _unique_columns(name)
    )


def _is_text(table: str, name: str) -> bool:
    """Return whether a column can have any text for a moment."""
    column = SQLModel.metadata.tables[table].c[name]
    return isinstance(column.type, AutoString) and not column.foreign_keys

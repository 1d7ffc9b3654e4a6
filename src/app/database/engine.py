"""The engine, and the transaction of a request."""

from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

import msgspec
from anyio import CancelScope
from litestar import Request
from litestar.datastructures import State
from litestar.types import ASGIApp, Receive, Scope, Send
from psycopg import AsyncConnection as AsyncPostgresql
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database.address import file_identity
from app.database.citus import cluster_settings, look_for_cluster
from app.database.errors import (
    DatabaseFileGone,
    DatabaseUnprotected,
    SchemaChanged,
    TablesElsewhere,
)
from app.database.own_tables import MARK_TABLE, RESOLVED_ELSEWHERE, own_names
from app.errors import DomainError
from app.private_files import create_private_file
from app.settings import Environment

WAIT_SECONDS = 5
SQLITE_PRAGMAS = (
    "synchronous = NORMAL",  # safe in WAL: a power cut may lose the last commit, never a part of it
    "foreign_keys = ON",
    f"busy_timeout = {WAIT_SECONDS}000",
    "secure_delete = OFF",  # Debian turns it on, which makes deleting ten times slower
)
POSTGRESQL_CONNECTION = {
    "connect_timeout": 5,  # seconds
    "client_encoding": "utf8",
    # A pooler may send the next transaction to a server that has not prepared the statement.
    "prepare_threshold": None,
}
POSTGRESQL_OPTIONS = {
    "connect_args": POSTGRESQL_CONNECTION,
    "isolation_level": "READ COMMITTED",
    "use_native_hstore": False,  # would look for an unused type at each first connection
}
# The code relies on these; a role or a database may have other defaults. They are set for each
# transaction, because behind a pooler a setting of the session would reach other clients.
POSTGRESQL_SETTINGS = {
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "standard_conforming_strings": "on",
}
RESET_SECONDS = 60  # how long a request waits for a reset that drops tables
TRANSACTIONS = "seedbed transactions"  # the key of a request's scope that holds them
SCHEMA = "schema"  # the key of a connection's info that holds it
WITHOUT_FOREIGN_KEYS = "without_foreign_keys"  # an execution option
READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_engine(url: URL) -> AsyncEngine:
    """Return an engine, without opening a connection."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(
        url,
        hide_parameters=True,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        # An open connection would keep using a file that was moved away, or stay read-only. Closing
        # the last one also moves all commits from the write-ahead log into the file.
        poolclass=NullPool if sqlite else None,
        pool_pre_ping=not sqlite,
        **({} if sqlite else POSTGRESQL_OPTIONS),
    )
    if sqlite:
        create_file = partial(_create_missing_file, str(url.database))
        event.listen(engine.sync_engine, "do_connect", create_file)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "connect", partial(_remember_file, str(url.database)))
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "commit", _refuse_other_file)
    else:
        event.listen(engine.sync_engine, "begin", _set_up_postgresql)
    event.listen(engine.sync_engine, "checkin", _end_transaction)
    return engine


def _create_missing_file(path: str, *_: object) -> None:
    # SQLite would create a file that everyone can read. Journals get the rights of the file.
    create_private_file(path)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would commit before DDL, so `_begin_sqlite` begins the transactions.
    connection.isolation_level = None
    # One call: each takes as long as the pragmas themselves, and each request opens the file.
    script = "; ".join(f"PRAGMA {pragma}" for pragma in SQLITE_PRAGMAS)
    connection.run_async(lambda driver: driver.executescript(script))


def _begin_sqlite(connection: Connection) -> None:
    _refuse_other_file(connection)
    if is_read_only(connection):
        connection.exec_driver_sql("BEGIN")
        return
    if connection.get_execution_options().get(WITHOUT_FOREIGN_KEYS):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    # This writes to the file, so read-only transactions skip it.
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    # A transaction that reads first and writes later fails at once if another one wrote in between.
    # One that may write therefore takes the write lock when it begins, and waits for it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _remember_file(path: str, _connection: object, record: ConnectionPoolEntry) -> None:
    record.info["file"] = file_identity(path)


def _refuse_other_file(connection: Connection) -> None:
    """Raise `DatabaseFileGone`: writes to an open file that was deleted or replaced are lost."""
    if connection.info["file"] != file_identity(str(connection.engine.url.database)):
        raise DatabaseFileGone


def _set_up_postgresql(connection: Connection) -> None:
    """Limit all statements of the transaction to one schema, and set `POSTGRESQL_SETTINGS`.

    The first connection of the engine determines the schema. All others must have the same one.
    """
    if SCHEMA not in connection.info:
        connection.info[SCHEMA] = _find_schema(connection)
        look_for_cluster(connection)
    schema = connection.dialect.identifier_preparer.quote_identifier(connection.info[SCHEMA])
    known = {**cluster_settings(connection), **POSTGRESQL_SETTINGS}
    values = {name: f"'{value}'" for name, value in known.items()}
    settings = {**values, "search_path": schema}
    connection.exec_driver_sql(
        "; ".join(f"SET LOCAL {name} TO {value}" for name, value in settings.items())
    )


def _find_schema(connection: Connection) -> str:
    """Raise `SchemaChanged` or `TablesElsewhere` if the search path could mean another schema."""
    dialect = connection.dialect
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
    if dialect.default_schema_name is None:
        dialect.default_schema_name = schema
    elsewhere = connection.exec_driver_sql(RESOLVED_ELSEWHERE, (sorted(own_names()),))
    tables = elsewhere.scalars().all()
    problem: DomainError | None = None
    if schema is None or schema != dialect.default_schema_name:
        problem = SchemaChanged(dialect.default_schema_name, schema)
    elif tables:
        problem = TablesElsewhere(schema, tables)
    if problem:
        connection.invalidate(problem)  # a new connection sees a corrected setting
        raise problem
    return str(schema)


def is_missing(engine: AsyncEngine) -> bool:
    """Return whether the SQLite file does not exist; opening it would create it."""
    return engine.dialect.name == "sqlite" and not file_identity(str(engine.url.database))


def _end_transaction(connection: Any, _record: object) -> None:
    if connection is None:
        return
    # A COMMIT that failed may leave the transaction open, although SQLAlchemy considers it ended.
    if is_in_transaction(connection.driver_connection):
        connection.rollback()
    # After a read-only transaction, SQLAlchemy would make the next ones read-write, even if the
    # server, the database or the user is read-only.
    if getattr(connection.driver_connection, "read_only", None) is False:
        connection.set_read_only(None)


def is_in_transaction(driver: Any) -> bool:
    if isinstance(driver, AsyncPostgresql):
        status = driver.info.transaction_status
        return status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}
    return bool(driver.in_transaction)


def read_only(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine with read-only transactions, which do not wait for writers."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(read_only=True)
    return engine.execution_options(postgresql_readonly=True)


def without_foreign_keys(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine, with transactions in which SQLite ignores foreign keys."""
    return engine.execution_options(**{WITHOUT_FOREIGN_KEYS: True})


def is_read_only(connection: Connection) -> bool:
    options = connection.get_execution_options()
    return bool(options.get("read_only") or options.get("postgresql_readonly"))


async def provide_session(
    state: State, request: Request[Any, Any, State]
) -> AsyncGenerator[AsyncSession]:
    """Provide the transaction of a request; it commits before the response is sent.

    Litestar never resumes a generator if another dependency fails: `EndTransactions` then ends the
    transaction.
    """
    transaction = _transaction_of(state, reads_only=request.method in READ_METHODS)
    scope: dict[str, Any] = request.scope  # type: ignore[assignment]
    scope.setdefault(TRANSACTIONS, []).append(transaction)
    session = await anext(transaction)
    try:
        yield session
    except Exception as error:
        await transaction.athrow(error)
        raise
    await anext(transaction, None)


async def _transaction_of(state: State, *, reads_only: bool) -> AsyncGenerator[AsyncSession]:
    session = new_session(state, reads_only=reads_only)
    async with session, session.begin():
        yield session


class EndTransactions:
    """End the transactions of a request with the request, even if it failed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        finally:
            transactions: Any = scope.get(TRANSACTIONS, ())
            for transaction in transactions:
                with CancelScope(shield=True):
                    await transaction.aclose()


def new_session(state: State, *, reads_only: bool = False) -> AsyncSession:
    """Return a session that uses no connection until its first statement.

    With `reads_only` it sees a single state of the database.
    """
    engine: AsyncEngine = snapshot(state.engine) if reads_only else state.engine
    session = AsyncSession(engine, expire_on_commit=False)
    if not state.get("is_protected", True):
        raise DatabaseUnprotected
    if state.settings.environment is not Environment.PRODUCTION:  # where nothing is reset
        event.listen(session.sync_session, "after_begin", _wait_for_reset)
    return session


def _wait_for_reset(_session: object, _transaction: object, connection: Connection) -> None:
    wait_for_reset(connection)


def snapshot(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine with read-only transactions that see one state of the database."""
    engine = read_only(engine)
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def wait_for_reset(connection: Connection) -> None:
    """On PostgreSQL, wait for a running reset, and block new ones until the transaction ends.

    This locks the table that a reset locks first. A query would take a snapshot, which would find
    the new tables empty after a reset with `drop`; a lock takes none.
    """
    if connection.dialect.name == "postgresql":
        mode = "ACCESS SHARE" if is_read_only(connection) else "ROW EXCLUSIVE"
        # One by one: Citus sends a setting with its whole string to nodes without this table.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{RESET_SECONDS}s'")
        connection.exec_driver_sql(f"LOCK TABLE {MARK_TABLE} IN {mode} MODE")


def limit_lock_wait(connection: Connection) -> None:
    """Limit the wait for PostgreSQL's locks to a few seconds, as for SQLite's."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")

"""The engine, and the transaction that an ordinary request runs in."""

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
    "use_native_hstore": False,  # looks for a type that no table has, at each first connection
}
# What the code relies on, and a role or a database may have set otherwise. For each transaction,
# because behind a pooler a setting of the session would reach other clients.
POSTGRESQL_SETTINGS = {
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "standard_conforming_strings": "on",
}
RESET_SECONDS = 60  # how long a request waits for a reset that drops tables
TRANSACTIONS = "seedbed transactions"  # the key of a request's scope that holds them
SCHEMA = "schema"  # the key of a connection's info that holds it
READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_engine(url: URL) -> AsyncEngine:
    """Make an engine that opens no connection until it is used."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(
        url,
        hide_parameters=True,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        # A file that stays open stays as it was: read-only, or the one that was moved away. And the
        # last to close it brings all that was committed from the write-ahead log into it.
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
    # SQLite would let everybody read it. Its journals get the rights of the file.
    create_private_file(path)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would commit before DDL; without its help we begin transactions ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    _refuse_other_file(connection)
    if is_read_only(connection):
        connection.exec_driver_sql("BEGIN")
        return
    # This writes to the file, so it waits until something is to be written.
    connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    # A transaction that reads first and writes later fails at once when another wrote in between;
    # one that may write therefore takes the write lock when it begins, and waits for it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _remember_file(path: str, _connection: object, record: ConnectionPoolEntry) -> None:
    record.info["file"] = file_identity(path)


def _refuse_other_file(connection: Connection) -> None:
    """A file that was deleted or replaced can be written on for as long as it is open, in vain."""
    if connection.info["file"] != file_identity(str(connection.engine.url.database)):
        raise DatabaseFileGone


def _set_up_postgresql(connection: Connection) -> None:
    """Have every statement of the transaction reach one schema alone, and read and write alike.

    The first connection of the engine decides on the schema. Each later one must lead to the same.
    """
    if SCHEMA not in connection.info:
        connection.info[SCHEMA] = _find_schema(connection)
    schema = connection.dialect.identifier_preparer.quote_identifier(connection.info[SCHEMA])
    values = {name: f"'{value}'" for name, value in POSTGRESQL_SETTINGS.items()}
    settings = {"search_path": schema, **values}
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
        connection.invalidate(problem)  # a new connection sees a setting that was corrected
        raise problem
    return str(schema)


def is_missing(engine: AsyncEngine) -> bool:
    """Tell of a SQLite file that does not exist: whoever opens it makes it."""
    return engine.dialect.name == "sqlite" and not file_identity(str(engine.url.database))


def _end_transaction(connection: Any, _record: object) -> None:
    if connection is None:
        return
    # A COMMIT that is refused may leave the transaction open, while SQLAlchemy takes it for ended.
    if is_in_transaction(connection.driver_connection):
        connection.rollback()
    # After a transaction that only reads, SQLAlchemy would have the next ones write, even where the
    # server, the database or the user is set to read-only.
    if getattr(connection.driver_connection, "read_only", None) is False:
        connection.set_read_only(None)


def is_in_transaction(driver: Any) -> bool:
    if isinstance(driver, AsyncPostgresql):
        status = driver.info.transaction_status
        return status in {TransactionStatus.INTRANS, TransactionStatus.INERROR}
    return bool(driver.in_transaction)


def read_only(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine with transactions that cannot write, and wait for no writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(read_only=True)
    return engine.execution_options(postgresql_readonly=True)


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
    """Ends the transactions of a request with the request, however it failed."""

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
    """Make a session that holds no connection until its first statement.

    One that only reads sees a single state of the database.
    """
    engine: AsyncEngine = snapshot(state.engine) if reads_only else state.engine
    session = AsyncSession(engine, expire_on_commit=False)
    if not state.get("is_protected", True):
        raise DatabaseUnprotected
    if state.settings.environment is not Environment.PRODUCTION:  # where nothing is reset
        event.listen(session.sync_session, "after_begin", _enter)
    return session


def _enter(_session: object, _transaction: object, connection: Connection) -> None:
    enter(connection)


def snapshot(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine with transactions that see one state of the database, and only read."""
    engine = read_only(engine)
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def enter(connection: Connection) -> None:
    """Wait on PostgreSQL for a reset that has begun, and let none begin until the transaction ends.

    It locks the table that a reset locks first. A snapshot taken before a reset by `drop` commits
    would find the new tables empty; locking, unlike any query, takes none.
    """
    if connection.dialect.name == "postgresql":
        mode = "ACCESS SHARE" if is_read_only(connection) else "ROW EXCLUSIVE"
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = '{RESET_SECONDS}s'; LOCK TABLE {MARK_TABLE} IN {mode} MODE"
        )


def wait_briefly(connection: Connection) -> None:
    """Wait a few seconds at most for any lock of PostgreSQL's, as SQLite does for its own."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")

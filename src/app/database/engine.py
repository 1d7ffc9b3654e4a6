"""The engine, and the transaction of a request."""

from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from anyio import CancelScope
from litestar import Request
from litestar.datastructures import State
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from app.database import sqlite_files
from app.database.address import file_identity
from app.database.batch import run_all
from app.database.citus import cluster_settings, look_for_cluster
from app.database.errors import (
    DatabaseUnprotected,
    SchemaChanged,
    TablesElsewhere,
)
from app.database.own_tables import LOCKED, MARK_TABLE, RESOLVED_ELSEWHERE, own_names
from app.database.sqlite_cursor import SingleCallConnection
from app.errors import DomainError
from app.settings import Environment

P = ParamSpec("P")
T = TypeVar("T")

POSTGRESQL_CONNECTION = {
    "connect_timeout": 5,  # seconds
    "client_encoding": "utf8",
    # A pooler may send the next transaction to a server that has not prepared the statement.
    "prepare_threshold": None,
}
POSTGRESQL_OPTIONS = {
    "connect_args": POSTGRESQL_CONNECTION,
    # The driver would send BEGIN alone, so `_begin_on_postgresql` begins the transactions.
    "isolation_level": "AUTOCOMMIT",
    "pool_pre_ping": True,
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
# Keys of a request's scope.
TRANSACTIONS = "seedbed transactions"
READ_SESSION = "seedbed read session"
PART_OF = "seedbed part of"  # the scope of the request whose transaction this one reads in
SCHEMA = "schema"  # the key of a connection's info that holds it
# Execution options.
SNAPSHOT = "snapshot"
WAITS_FOR_RESET = "waits for reset"
# Set at once: each engine with options calls the listeners of the one below it.
READS_SNAPSHOT = {sqlite_files.READ_ONLY: True, SNAPSHOT: True}
READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_engine(url: URL) -> AsyncEngine:
    """Return an engine, without opening a connection."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(
        url,
        hide_parameters=True,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **(sqlite_files.OPTIONS if sqlite else POSTGRESQL_OPTIONS),
    )
    event.listen(engine.sync_engine, "checkin", _end_transaction)
    if sqlite:
        sqlite_files.listen(engine.sync_engine)
    else:
        event.listen(engine.sync_engine, "begin", _begin_on_postgresql)
    return engine


def _begin_on_postgresql(connection: Connection) -> None:
    """Limit all statements of the transaction to one schema, and set `POSTGRESQL_SETTINGS`.

    The first connection of the engine determines the schema. All others must have the same one.
    """
    try:
        _begin(connection)
    except BaseException:
        # SQLAlchemy believes that a transaction has begun: the next statement would be committed.
        connection.close()
        raise


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.info.pop(LOCKED, None)
    if SCHEMA not in connection.info:
        # Before the transaction, because its first query takes a snapshot; see `_wait_for_reset`.
        connection.info[SCHEMA] = _find_schema(connection)
        look_for_cluster(connection)
    if options.get(sqlite_files.SINGLE_READ):
        return
    schema = connection.dialect.identifier_preparer.quote_identifier(connection.info[SCHEMA])
    known = {**cluster_settings(connection), **POSTGRESQL_SETTINGS}
    values = {name: f"'{value}'" for name, value in known.items()}
    settings = {**values, "search_path": schema}
    set_all = "; ".join(f"SET LOCAL {name} TO {value}" for name, value in settings.items())
    wait = _wait_for_reset(connection) if options.get(WAITS_FOR_RESET) else []
    run_all(connection, [_begin_with(options), set_all, *wait])


def _begin_with(options: Mapping[str, Any]) -> str:
    level = "REPEATABLE READ" if options.get(SNAPSHOT) else "READ COMMITTED"
    mode = " READ ONLY" if options.get(sqlite_files.READ_ONLY) else ""
    return f"BEGIN ISOLATION LEVEL {level}{mode}"


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


def is_in_transaction(driver: Any) -> bool:
    if hasattr(driver, "in_transaction"):
        return bool(driver.in_transaction)
    # By name, because importing psycopg would delay the start of a server on SQLite.
    return driver.info.transaction_status.name in {"INTRANS", "INERROR"}


async def run_statements(
    connection: AsyncConnection,
    function: Callable[Concatenate[Connection, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Call a function with many statements; on SQLite, in the thread that executes them."""
    driver = (await connection.get_raw_connection()).dbapi_connection
    if isinstance(driver, SingleCallConnection):
        opened: Any = connection.sync_connection
        return await driver.call(partial(function, opened, *args, **kwargs))
    return await connection.run_sync(function, *args, **kwargs)


def read_only(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine with read-only transactions, which do not wait for writers."""
    return engine.execution_options(**{sqlite_files.READ_ONLY: True})


def single_read(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine for one query, without a transaction, which takes longer than it."""
    return engine.execution_options(
        **{
            sqlite_files.SINGLE_READ: True,
            # Outside a transaction, no search path is set.
            "schema_translate_map": {None: engine.dialect.default_schema_name},
        }
    )


def is_read_only(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(sqlite_files.READ_ONLY))


async def provide_session(
    state: State, request: Request[Any, Any, State]
) -> AsyncGenerator[AsyncSession]:
    """Provide the transaction of a request; it commits before the response is sent.

    Requests that read as parts of another one share its transaction, and so see one state.

    Litestar never resumes a generator if another dependency fails: `EndTransactions` then ends the
    transaction.
    """
    scope: dict[str, Any] = request.scope  # type: ignore[assignment]
    reads_only = request.method in READ_METHODS
    if reads_only and (whole := scope.get(PART_OF)) is not None:
        if READ_SESSION not in whole:
            whole[READ_SESSION] = await anext(_transaction_of(whole, state, reads_only=True))
        yield whole[READ_SESSION]
        return
    transaction = _transaction_of(scope, state, reads_only=reads_only)
    session = await anext(transaction)
    try:
        yield session
    except Exception as error:
        await transaction.athrow(error)
        raise
    await anext(transaction, None)


def _transaction_of(
    scope: dict[str, Any], state: State, *, reads_only: bool
) -> AsyncGenerator[AsyncSession]:
    """Return a transaction that has to begin, and ends with the request at the latest."""

    async def transaction() -> AsyncGenerator[AsyncSession]:
        session = new_session(state, reads_only=reads_only)
        async with session, session.begin():
            yield session

    begun = transaction()
    scope.setdefault(TRANSACTIONS, []).append(begun)
    return begun


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
    if not state.get("is_protected", True):
        raise DatabaseUnprotected
    # In production nothing is reset.
    waits = state.settings.environment is not Environment.PRODUCTION
    options = {WAITS_FOR_RESET: waits, **(READS_SNAPSHOT if reads_only else {})}
    return AsyncSession(state.engine.execution_options(**options), expire_on_commit=False)


def snapshot(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine with read-only transactions that see one state of the database."""
    return engine.execution_options(**READS_SNAPSHOT)


def wait_for_reset(connection: Connection) -> None:
    """On PostgreSQL, wait for a running reset, and block new ones until the transaction ends."""
    if connection.dialect.name == "postgresql":
        run_all(connection, _wait_for_reset(connection))


def _wait_for_reset(connection: Connection) -> list[str]:
    """Lock the table that a reset locks first.

    A query would take a snapshot, which would find the new tables empty after a reset with `drop`;
    a lock takes none.
    """
    mode = "ACCESS SHARE" if is_read_only(connection) else "ROW EXCLUSIVE"
    return [
        f"SET LOCAL lock_timeout = '{RESET_SECONDS}s'",
        f"LOCK TABLE {MARK_TABLE} IN {mode} MODE",
    ]


def limit_lock_wait(connection: Connection) -> None:
    """Limit the wait for PostgreSQL's locks to a few seconds, as for SQLite's."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{sqlite_files.WAIT_SECONDS}s'")

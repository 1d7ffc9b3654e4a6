"""The engine, and the transaction that an ordinary request runs in."""

from collections.abc import AsyncGenerator
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",  # safe in WAL: a power cut may lose the last commit, never a part of it
    "foreign_keys = ON",
    "busy_timeout = 5000",
    "secure_delete = OFF",  # Debian turns it on, which makes deleting ten times slower
)
POSTGRESQL_CONNECT_TIMEOUT_SECONDS = 5
READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def create_engine(url: URL) -> AsyncEngine:
    """Make an engine that opens no connection until it is used."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(
        url,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        pool_pre_ping=not sqlite,
        connect_args={} if sqlite else {"connect_timeout": POSTGRESQL_CONNECT_TIMEOUT_SECONDS},
    )
    if sqlite:
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "checkin", _end_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would commit before DDL; without its help we begin transactions ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote in between;
    # one that may write therefore takes the write lock when it begins, and waits for it.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _end_sqlite(connection: Any, _record: object) -> None:
    # A COMMIT that SQLite refuses leaves the transaction open, and SQLAlchemy takes it for ended.
    if connection is not None and connection.driver_connection.in_transaction:
        connection.rollback()


def read_only(engine: AsyncEngine) -> AsyncEngine:
    """Give the same engine with transactions that wait for no writer."""
    return engine.execution_options(read_only=True)


async def provide_session(
    state: State, request: Request[Any, Any, State]
) -> AsyncGenerator[AsyncSession]:
    """One transaction a request; it commits before the answer leaves."""
    engine = read_only(state.engine) if request.method in READ_METHODS else state.engine
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        yield session


def name_database(url: URL) -> str:
    """Say which database this is, in words that hold no password."""
    if url.get_backend_name() == "sqlite":
        return f"SQLite file {url.database}"
    host = url.host or url.query.get("host") or "the default host"
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL database {url.database or url.username} on {host}{port}"

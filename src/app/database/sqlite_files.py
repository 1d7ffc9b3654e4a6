"""Connections to a SQLite file, which stay open for a moment so that the next request is faster.

Opening the file and reading its schema takes longer than most requests. But an open connection
would keep using a file that was moved away, or that has become read-only. So a connection is only
used again if nobody else has changed the file meanwhile. And the last one in use moves all commits
from the write-ahead log into the file, so that a copy of the file is complete.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only

from app.database.address import file_identity
from app.database.errors import DatabaseFileGone, WritersBusy
from app.database.sqlite_cursor import BEGIN, SingleCallConnection
from app.private_files import create_private_file

WAIT_SECONDS = 5
MAX_WAIT_SECONDS = 60  # while others commit, or a seed of this process runs
IDLE_SECONDS = 0.05
PRAGMAS = (
    "synchronous = NORMAL",  # safe in WAL: a power cut may lose the last commit, never a part of it
    "foreign_keys = ON",
    f"busy_timeout = {WAIT_SECONDS}000",
    "secure_delete = OFF",  # Debian turns it on, which makes deleting ten times slower
)
# It does not wait: another process that reads or writes at the moment does it at the end.
CHECKPOINT = f"""
    PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint (TRUNCATE);
    PRAGMA busy_timeout = {WAIT_SECONDS}000
"""
# As many as there are requests at once. The last one is used first, so that the others are closed.
OPTIONS = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 0, "pool_use_lifo": True}
READ_ONLY = "read_only"  # an execution option
SINGLE_READ = "single_read"  # an execution option
WITHOUT_FOREIGN_KEYS = "without_foreign_keys"  # an execution option
# Keys of a connection's info.
FILE = "file"
IN_WAL_MODE = "in WAL mode"
FAILED = "failed"
CONTENT = "content of the file"  # when the connection was taken
STATE = "state of the files"  # when it was returned
CLOSING = "closes it when it is idle"


def listen(engine: Engine) -> None:
    files = SqliteFiles(str(engine.url.database))
    event.listen(engine, "do_connect", files.open)
    event.listen(engine, "connect", files.prepare)
    event.listen(engine, "checkout", files.refuse_changed)
    event.listen(engine, "begin", files.begin)
    event.listen(engine, "commit", files.refuse_other)
    event.listen(engine, "handle_error", _note_error)
    event.listen(engine, "checkin", files.keep)
    event.listen(engine, "close", _stop_timer)
    event.listen(engine, "engine_disposed", files.finish_closing)


def without_foreign_keys(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine, with transactions in which SQLite ignores foreign keys."""
    return engine.execution_options(**{WITHOUT_FOREIGN_KEYS: True})


class SqliteFiles:
    """A database file, and the files that SQLite creates beside it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._in_use: WeakSet[ConnectionPoolEntry] = WeakSet()
        self._idle: WeakSet[ConnectionPoolEntry] = WeakSet()
        self._turn = asyncio.Lock()  # of the transactions of this process that write
        self._closing: set[asyncio.Task[None]] = set()
        self._log: object = None  # its state when a connection was last returned

    def open(
        self, dialect: Dialect, _record: object, arguments: Sequence[Any], options: dict[str, Any]
    ) -> SingleCallConnection:
        # SQLite would create a file that everyone can read. Journals get the rights of the file.
        create_private_file(self.path)
        return SingleCallConnection.of(dialect.connect(*arguments, **options))

    def prepare(self, connection: Any, record: ConnectionPoolEntry) -> None:
        # The driver would commit before DDL, so `begin` begins the transactions.
        connection.isolation_level = None
        # One call: each takes as long as the pragmas themselves.
        script = "; ".join(f"PRAGMA {pragma}" for pragma in PRAGMAS)
        connection.run_async(lambda driver: driver.executescript(script))
        record.info[FILE] = file_identity(self.path)

    def begin(self, connection: Connection) -> None:
        self.refuse_other(connection)
        options, info = connection.get_execution_options(), connection.info
        if options.get(WITHOUT_FOREIGN_KEYS):
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            info[WITHOUT_FOREIGN_KEYS] = True
        elif WITHOUT_FOREIGN_KEYS in info:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            del info[WITHOUT_FOREIGN_KEYS]
        if options.get(SINGLE_READ):
            return
        if options.get(READ_ONLY):
            connection.exec_driver_sql(BEGIN)
            return
        # A transaction that reads first and writes later fails at once if another one wrote in
        # between. One that may write therefore takes the write lock when it begins, and waits.
        driver: Any = connection.connection.dbapi_connection
        await_only(self._take_turn())
        driver.end_turn = self._turn.release
        try:
            self._begin_to_write(connection)
        except BaseException:
            driver.rollback()
            raise

    async def _take_turn(self) -> None:
        """Wait for the transactions of this process that wanted to write earlier.

        SQLite itself would let those that wait try again and again, and prefer the latest.
        """
        try:
            async with asyncio.timeout(MAX_WAIT_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise WritersBusy(MAX_WAIT_SECONDS) from None

    def _begin_to_write(self, connection: Connection) -> None:
        """Wait as long as other processes commit meanwhile: with many, one may have no luck.

        If none does for `WAIT_SECONDS`, a single transaction keeps the file locked.
        """
        if IN_WAL_MODE not in connection.info:
            # This writes to the file, so read-only transactions skip it. Nobody can change it while
            # a connection is open.
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            connection.info[IN_WAL_MODE] = True
            connection.info[CONTENT] = self._content()
        until = time.monotonic() + MAX_WAIT_SECONDS
        while True:
            before = self._log_state()
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                is_busy = getattr(error.orig, "sqlite_errorname", "") == "SQLITE_BUSY"
                if not is_busy or self._log_state() == before or time.monotonic() > until:
                    raise
                connection.info.pop(FAILED, None)
            else:
                return

    def _log_state(self) -> tuple[int, ...] | None:
        """Describe the log; the last number is its size."""
        # SQLite as root sets the owner whenever it opens the log, which changes `st_ctime_ns`.
        return _status(f"{self.path}-wal", "st_mtime_ns", "st_size")

    def refuse_other(self, connection: Connection) -> None:
        """Raise `DatabaseFileGone`: writes to a file that was deleted or replaced are lost."""
        if connection.info[FILE] != file_identity(self.path):
            raise DatabaseFileGone

    def keep(self, connection: Any, record: ConnectionPoolEntry) -> None:
        """Keep a connection for the next request, or close it after an error."""
        self._in_use.discard(record)
        if connection is None:
            return
        is_changed = record.info.get(CONTENT) != self._content()
        if is_changed or FAILED in record.info or record.info[FILE] != file_identity(self.path):
            record.invalidate()
            return
        log = self._log_state()
        try:
            if not self._in_use and log and log[-1] > 0:
                connection.run_async(lambda driver: driver.executescript(CHECKPOINT))
                log = self._log_state()
        except sqlite3.Error:  # such as a full disk; nothing is lost
            record.invalidate()
            return
        self._log, record.info[STATE] = log, self._state()
        loop = asyncio.get_running_loop()
        record.info[CLOSING] = loop.call_later(IDLE_SECONDS, self._close, record)
        self._idle.add(record)

    def _close(self, record: Any) -> None:
        self._idle.discard(record)
        # Taken away first, so that no request gets a connection that is being closed.
        connection, record.dbapi_connection = record.dbapi_connection, None
        task = asyncio.get_running_loop().create_task(connection.driver_connection.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def finish_closing(self, _engine: object) -> None:
        """Wait for the threads of connections that are being closed: they need the event loop."""
        await_only(asyncio.gather(*self._closing, return_exceptions=True))

    def refuse_changed(self, _connection: object, record: ConnectionPoolEntry, _: object) -> None:
        """Let the pool open the file again if anyone else has changed the files since `keep`.

        Commits of other connections of this process do not matter, unless they run right now.
        """
        self._in_use.add(record)
        state = self._state()
        record.info[CONTENT] = state[0]
        if STATE not in record.info:
            return  # it was just opened
        self._idle.discard(record)
        record.info.pop(CLOSING).cancel()
        if record.info.pop(STATE) != state:
            self._close_idle()
            raise DisconnectionError
        if self._log != self._log_state():
            raise DisconnectionError

    def _close_idle(self) -> None:
        """Close the others before the file is opened again.

        SQLite deletes the log by its name when the last connection to a file is closed. By then,
        the name may be that of the log of another file.
        """
        for record in [*self._idle]:
            record.info.pop(CLOSING).cancel()
            self._close(record)
        self.finish_closing(None)

    def _content(self) -> object:
        """Describe the file without its log, so what checkpoints change."""
        return _status(self.path, "st_ctime_ns", "st_size")

    def _state(self) -> tuple[object, ...]:
        """Describe the files and their rights; SQLite changes the index through memory only."""
        return (
            self._content(),
            _status(f"{self.path}-wal"),
            _status(f"{self.path}-shm"),
            _status(os.path.dirname(self.path) or ".", "st_uid"),  # noqa: PTH120 - as above
        )


def _stop_timer(_connection: object, record: ConnectionPoolEntry) -> None:
    # The pool closes the connection itself. To close it twice would never end.
    if CLOSING in record.info:
        record.info.pop(CLOSING).cancel()


def _status(path: str, *names: str) -> tuple[int, ...] | None:
    try:
        file = os.stat(path)  # noqa: PTH116 - faster, and called for each transaction
    except OSError:
        return None
    return (file.st_dev, file.st_ino, file.st_mode, *(getattr(file, name) for name in names))


def _note_error(context: ExceptionContext) -> None:
    """Note an error of the file. A table that is missing, or a constraint, is none."""
    error = getattr(context.original_exception, "sqlite_errorname", "")
    if error == "SQLITE_ERROR" or error.startswith("SQLITE_CONSTRAINT"):
        return
    if context.connection is not None and not context.connection.invalidated:
        context.connection.info[FAILED] = True

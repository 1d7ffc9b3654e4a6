"""One seed at a time, by a lock that ends with its holder and tells how far the holder is.

On SQLite the lock is a file's, on PostgreSQL an advisory one of the seed's transaction.
"""

import os
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import anyio
import msgspec
from filelock import BaseFileLock, FileLock, Timeout
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import clock
from app.database.engine import WAIT_SECONDS, read_only
from app.private_files import OWNER_ONLY_FILE
from app.seed.errors import DatabaseFolderGone, LockFileUnusable, SeedAlreadyRunning

Announce = Callable[[str], Awaitable[None]]

POSTGRESQL_LOCK = 0x5EED_BED0
# PostgreSQL takes a moment to notice that a process was killed; its lock lasts as long.
DEAD_HOLDER_SECONDS = 2
RETRY_SECONDS = 0.02
CLIENT_CHECK_MILLISECONDS = 200
NOTE_BYTES = 200
FIRST_STEP = "reset"  # which a run is in that waits for the database before it
# What every role may read of another's session is its name, of 63 characters at most.
SESSION = re.compile(r"seedbed seed: (\w*), (\d+), (\d+)")
HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = :lock AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
).bindparams(lock=POSTGRESQL_LOCK)


class Running(msgspec.Struct):
    """What the holder of the lock tells of itself; it is known only as far as it could be read."""

    since: datetime | None = None
    step: str | None = None
    process: int | None = None

    @property
    def is_gone(self) -> bool:
        """Whether its process is known to be dead, so that its lock is about to end.

        A process of another machine may seem to be: that costs a short wait, and no more.
        """
        try:
            os.kill(self.process or os.getpid(), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


@contextmanager
def lock_file(engine: AsyncEngine) -> Iterator[Announce]:
    """Hold the lock of a SQLite file, and write into the lock's file how far the run is.

    SQLite's own lock would make a second seed wait for any writer; this one says which it is.
    Raises `SeedAlreadyRunning`, `LockFileUnusable` or `DatabaseFolderGone`.
    """
    path = _path(engine)
    running = Running(clock.now(), FIRST_STEP, os.getpid())

    async def announce(step: str) -> None:
        running.step = step
        _write(path, running)

    with _locked(path):
        _write(path, running)
        try:
            yield announce
        finally:
            _write(path, Running())


def _locked(path: Path) -> AbstractContextManager[BaseFileLock]:
    if not path.parent.is_dir():  # which the library would make
        raise DatabaseFolderGone(str(path.parent))
    try:
        # A lock made of a file's existence, for want of a better one, would outlive its holder.
        lock = FileLock(path, mode=OWNER_ONLY_FILE, blocking=False, fallback_to_soft=False)
        return lock.acquire()
    except Timeout:
        raise _already_running(_read(path)) from None
    except (OSError, NotImplementedError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise LockFileUnusable(path.name, problem) from error


def _path(engine: AsyncEngine) -> Path:
    return Path(f"{engine.url.database}.seed.lock")


def _write(path: Path, running: Running) -> None:
    """Overwrite in one call, so that nobody reads a part of a note.

    A disk that is full fails the run, if it must, elsewhere.
    """
    with suppress(OSError), path.open("r+b", buffering=0) as file:
        os.pwrite(file.fileno(), msgspec.json.encode(running).ljust(NOTE_BYTES), 0)


def _read(path: Path) -> Running:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return Running()


async def find_holder(engine: AsyncEngine) -> Running | None:
    """Find the run that holds the lock. No table is read: it may have locked them all."""
    if engine.dialect.name == "sqlite":
        return _find_file_holder(_path(engine))
    async with read_only(engine).connect() as connection:
        return await find_advisory_holder(connection)


def _find_file_holder(path: Path) -> Running | None:
    """Look at the lock only if there is a note: to look is to take it, out of another's hands."""
    noted = _read(path)
    if noted.process is None:
        return None
    try:
        with _locked(path):
            _write(path, Running())  # the note was left behind by one that was killed
            return None
    except SeedAlreadyRunning:
        return noted


async def take_advisory_lock(connection: AsyncConnection) -> Announce:
    """Lock until the transaction ends, which it soon does when its client is gone.

    For any other lock the transaction waits `WAIT_SECONDS` at most.
    The session's name tells how far the run is: others see it at once, while what is written to
    tables they would see too late.
    """
    since = int(clock.now().timestamp())

    async def announce(step: str) -> None:
        await _set(connection, application_name=_session_name(step, since))

    await _set(
        connection,
        application_name=_session_name(FIRST_STEP, since),
        client_connection_check_interval=f"{CLIENT_CHECK_MILLISECONDS}ms",
        lock_timeout=f"{WAIT_SECONDS}s",
    )
    until = monotonic() + DEAD_HOLDER_SECONDS
    while not await connection.scalar(select(func.pg_try_advisory_xact_lock(POSTGRESQL_LOCK))):
        running = await find_advisory_holder(connection)
        # A holder that is not to be found is about to end, or has.
        if (running and not running.is_gone) or monotonic() > until:
            raise _already_running(running or Running())
        await anyio.sleep(RETRY_SECONDS)
    return announce


async def find_advisory_holder(connection: AsyncConnection) -> Running | None:
    """Find the run that holds the advisory lock of a PostgreSQL database."""
    if connection.dialect.name != "postgresql":
        return None
    # Within a transaction PostgreSQL tells the same of others, unless it is asked to look again.
    await connection.execute(select(func.pg_stat_clear_snapshot()))
    holder = (await connection.execute(HOLDER)).first()
    if holder is None:
        return None
    found = SESSION.fullmatch(holder.application_name or "")
    if not found:
        return Running()
    step, process, since = found.groups()
    return Running(datetime.fromtimestamp(int(since), UTC), step, int(process))


def _session_name(step: str, since: int) -> str:
    return f"seedbed seed: {step}, {os.getpid()}, {since}"


async def _set(connection: AsyncConnection, **variables: str) -> None:
    """Set variables of the session until the transaction ends."""
    settings = (func.set_config(name, value, True) for name, value in variables.items())
    await connection.execute(select(*settings))


def _already_running(running: Running) -> SeedAlreadyRunning:
    return SeedAlreadyRunning(running.since, running.step)

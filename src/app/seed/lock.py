"""One seed or restore at a time: a lock that ends with its holder and says which step it is in.

On SQLite it is a lock on a file, on PostgreSQL an advisory lock of the seed's transaction.
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
from app.database.batch import run_all
from app.database.engine import single_read
from app.database.sqlite_files import WAIT_SECONDS
from app.private_files import OWNER_ONLY_FILE
from app.seed.errors import DatabaseFolderGone, LockFileUnusable, SeedAlreadyRunning

Announce = Callable[[str], Awaitable[None]]

POSTGRESQL_LOCK = 0x5EED_BED0
# PostgreSQL needs a moment to notice that a process was killed, and keeps its lock until then.
DEAD_HOLDER_SECONDS = 2
RETRY_SECONDS = 0.02
CLIENT_CHECK_MILLISECONDS = 200
NOTE_BYTES = 200
FIRST_STEP = "reset"  # also while it waits for the database
# Every role can read the name of another session, which has at most 63 characters.
SESSION = re.compile(r"seedbed seed: (\w*), (\d+), (\d+)")
HOLDER = text(
    "SELECT application_name FROM pg_catalog.pg_locks"
    " JOIN pg_catalog.pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = :lock AND database ="
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())"
).bindparams(lock=POSTGRESQL_LOCK)


class Running(msgspec.Struct):
    """What the holder of the lock says about itself; values that cannot be read are None."""

    since: datetime | None = None
    step: str | None = None
    process: int | None = None

    @property
    def is_gone(self) -> bool:
        """Whether its process is known to be dead, so that its lock is about to end.

        A process on another machine may look dead, which only costs a short wait.
        """
        try:
            os.kill(self.process or os.getpid(), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


@contextmanager
def lock_file(engine: AsyncEngine, step: str = FIRST_STEP) -> Iterator[Announce]:
    """Hold the lock of a SQLite database, and write the current step into the lock file.

    SQLite's own lock would make a second seed wait, and does not say for what. Raise
    `SeedAlreadyRunning`, `LockFileUnusable` or `DatabaseFolderGone`.
    """
    path = _path(engine)
    running = Running(clock.machine_now(), step, os.getpid())

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
    if not path.parent.is_dir():  # the library would create it
        raise DatabaseFolderGone(str(path.parent))
    try:
        # The library's fallback, a lock by the existence of a file, would outlive its holder.
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
    """Overwrite the file in one call, so that no reader sees a part of it.

    An error is ignored: if the disk is full, the seed itself fails.
    """
    with suppress(OSError), path.open("r+b", buffering=0) as file:
        os.pwrite(file.fileno(), msgspec.json.encode(running).ljust(NOTE_BYTES), 0)


def _read(path: Path) -> Running:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return Running()


async def find_holder(engine: AsyncEngine) -> Running | None:
    """Find the seed that holds the lock, without reading tables, which it may have locked."""
    if engine.dialect.name == "sqlite":
        return _find_file_holder(_path(engine))
    async with single_read(engine).connect() as connection:
        return await find_advisory_holder(connection)


def _find_file_holder(path: Path) -> Running | None:
    """Check the lock only if the file names a process, because checking means taking the lock."""
    noted = _read(path)
    if noted.process is None:
        return None
    try:
        with _locked(path):
            _write(path, Running())  # a killed seed left it behind
            return None
    except SeedAlreadyRunning:
        return noted


async def take_advisory_lock(connection: AsyncConnection, first_step: str = FIRST_STEP) -> Announce:
    """Lock until the transaction ends, which PostgreSQL also does if the client disconnects.

    For any other lock the transaction waits at most `WAIT_SECONDS`. The name of the session says
    which step the seed is in, because others cannot see uncommitted rows.
    """
    since = int(clock.machine_now().timestamp())

    async def announce(step: str, *settings: str) -> None:
        # Not by set_config: Citus sends a setting to its nodes, whose sessions know each other by
        # this name.
        name = f"SET LOCAL application_name TO '{_session_name(step, since)}'"
        await connection.run_sync(run_all, [name, *settings])

    await announce(
        first_step,
        f"SET LOCAL client_connection_check_interval TO '{CLIENT_CHECK_MILLISECONDS}ms'",
        f"SET LOCAL lock_timeout TO '{WAIT_SECONDS}s'",
    )
    until = monotonic() + DEAD_HOLDER_SECONDS
    while not await connection.scalar(select(func.pg_try_advisory_xact_lock(POSTGRESQL_LOCK))):
        # Within a transaction PostgreSQL caches the state of other sessions.
        await connection.execute(select(func.pg_stat_clear_snapshot()))
        running = await find_advisory_holder(connection)
        # A holder that is not found has ended or is about to.
        if (running and not running.is_gone) or monotonic() > until:
            raise _already_running(running or Running())
        await anyio.sleep(RETRY_SECONDS)
    return announce


async def find_advisory_holder(connection: AsyncConnection) -> Running | None:
    """Find the seed that holds the advisory lock of a PostgreSQL database."""
    if connection.dialect.name != "postgresql":
        return None
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


def _already_running(running: Running) -> SeedAlreadyRunning:
    return SeedAlreadyRunning(running.since, running.step)

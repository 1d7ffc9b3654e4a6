"""Many writers of one SQLite file take turns, also if one of them has no luck for a while."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database import sqlite_files
from app.database.engine import create_engine
from app.database.errors import WritersBusy

SECONDS = 1.0
BUSY_SECONDS = 0.2
WRITERS = 20
DEFERRED = (
    "CREATE TABLE pairs (id INTEGER PRIMARY KEY, other REFERENCES pairs (id)"
    " DEFERRABLE INITIALLY DEFERRED)"
)


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, short = (
        f"busy_timeout = {sqlite_files.WAIT_SECONDS}000",
        f"busy_timeout = {BUSY_SECONDS * 1000:.0f}",
    )
    pragmas = tuple(each.replace(usual, short) for each in sqlite_files.PRAGMAS)
    monkeypatch.setattr(sqlite_files, "PRAGMAS", pragmas)
    monkeypatch.setattr(sqlite_files, "CHECKPOINT", sqlite_files.CHECKPOINT.replace(usual, short))


def keep_locked(file: Path, *, with_commits: bool) -> None:
    """Hold the write lock for a second, in many transactions without a pause, or in one."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(0.02)
            if with_commits:
                raw.execute("INSERT INTO notes VALUES ('other')")
                raw.execute("COMMIT")
                raw.execute("BEGIN IMMEDIATE")
        raw.execute("COMMIT")


async def write_beside(file: Path, *, with_commits: bool) -> float:
    engine = create_engine(make_url(f"sqlite+aiosqlite:///{file}"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (text)"))
    other = Thread(target=keep_locked, args=(file,), kwargs={"with_commits": with_commits})
    other.start()
    await asyncio.sleep(0.1)
    began = time.monotonic()
    try:
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO notes VALUES ('mine')"))
    finally:
        other.join()
        await engine.dispose()
    return time.monotonic() - began


async def test_a_writer_waits_while_others_commit(tmp_path: Path) -> None:
    assert await write_beside(tmp_path / "busy.db", with_commits=True) > 0


async def test_a_single_long_transaction_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="locked"):
        await write_beside(tmp_path / "busy.db", with_commits=False)


async def test_writers_of_one_process_take_turns(tmp_path: Path) -> None:
    """None asks SQLite before its turn, however long another takes; one may stop waiting."""
    engine = create_engine(make_url(f"sqlite+aiosqlite:///{tmp_path}/busy.db"))
    asked: list[str] = []
    all_wait = asyncio.Event()

    @event.listens_for(engine.sync_engine, "checkout")
    def count(*_: object) -> None:
        if engine.pool.checkedout() > WRITERS:  # type: ignore[attr-defined]
            all_wait.set()

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    async def write(number: int) -> None:
        async with engine.begin() as connection:
            await connection.execute(text(f"INSERT INTO notes VALUES ('{number}')"))

    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (text)"))
        others = [asyncio.create_task(write(number)) for number in range(WRITERS)]
        await all_wait.wait()
        others[7].cancel()
        asked.clear()
        await asyncio.sleep(2 * BUSY_SECONDS)
        assert asked == []
    await asyncio.gather(*others, return_exceptions=True)
    async with engine.connect() as connection:
        found = await connection.scalars(text("SELECT text FROM notes"))
        assert set(found) == {str(number) for number in range(WRITERS) if number != 7}
    await engine.dispose()


async def fail_at_commit(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(DEFERRED))
        await connection.execute(text("INSERT INTO pairs VALUES (1, 2)"))


async def test_a_turn_that_does_not_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failed attempt, others get their turns."""
    monkeypatch.setattr(sqlite_files, "MAX_WAIT_SECONDS", 0.05)
    engine = create_engine(make_url(f"sqlite+aiosqlite:///{tmp_path}/busy.db"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE notes (text)"))
        with pytest.raises(WritersBusy, match="Nothing was changed"):
            async with engine.begin():
                pass
    with pytest.raises(OperationalError, match="no such table"):
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO missing VALUES (1)"))
    with pytest.raises(IntegrityError):
        await fail_at_commit(engine)
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO notes VALUES ('mine')"))
    await engine.dispose()

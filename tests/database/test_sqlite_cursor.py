"""A statement costs one call to the thread of a SQLite connection, and a function costs one too."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextvars import ContextVar
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.database.engine import create_engine, read_only, run_statements

NUMBERS = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
NAME: ContextVar[str] = ContextVar("NAME", default="")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(make_url(f"sqlite+aiosqlite:///{tmp_path}/a.db"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE words (id INTEGER PRIMARY KEY, word UNIQUE)"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.begin() as connection:
        yield connection


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    execute = aiosqlite.Connection._execute  # noqa: SLF001

    async def counted(
        self: aiosqlite.Connection, function: object, *arguments: object, **options: object
    ) -> object:
        made.append(getattr(function, "__name__", "unnamed"))
        return await execute(self, function, *arguments, **options)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return made


async def test_a_statement_takes_one_call(connection: AsyncConnection, calls: list[str]) -> None:
    calls.clear()
    inserted = await connection.execute(text("INSERT INTO words (word) VALUES ('ankle'), ('knee')"))
    assert inserted.rowcount == 2
    assert inserted.lastrowid == 2
    found = await connection.execute(text("SELECT id, word FROM words ORDER BY id"))
    assert found.all() == [(1, "ankle"), (2, "knee")]
    many = await connection.execute(
        text("INSERT INTO words (word) VALUES (:word)"), [{"word": "hip"}, {"word": "wrist"}]
    )
    assert many.rowcount == 2
    assert len(calls) == 3


async def test_a_function_takes_one_call(connection: AsyncConnection, calls: list[str]) -> None:
    def count(opened: Connection, first: str, *, second: str) -> tuple[int, int]:
        for word in (first, second):
            opened.execute(text("INSERT INTO words (word) VALUES (:word)"), {"word": word})
        return threading.get_ident(), opened.scalar(text("SELECT count(*) FROM words")) or 0

    calls.clear()
    thread, found = await run_statements(connection, count, "hip", second="knee")

    assert found == 2
    assert thread != threading.get_ident()
    assert len(calls) == 1


async def test_a_function_reads_many_rows_in_parts(connection: AsyncConnection) -> None:
    def total(opened: Connection) -> int:
        query = text(f"{NUMBERS} SELECT i FROM n").execution_options(yield_per=1_000)
        with opened.execute(query) as rows:
            return sum(row.i for row in rows)

    assert await run_statements(connection, total) == 2500 * 2501 // 2


async def test_a_function_has_the_context_of_its_caller(connection: AsyncConnection) -> None:
    NAME.set("caller")
    assert await run_statements(connection, lambda _: NAME.get()) == "caller"


async def test_an_error_of_the_database_reaches_the_caller(connection: AsyncConnection) -> None:
    """Both ways raise the same error, and the transaction can still be used."""
    twice = text("INSERT INTO words (word) VALUES ('hip'), ('hip')")
    with pytest.raises(IntegrityError):
        await connection.execute(twice)
    with pytest.raises(IntegrityError):
        await run_statements(connection, lambda opened: opened.execute(twice))
    assert await connection.scalar(text("SELECT count(*) FROM words")) == 0


@pytest.mark.parametrize("reads", [False, True])
async def test_a_cancelled_caller_waits_for_the_function(engine: AsyncEngine, reads: bool) -> None:
    """Nobody else uses the connection meanwhile, and the event loop is free."""
    started, finish = threading.Event(), threading.Event()
    in_time: list[bool] = []

    def wait(_: Connection) -> None:
        started.set()
        in_time.append(finish.wait(30))

    used = read_only(engine) if reads else engine
    async with used.connect() as connection:
        await connection.execute(text("SELECT 1"))
        task = asyncio.create_task(run_statements(connection, wait))
        await asyncio.to_thread(started.wait, 30)
        asyncio.get_running_loop().call_later(0.1, finish.set)
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert in_time == [True]


async def test_a_cancelled_function_is_finished(connection: AsyncConnection) -> None:
    """What it has written stays in the transaction."""
    started, finish = threading.Event(), threading.Event()

    def insert_late(opened: Connection) -> None:
        started.set()
        finish.wait(30)
        opened.execute(text("INSERT INTO words (word) VALUES ('hip')"))

    task = asyncio.create_task(run_statements(connection, insert_late))
    await asyncio.to_thread(started.wait, 30)
    task.cancel()
    finish.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await connection.scalar(text("SELECT count(*) FROM words")) == 1


async def test_a_transaction_that_reads_begins_and_ends_without_a_call(
    engine: AsyncEngine, calls: list[str]
) -> None:
    """It still sees one state of the database."""
    async with read_only(engine).connect() as reader:
        await reader.execute(text("SELECT * FROM words"))
        async with engine.begin() as writer:
            await writer.execute(text("INSERT INTO words (word) VALUES ('hip')"))
        calls.clear()
        assert await reader.scalar(text("SELECT count(*) FROM words")) == 0
        await reader.commit()
        assert await reader.scalar(text("SELECT count(*) FROM words")) == 1
        await reader.rollback()
        assert len(calls) == 2


async def test_a_cancelled_read_does_not_stop_the_event_loop(engine: AsyncEngine) -> None:
    """Its transaction ends in the thread that is still executing it."""
    started, finish = threading.Event(), threading.Event()
    in_time: list[bool] = []

    def wait() -> None:
        started.set()
        in_time.append(finish.wait(30))

    async with read_only(engine).connect() as reader:
        raw = (await reader.get_raw_connection()).driver_connection
        await raw.create_function("wait", 0, wait)  # type: ignore[union-attr]
        task = asyncio.create_task(reader.execute(text("SELECT wait()")))
        await asyncio.to_thread(started.wait, 30)
        task.cancel()
        asyncio.get_running_loop().call_later(0.1, finish.set)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert in_time == [True]

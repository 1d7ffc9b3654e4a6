"""SQLite connections that are kept open for the next request."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.database import sqlite_files
from app.database.engine import create_engine, read_only

TABLES = """
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE children (parent REFERENCES parents (id));
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "folder" / "file.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as other:
        other.executescript(TABLES)
    return file


@pytest.fixture
async def engine(file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncEngine]:
    """Keep connections until the end of the test."""
    monkeypatch.setattr(sqlite_files, "IDLE_SECONDS", 600)
    engine = create_engine(make_url(f"sqlite+aiosqlite:///{file}"))
    yield engine
    await engine.dispose()


async def used(engine: AsyncEngine, statement: str = "INSERT INTO parents VALUES (NULL)") -> Any:
    """Execute a statement in a transaction, and return the driver's connection."""
    async with engine.begin() as connection:
        await connection.execute(text(statement))
        return (await connection.get_raw_connection()).driver_connection


def rows_in(file: Path, table: str = "parents") -> int:
    with closing(sqlite3.connect(file)) as other:
        return int(other.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def test_a_connection_is_used_again(engine: AsyncEngine) -> None:
    """By transactions that read and that write, also after one that failed in our own code."""
    first = await used(engine)
    assert await used(read_only(engine), "SELECT * FROM parents") is first

    async def fail() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("INSERT INTO parents VALUES (NULL)"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await used(engine) is first


async def used_at_once(engine: AsyncEngine, statements: Sequence[str]) -> set[Any]:
    """Execute each in a transaction, all of which are open at once."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(read_only(engine).connect()) for _ in statements]
        for connection, statement in zip(opened, statements, strict=True):
            await connection.execute(text(statement))
        return {(await each.get_raw_connection()).driver_connection for each in opened}


async def test_all_connections_are_used_again(engine: AsyncEngine) -> None:
    """As many as there were at once, also after commits of one of them."""
    await used(engine)  # sets the journal mode, which needs the file alone
    reads = ["SELECT * FROM parents"] * 5
    first = await used_at_once(engine, reads)
    assert len(first) == len(reads)
    assert await used_at_once(engine, reads) == first
    async with read_only(engine).connect() as reader:  # so that the log is not emptied
        await reader.execute(text(reads[0]))
        assert await used(engine) in first
        assert await used_at_once(engine, reads[1:]) < first


async def test_the_last_connection_is_used_first(engine: AsyncEngine) -> None:
    """So that the others are closed when there are fewer requests at once."""
    await used_at_once(engine, ["SELECT * FROM parents"] * 3)
    last = await used(engine)
    assert {await used(engine) for _ in range(5)} == {last}


def replace(file: Path) -> None:
    shutil.copy(file, file.with_name("other.db"))
    file.with_name("other.db").rename(file)


def overwrite(file: Path) -> None:
    """Write the same bytes in place, until the clock of the file system has advanced."""
    before = file.stat().st_ctime_ns
    while file.stat().st_ctime_ns == before:
        file.write_bytes(file.read_bytes())


def remove_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


def remove_index(file: Path) -> None:
    Path(f"{file}-shm").unlink()


def restrict_file(file: Path) -> None:
    file.chmod(0o640)


def restrict_folder(file: Path) -> None:
    file.parent.chmod(0o750)


CHANGES = (replace, Path.unlink, overwrite, remove_log, remove_index, restrict_file)


@pytest.mark.parametrize("change", [*CHANGES, restrict_folder])
async def test_a_changed_file_is_opened_again(
    engine: AsyncEngine, file: Path, change: Callable[[Path], object]
) -> None:
    """So no other file is written, and rights count at once."""
    first = await used(engine)
    change(file)
    assert await used(engine, "CREATE TABLE IF NOT EXISTS parents (id)") is not first
    assert rows_in(file) == (0 if change is Path.unlink else 1)


async def test_a_file_that_changes_while_it_is_read_is_opened_again(
    engine: AsyncEngine, file: Path
) -> None:
    """SQLite would go on using what it remembers of the old content."""
    await used(engine)
    async with read_only(engine).connect() as reader:
        await reader.execute(text("SELECT * FROM parents"))
        first = (await reader.get_raw_connection()).driver_connection
        overwrite(file)
    assert await used(read_only(engine), "SELECT * FROM parents") is not first


async def test_all_connections_to_a_replaced_file_are_closed_first(
    engine: AsyncEngine, file: Path
) -> None:
    """SQLite deletes a log by its name, so closing one of them later would delete the new log."""
    await used(engine)
    first = await used_at_once(engine, ["SELECT * FROM parents"] * 3)
    replace(file)
    await used(engine)
    for connection in first:
        with pytest.raises(ValueError, match="no active connection"):
            await connection.execute("SELECT 1")
    assert rows_in(file) == 2


async def test_other_programs_are_seen(engine: AsyncEngine, file: Path) -> None:
    """What they have committed is there, and what they lock is waited for."""
    await used(engine)
    with closing(sqlite3.connect(file)) as other:
        other.execute("ALTER TABLE parents ADD COLUMN name")
        other.execute("INSERT INTO parents VALUES (NULL, 'other')")
        other.commit()
    await used(engine, "INSERT INTO parents VALUES (NULL, 'ours')")
    assert rows_in(file) == 3


@pytest.mark.parametrize("last", ["reader", "writer"])
async def test_a_copy_has_the_last_commit(
    engine: AsyncEngine, file: Path, tmp_path: Path, last: str
) -> None:
    """Whichever of several connections is returned last."""
    await used(engine)
    async with read_only(engine).connect() as reader:
        await reader.execute(text("SELECT * FROM parents"))
        async with engine.begin() as writer:
            await writer.execute(text("INSERT INTO parents VALUES (NULL)"))
            if last == "writer":
                await reader.close()
    shutil.copy(file, tmp_path / "copy.db")
    assert rows_in(tmp_path / "copy.db") == 2


async def test_foreign_keys_are_ignored_in_one_transaction_only(engine: AsyncEngine) -> None:
    """The next transaction on the same connection checks them again."""
    orphan = "INSERT INTO children VALUES (7)"
    first = await used(sqlite_files.without_foreign_keys(engine), orphan)
    with pytest.raises(IntegrityError):
        await used(engine, orphan)
    assert await used(engine) is first


async def test_a_connection_with_an_error_of_the_file_is_closed(engine: AsyncEngine) -> None:
    first = await used(engine)
    async with engine.begin() as connection:
        await connection.execute(text("PRAGMA query_only = ON"))
        with pytest.raises(OperationalError, match="readonly"):
            await connection.execute(text("INSERT INTO parents VALUES (NULL)"))
    assert await used(engine) is not first


@pytest.mark.parametrize(
    "statement", ["INSERT INTO nothing VALUES (1)", "INSERT INTO parents VALUES (1), (1)"]
)
async def test_a_connection_is_kept_after_an_error_of_a_statement(
    engine: AsyncEngine, file: Path, statement: str
) -> None:
    first = await used(engine)
    with pytest.raises(DBAPIError):
        await used(engine, statement)
    assert await used(engine) is first
    assert rows_in(file) == 2

"""The transaction of an ordinary request."""

import asyncio
from uuid import uuid4

import httpx
import psycopg
import pytest
from litestar import Litestar
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, ResourceClosedError

from app.database.bulk import insert_encoded
from app.database.engine import WAITS_FOR_RESET, new_session, read_only
from app.tables import METADATA
from conftest import NewDatabase, make_app, open_client, seed
from snapshots import snapshot

SHOWN = """
    SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'),
           current_setting('lock_timeout'), current_setting('DateStyle'), mode
      FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'database_mark'::regclass
"""
WAITED_FOR = (
    "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'database_mark'::regclass"
    " AND pid <> pg_backend_pid()"
)
ADA = {"name": "Ada", "email": "ada@example.net", "password": "Password123"}


async def test_a_commit_that_fails_reaches_the_client(
    client: httpx.AsyncClient, app: Litestar, database_url: str
) -> None:
    """No response says that a sign-up succeeded when nothing was stored."""
    await seed(client)
    old = snapshot(database_url)

    def refuse(_connection: Connection) -> None:
        raise RuntimeError("the disk is gone")

    event.listen(app.state.engine.sync_engine, "commit", refuse)
    response = await client.post("/api/auth/sign-up/email", json=ADA)
    event.remove(app.state.engine.sync_engine, "commit", refuse)
    assert response.status_code == 500
    assert "set-cookie" not in response.headers
    assert snapshot(database_url) == old
    assert (await client.post("/api/auth/sign-up/email", json=ADA)).status_code == 200


async def test_a_refused_request_stores_nothing(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """What a handler did before it failed is undone."""
    await seed(client)
    old = snapshot(database_url)
    assert (await client.post("/api/auth/sign-up/email", json={**ADA, "password": "x"})).is_error
    assert snapshot(database_url) == old


async def test_an_error_of_the_database_holds_no_values(
    client: httpx.AsyncClient, app: Litestar
) -> None:
    """The failed statement is logged without its values."""
    await seed(client)
    async with app.state.engine.begin() as connection:
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(text("INSERT INTO users (name) VALUES (:name)"), ADA)
    assert "INSERT INTO users" in str(refused.value)
    # PostgreSQL adds a DETAIL that quotes the row: for its sake messages are not logged at all.
    assert "Ada" not in str(refused.value).partition("DETAIL")[0]


async def test_postgresql_begins_a_transaction_with_one_statement(
    new_postgresql: NewDatabase,
) -> None:
    """It has its level, mode and settings, and waits for a reset."""
    app = make_app(new_postgresql())
    sent: list[str] = []
    async with open_client(app) as client:
        await seed(client, patients=3)
        event.listen(
            app.state.engine.sync_engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, *_: sent.append(statement),
        )
        for reads_only, level, mode, lock in (
            (True, "repeatable read", "on", "AccessShareLock"),
            (False, "read committed", "off", "RowExclusiveLock"),
        ):
            sent.clear()
            async with new_session(app.state, reads_only=reads_only) as session:
                connection = await session.connection()
                found = await connection.execute(text(SHOWN))
                assert found.one() == (level, mode, "1min", "ISO, MDY", lock)
            assert len(sent) == 2
        with pytest.raises(DBAPIError, match="read-only transaction"):
            async with read_only(app.state.engine).begin() as connection:
                await connection.execute(text("DELETE FROM patients"))


async def test_sqlite_is_set_up_for_safety_and_speed(new_sqlite: NewDatabase) -> None:
    """Write-ahead log and foreign keys are on, with any defaults of SQLite's build."""
    app = make_app(new_sqlite())
    async with open_client(app), app.state.engine.connect() as connection:
        for pragma, value in (
            ("journal_mode", "wal"),
            ("foreign_keys", 1),
            ("synchronous", 1),
            ("secure_delete", 0),
            ("busy_timeout", 5000),
        ):
            assert await connection.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_new_connection_waits_for_a_reset_before_it_looks(
    new_postgresql: NewDatabase,
) -> None:
    """Otherwise it would find the tables of a `drop` empty: they are newer than what it sees."""
    database_url = new_postgresql()
    app, other = make_app(database_url), make_app(database_url)
    async with open_client(app) as client, open_client(other):
        await seed(client, patients=3)
        await other.state.engine.dispose()

        async def count() -> int:
            async with new_session(other.state, reads_only=True) as session:
                return await session.scalar(text("SELECT count(*) FROM patients")) or 0

        with (
            psycopg.connect(database_url) as dropping,
            psycopg.connect(database_url, autocommit=True) as observer,
        ):
            dropping.execute("LOCK TABLE database_mark IN ACCESS EXCLUSIVE MODE")
            dropping.execute("ALTER TABLE patients RENAME TO old_patients")
            dropping.execute("CREATE TABLE patients AS SELECT * FROM old_patients")
            counting = asyncio.create_task(count())
            while not observer.execute(WAITED_FOR).fetchone():
                assert not counting.done()
                await asyncio.sleep(0.01)
            dropping.commit()
        assert await counting == 3


async def test_nothing_is_executed_after_a_transaction_that_did_not_begin(
    new_postgresql: NewDatabase,
) -> None:
    """SQLAlchemy believes that it did begin, and PostgreSQL would commit each statement."""
    database_url = new_postgresql()
    app = make_app(database_url)
    async with open_client(app) as client:
        await seed(client, patients=3)
        with psycopg.connect(database_url, autocommit=True) as server:
            async with new_session(app.state) as session:
                server.execute("ALTER TABLE database_mark RENAME TO mark")
                with pytest.raises(DBAPIError):
                    await session.connection()
            engine = app.state.engine.execution_options(**{WAITS_FOR_RESET: True})
            async with engine.connect() as connection:
                with pytest.raises(DBAPIError):
                    await connection.execute(text("SELECT 1"))
                server.execute("ALTER TABLE mark RENAME TO database_mark")
                with pytest.raises(ResourceClosedError):
                    await connection.execute(text("DELETE FROM patient_words"))
            assert server.execute("SELECT count(*) > 0 FROM patient_words").fetchone() == (True,)


async def test_rows_are_copied_in_a_transaction_alone(new_postgresql: NewDatabase) -> None:
    """After a COMMIT that a service should not have executed, COPY would commit them at once."""
    database_url = new_postgresql()
    app = make_app(database_url)
    async with open_client(app) as client:
        await seed(client, patients=3)
        async with app.state.engine.begin() as connection:
            await connection.exec_driver_sql("COMMIT")
            table = METADATA.tables["rooms"]
            with pytest.raises(InvalidRequestError, match="outside a transaction"):
                await insert_encoded(connection, table, ("id",), [(uuid4().bytes,)])

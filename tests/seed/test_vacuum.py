"""A seed waits for VACUUM and ANALYZE in the way that makes PostgreSQL end automatic ones."""

import asyncio

import psycopg
import pytest
from sqlalchemy import make_url, text

from app.database.engine import create_engine
from app.seed.request import ResetMode
from app.seed.table_locks import lock_tables
from conftest import NewDatabase, open_app, seed
from seed.marks import execute

WAITED_FOR = (
    "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'patients'::regclass"
    " AND pid <> pg_backend_pid()"
)


@pytest.mark.parametrize("mode", ["delete", "drop"])
async def test_its_lock_is_asked_for(new_postgresql: NewDatabase, mode: str) -> None:
    """PostgreSQL ends them only if a session waits; one that tries again and again does not."""
    database_url = new_postgresql()
    async with open_app(database_url) as client:
        await seed(client, users=1, organizations=1, patients=1)
        with (
            psycopg.connect(database_url) as vacuum,
            psycopg.connect(database_url, autocommit=True) as observer,
        ):
            vacuum.execute("LOCK TABLE patients IN SHARE UPDATE EXCLUSIVE MODE")
            run = asyncio.create_task(client.post(f"/api/db/seed?reset={mode}"))
            while not observer.execute(WAITED_FOR).fetchone():
                assert not run.done(), run.result().text
                await asyncio.sleep(0.01)
            vacuum.rollback()
            assert (await run).status_code == 201


@pytest.mark.parametrize(("is_superuser", "waits"), [(True, "20ms"), (False, "1s")])
async def test_a_superuser_waits_less(
    new_postgresql: NewDatabase, is_superuser: bool, waits: str
) -> None:
    """PostgreSQL ends them after this time. Other roles may not change it, and wait a second."""
    database_url = new_postgresql()
    async with open_app(database_url) as client:
        await seed(client, users=1, organizations=1, patients=1)
    role = make_url(database_url).database
    execute(
        database_url,
        f'CREATE ROLE "{role}"',
        f'GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}"',
    )
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    try:
        async with engine.connect() as connection:
            if not is_superuser:
                await connection.exec_driver_sql(f'SET LOCAL ROLE "{role}"')
            with (
                psycopg.connect(database_url) as vacuum,
                psycopg.connect(database_url, autocommit=True) as observer,
            ):
                vacuum.execute("LOCK TABLE patients IN SHARE UPDATE EXCLUSIVE MODE")
                run = asyncio.create_task(lock_tables(connection, ResetMode.DELETE))
                while not observer.execute(WAITED_FOR).fetchone():
                    assert not run.done()
                    await asyncio.sleep(0.01)
                vacuum.rollback()
                await run
            assert await connection.scalar(text("SHOW deadlock_timeout")) == waits
    finally:
        await engine.dispose()
        execute(database_url, f'DROP OWNED BY "{role}"', f'DROP ROLE "{role}"')

"""A seed waits for VACUUM and ANALYZE in the way that makes PostgreSQL end automatic ones."""

import asyncio

import psycopg
import pytest

from conftest import NewDatabase, open_app, seed

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

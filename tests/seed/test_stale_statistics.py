"""A seed reads few rows, also if PostgreSQL has last counted other numbers of rows.

PostgreSQL chooses the indexes of foreign keys and checks by the rows that ANALYZE counted last.
"""

import asyncio

import psycopg
import pytest

from conftest import NewDatabase, open_app, seed

PATIENTS = 1_000
# Of 4,000 rows and 5,000 words, each is read about 25 times. With a wrong index it is 700 times.
MOST_ROWS_READ = 600_000
READ = """
    SELECT coalesce(sum(seq_tup_read) + sum(idx_tup_fetch), 0),
           coalesce(sum(n_tup_ins) FILTER (WHERE relname = 'treatment_plans'), 0)
      FROM pg_stat_user_tables
"""
DELETE_PLANS = ("DELETE FROM appointments", "DELETE FROM treatment_plans")
DELETE_ALL = (*DELETE_PLANS, "DELETE FROM patient_words", "DELETE FROM patients")


ORDERS = {
    "counted empty": ("ANALYZE",),
    "deleted": ("seed", *DELETE_ALL, "ANALYZE"),
    "plans deleted first": ("seed", *DELETE_PLANS, "ANALYZE", *DELETE_ALL, "ANALYZE"),
    "vacuumed": ("seed", "seed nobody", "VACUUM ANALYZE"),
    "deleted twice": ("seed", "seed nobody", "ANALYZE", "seed", *DELETE_ALL, "ANALYZE"),
}


@pytest.mark.parametrize("before", ORDERS.values(), ids=ORDERS)
async def test_few_rows_are_read(new_postgresql: NewDatabase, before: tuple[str, ...]) -> None:
    database_url = new_postgresql()
    async with open_app(database_url) as client:
        await seed(client, patients=0)
        with psycopg.connect(database_url, autocommit=True) as other:
            for table in ("patients", "treatment_plans"):
                other.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
            inserted = 0
            for step in before:
                if step.startswith("seed"):
                    patients = PATIENTS if step == "seed" else 0
                    await seed(client, patients=patients)
                    inserted += 3 * patients
                else:
                    other.execute(step)
            began = await rows_read(other, inserted)
            await seed(client, patients=PATIENTS)
            assert await rows_read(other, inserted + 3 * PATIENTS) - began < MOST_ROWS_READ


async def rows_read(other: psycopg.Connection, inserted: int) -> int:
    """Return how many rows were read when the server has counted these inserted plans."""
    while True:
        other.execute("SELECT pg_stat_clear_snapshot()")
        read, counted = other.execute(READ).fetchone() or (0, 0)
        if counted >= inserted:
            return int(read)
        await asyncio.sleep(0.05)

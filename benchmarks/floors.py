"""The least time that a database needs for the rows of a large seed."""

import sqlite3
import time
from contextlib import closing
from datetime import date
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.database.bulk import STAMPS, with_timestamps
from app.seed.request import SeedRequest
from app.seed.seeders.patients import KIND as PATIENT_KIND
from app.seed.seeders.treatment_plans import KIND as PLAN_KIND
from checkouts import AS_OF

KINDS = (PATIENT_KIND, PLAN_KIND)


def prepare(name: str, patients: int) -> Any:
    """Return the rows of each table as the floor loads them."""
    request = SeedRequest(patients=patients, as_of=date.fromisoformat(AS_OF))
    # COPY reads the same texts as SQLite.
    made = {kind.table.name: list(kind.batches(request, "sqlite")) for kind in KINDS}
    return [(table, *prepared(name, batches)) for table, batches in made.items()]


def prepared(name: str, batches: list[Any]) -> tuple[tuple[str, ...], list[Any]]:
    columns = (*batches[0].columns, *STAMPS)
    for batch in batches:
        batch.rows = with_timestamps(batch.rows, "sqlite")
    if name == "sqlite":
        return columns, [batch.rows for batch in batches]
    return columns, ["".join(map(copied, batch.rows)).encode() for batch in batches]


def copied(row: tuple[Any, ...]) -> str:
    """Return a row in the text format of COPY."""
    values = (r"\N" if value is None else str(value).replace("\\", "\\\\") for value in row)
    return "\t".join(values) + "\n"


def floor_of_sqlite(url: str, prepared: Any) -> float:
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = ON")
        file.execute("PRAGMA synchronous = NORMAL")
        file.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        for table, columns, batches in prepared:
            places = ", ".join("?" * len(columns))
            into = f"{table} ({', '.join(columns)})"
            statement = f"INSERT INTO {into} VALUES ({places})"  # noqa: S608 - our own names
            for batch in batches:
                file.executemany(statement, batch)
        file.execute("COMMIT")
        taken = time.perf_counter() - began
        for table, *_ in reversed(prepared):
            file.execute(f"DELETE FROM {table}")  # noqa: S608 - the same
    return taken


def floor_of_postgresql(url: str, prepared: Any) -> float:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()
        # An automatic ANALYZE would see no rows, and each check of a key would read a whole index.
        connection.execute("LOCK TABLE patients, treatment_plans IN SHARE ROW EXCLUSIVE MODE")
        began = time.perf_counter()
        for table, columns, blocks in prepared:
            statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with connection.cursor().copy(statement.encode()) as copy:
                for block in blocks:
                    copy.write(block)
        connection.commit()
        taken = time.perf_counter() - began
        connection.execute("TRUNCATE treatment_plans, patients")
    return taken


FLOORS = {"sqlite": floor_of_sqlite, "postgresql": floor_of_postgresql}

"""The least time that a database needs for the rows of a large seed, without recording them."""

import sqlite3
import time
from contextlib import closing
from datetime import date
from typing import Any

import psycopg
from sqlalchemy import Insert, create_engine, make_url

from app.database.bulk import STAMPS, with_timestamps
from app.database.undo.recording import remove
from app.seed.request import SeedRequest
from app.seed.seeders.patients import KIND as PATIENT_KIND
from app.seed.seeders.treatment_plans import KIND as PLAN_KIND
from checkouts import AS_OF

KINDS = (PATIENT_KIND, PLAN_KIND)
EMPTIED = ("appointments", "patient_words")  # with the tables of these kinds


def prepare(name: str, patients: int) -> Any:
    """Return the rows of each table as the floor loads them, and statements for derived rows."""
    request = SeedRequest(patients=patients, as_of=date.fromisoformat(AS_OF))
    # COPY reads the same texts as SQLite.
    made = {kind.table.name: list(kind.batches(request, "sqlite")) for kind in KINDS}
    tables = [(table, *prepared(name, batches)) for table, batches in made.items()]
    return tables, [statement(name, of(name)) for kind in KINDS for of in kind.derived.values()]


def statement(name: str, derived: Insert) -> str:
    """Return the statement that adds the words of the search, for a driver."""
    dialect = make_url(f"{name}://").get_dialect()()
    return str(derived.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def stop_recording(url: str) -> None:
    """Remove the triggers that record changes; a seed creates them again."""
    engine = create_engine(url)
    with engine.begin() as connection:
        remove(connection)
    engine.dispose()


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
    tables, derived = prepared
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as file:
        file.execute("PRAGMA foreign_keys = ON")
        file.execute("PRAGMA synchronous = NORMAL")
        file.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        for table, columns, batches in tables:
            places = ", ".join("?" * len(columns))
            into = f"{table} ({', '.join(columns)})"
            statement = f"INSERT INTO {into} VALUES ({places})"  # noqa: S608 - our own names
            for batch in batches:
                file.executemany(statement, batch)
        for words in derived:
            file.execute(words)
        file.execute("COMMIT")
        taken = time.perf_counter() - began
        for table in (*EMPTIED, *(name for name, *_ in reversed(tables))):
            file.execute(f"DELETE FROM {table}")  # noqa: S608 - the same
    return taken


def floor_of_postgresql(url: str, prepared: Any) -> float:
    tables, derived = prepared
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()
        # An automatic ANALYZE would see no rows, and each check of a key would read a whole index.
        connection.execute("LOCK TABLE patients, treatment_plans IN SHARE ROW EXCLUSIVE MODE")
        began = time.perf_counter()
        for table, columns, blocks in tables:
            load = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
            with connection.cursor().copy(load.encode()) as copy:
                for block in blocks:
                    copy.write(block)
        for words in derived:
            connection.execute(words.encode())
        connection.commit()
        taken = time.perf_counter() - began
        connection.execute(f"TRUNCATE {', '.join(EMPTIED)}, treatment_plans, patients".encode())
    return taken


FLOORS = {"sqlite": floor_of_sqlite, "postgresql": floor_of_postgresql}

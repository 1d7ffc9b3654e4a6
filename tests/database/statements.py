"""Run Alembic's command and SQL on a database, without the application."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, make_url

from journeys.commands import environment, run_module


def alembic(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_module("alembic", *arguments, variables=environment(database_url, APP_ENV="test"))


@contextmanager
def connect(database_url: str) -> Iterator[Connection]:
    url = make_url(database_url)
    driver = "sqlite" if url.drivername == "sqlite" else "postgresql+psycopg"
    engine = create_engine(url.set(drivername=driver))
    try:
        with engine.connect() as connection:
            if driver == "sqlite":
                connection.exec_driver_sql("PRAGMA foreign_keys = ON")
                connection.rollback()
            yield connection
    finally:
        engine.dispose()


def execute(database_url: str, *statements: str) -> Any:
    """Send statements in one transaction, and return the rows of the last one."""
    with connect(database_url) as connection, connection.begin():
        for statement in statements:
            done = connection.exec_driver_sql(statement)
        return [list(row) for row in done] if done.returns_rows else []

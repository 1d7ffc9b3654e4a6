"""The marks of databases, read and written behind the application's back."""

import sqlite3
from contextlib import closing

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import make_url

import commands_in_process
from journeys.commands import environment


def execute(database_url: str, *statements: str) -> None:
    """Write to a database behind the application's back."""
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(str(make_url(database_url).database))
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return
    with psycopg.connect(database_url) as server:
        for statement in statements:
            server.execute(statement.encode())


def mark(database_url: str, name: str, *, as_database: str | None = None) -> None:
    execute(database_url, f"UPDATE database_mark SET environment = '{name}'")
    if as_database:
        execute(database_url, f"UPDATE database_mark SET database = '{as_database}'")


def read_mark(database_url: str) -> dict[str, str]:
    """Return the columns of the mark; it must be there."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(database_url).database))) as file:
            file.row_factory = sqlite3.Row
            return dict(file.execute("SELECT * FROM database_mark").fetchone())
    with psycopg.connect(database_url, row_factory=dict_row) as server:
        found = server.execute("SELECT * FROM database_mark").fetchone()
        assert found
        return found


def name_of(database_url: str) -> str:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"localhost/{url.database}"


def stamp(database_url: str, *arguments: str, app_env: str = "test") -> tuple[int, str]:
    """Run `just stamp`; return its exit code and all that it printed."""
    variables = environment(database_url, APP_ENV=app_env)
    done = commands_in_process.stamp(*arguments, variables=variables)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr

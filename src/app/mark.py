"""The database's own mark: the environment that it belongs to, and the database that it is.

It is a row of the database, so that a copy carries it along and is recognised.
"""

from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    insert,
    inspect,
    select,
)

from app.address import address_of
from app.settings import Environment

MARK_TABLE = "database_mark"
MARKS = Table(
    MARK_TABLE,
    MetaData(),  # not among the application's tables: a reset neither deletes nor counts it
    Column("id", Integer, primary_key=True),
    Column("environment", String, nullable=False),
    Column("database", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Mark:
    environment: Environment
    database: str


def has_mark_table(connection: Connection) -> bool:
    return inspect(connection).has_table(MARK_TABLE)


def find_mark(connection: Connection) -> Mark | None:
    if not has_mark_table(connection):
        return None
    row = connection.execute(select(MARKS)).one_or_none()
    return Mark(Environment(row.environment), row.database) if row else None


def stamp(connection: Connection, environment: Environment) -> None:
    """Mark a database after its migration; a mark that stands stays, unless production migrates."""
    mark = find_mark(connection)
    if mark is None or environment is Environment.PRODUCTION:
        restamp(connection, environment)


def restamp(connection: Connection, environment: Environment) -> None:
    """Replace the mark, whatever it says."""
    connection.execute(delete(MARKS))
    connection.execute(
        insert(MARKS).values(
            id=1, environment=environment.value, database=address_of(connection).name
        )
    )

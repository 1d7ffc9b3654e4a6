"""The database's own mark: the environment that it belongs to, and the database that it is.

It is a row of the database, so that a copy carries it along and is recognised. Beside the name
stands an identity that a copy does not share, whichever name either is reached by.
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

from app.address import Address, address_of
from app.settings import Environment

MARK_TABLE = "database_mark"
MARKS = Table(
    MARK_TABLE,
    MetaData(),  # not among the application's tables: a reset neither deletes nor counts it
    Column("id", Integer, primary_key=True),
    Column("environment", String, nullable=False),
    Column("database", String, nullable=False),
    Column("identity", String, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Mark:
    environment: Environment
    database: str
    identity: str

    def is_of(self, address: Address) -> bool:
        """Whether the database was marked where it is now, by whatever name it is reached."""
        return address.name == self.database or address.identity == self.identity

    def is_of_production(self) -> bool:
        return self.environment is Environment.PRODUCTION


def has_mark_table(connection: Connection) -> bool:
    """Look where tables are made, and not along the rest of PostgreSQL's search path."""
    schema = connection.dialect.default_schema_name
    return inspect(connection).has_table(MARK_TABLE, schema=schema)


def find_mark(connection: Connection) -> Mark | None:
    if not has_mark_table(connection):
        return None
    row = connection.execute(select(MARKS)).one_or_none()
    return Mark(Environment(row.environment), row.database, row.identity) if row else None


def mark(connection: Connection, environment: Environment) -> None:
    """Replace the mark, whatever it says."""
    address = address_of(connection)
    connection.execute(delete(MARKS))
    connection.execute(
        insert(MARKS).values(
            id=1,
            environment=environment.value,
            database=address.name,
            identity=address.identity,
        )
    )


def describe_mark(connection: Connection) -> str:
    address = address_of(connection)
    found = find_mark(connection)
    if found is None:
        return f"{address} has no mark: `uv run just migrate` gives it one, if it is Seedbed's."
    return f"{address} is marked for {found.environment}, as {found.database}."

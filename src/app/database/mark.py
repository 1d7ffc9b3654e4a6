"""The mark: a row that names the environment of a database, and the database itself.

A copy of the database contains the mark, and is recognized by it: the mark also has an identity,
which a copy does not share, under any name.
"""

from dataclasses import dataclass

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)
from sqlmodel import SQLModel

from app.database.address import Address, address_of, file_identity, is_same_database
from app.database.own_tables import MARK_TABLE, Contents, find_contents, has_table
from app.database.undo.recording import remove
from app.settings import Environment

MARKS = Table(
    MARK_TABLE,
    MetaData(naming_convention=SQLModel.metadata.naming_convention),
    Column("id", Integer, primary_key=True),
    Column("environment", String, nullable=False),
    Column("database", String, nullable=False),
    Column("identity", String, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
POSTGRESQL_LOCK = 0x5EED_BED1


@dataclass(frozen=True, slots=True)
class Mark:
    environment: Environment
    database: str
    identity: str

    def is_of(self, address: Address) -> bool:
        """Return whether the mark was written for the database at this address, under any name.

        A file that was restored in place has a new identity, and so has its hard link. Therefore
        the file that now has the name in the mark counts, too.
        """
        if address.name == self.database or is_same_database(self.identity, address.identity):
            return True
        return address.is_file and is_same_database(file_identity(self.database), address.identity)

    def is_of_production(self) -> bool:
        return self.environment is Environment.PRODUCTION


def has_mark_table(connection: Connection) -> bool:
    """Look only in the schema where tables are created, not in all of PostgreSQL's search path."""
    return has_table(connection, MARK_TABLE)


def find_mark(connection: Connection) -> Mark | None:
    if not has_mark_table(connection):
        return None
    row = connection.execute(select(MARKS)).one_or_none()
    return Mark(Environment(row.environment), row.database, row.identity) if row else None


def lock_mark(connection: Connection) -> None:
    """Lock the mark until the transaction ends.

    On SQLite, transactions that may write already lock the whole file.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(POSTGRESQL_LOCK)))


def mark(connection: Connection, environment: Environment) -> Mark:
    """Replace the mark, and create its table if it is missing. Return the new mark."""
    address, old = address_of(connection), find_mark(connection)
    identity = address.identity
    if old and is_same_database(old.identity, identity) and identity.startswith(":"):
        identity = old.identity  # written by a role that may read the system identifier
    new = Mark(environment, address.name, identity)
    if new.is_of_production():
        remove(connection)
    MARKS.create(connection, checkfirst=True)
    connection.execute(delete(MARKS))
    connection.execute(
        insert(MARKS).values(
            id=1,
            environment=new.environment.value,
            database=new.database,
            identity=new.identity,
        )
    )
    return new


def describe_mark(connection: Connection) -> str:
    address = address_of(connection)
    found = find_mark(connection)
    if found is None:
        return f"{address} has no mark. {_how_to_mark(connection)}"
    return f"{address} is marked for {found.environment}, as {found.database}."


def _how_to_mark(connection: Connection) -> str:
    match find_contents(connection):
        case Contents.EMPTY:
            return "`uv run just migrate` creates Seedbed's tables and marks it."
        case Contents.OURS:
            return "If it is a development database, mark it: see `uv run just stamp --help`."
        case Contents.OTHERS:
            return "It has tables of another program and none of Seedbed's."

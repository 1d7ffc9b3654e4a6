"""Which tables are Seedbed's, for the guard, the mark, migrations and the reset.

They are in one schema, which the first PostgreSQL connection determines and each transaction sets;
see `app.database.engine`.
"""

import json
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

MARK_TABLE = "database_mark"
VERSION_TABLE = "alembic_version"
LAST_SEED_TABLE = "last_seed"
SNAPSHOT_TABLE = "seedbed_snapshots"
RECORDING_TABLE = "seedbed_recording"
CLOCK_TABLE = "test_clock"
HISTORY_TABLE = "seedbed_snapshot_history"
# PostgreSQL has one table with all changes, SQLite one for each table: `seedbed_undo_users`.
UNDO_TABLE = "seedbed_undo"
# Our triggers, which record changes for snapshots.
RECORDER = "seedbed_record"
# Seedbed's own records, which no model describes: a reset neither deletes nor counts their rows.
BOOKKEEPING = frozenset(
    {MARK_TABLE, VERSION_TABLE, LAST_SEED_TABLE, SNAPSHOT_TABLE, RECORDING_TABLE, HISTORY_TABLE}
    | {UNDO_TABLE, CLOCK_TABLE}
)
# On PostgreSQL, requests read them during a reset, and would wait for tables that it drops.
READ_DURING_RESET = frozenset({MARK_TABLE, CLOCK_TABLE})
# Bookkeeping that a snapshot restores, with the columns of its primary key.
RECORDED_BOOKKEEPING = {LAST_SEED_TABLE: ("id",), CLOCK_TABLE: ("id",)}
OTHER_PROGRAM = (
    "{} has tables of another program and none of Seedbed's. Set DATABASE_URL to an empty "
    "database, or to one of Seedbed's."
)
REDIRECTED = (
    "In {}, {}: Seedbed would read and write other tables than its own. Drop the view, the rule or "
    "the trigger, or detach the table (ALTER TABLE … NO INHERIT). Do not drop a table. Or set "
    "DATABASE_URL to another database."
)
# The key of a connection's info: the tables that its transaction has locked and does not drop.
LOCKED = "locked tables"
# Tables that follow others, as indexes do: their rows are neither counted nor reported.
UNCOUNTED = frozenset({"patient_words", "practitioners"})
FIRST_TABLES = frozenset({VERSION_TABLE, "accounts", "invitations", "members", "organizations"})

SQLITE_TABLES = text(
    # Dropping a virtual table drops the tables that store it, so it comes first.
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC, name"
)
# Virtual tables whose module is not available here.
SQLITE_UNREADABLE = text(
    "SELECT name FROM sqlite_master AS made WHERE sql LIKE 'CREATE VIRTUAL%' AND NOT EXISTS (SELECT"
    " 1 FROM pragma_module_list AS module WHERE made.sql LIKE '%USING ' || module.name || '%')"
)
POSTGRESQL_TABLES = text(
    "SELECT relname, pg_has_role(relowner, 'USAGE') AS owned,"
    " has_table_privilege(oid, 'SELECT') AS readable"
    " FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_depend"
    " WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')"
    " ORDER BY relname"
)
# Sent directly to the driver, on a connection that has not set its schema yet.
RESOLVED_ELSEWHERE = """
    SELECT nspname || '.' || relname FROM unnest(%s::text[]) AS own (name)
      JOIN pg_class ON pg_class.oid = to_regclass(quote_ident(own.name))
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname <> current_schema() ORDER BY 1
"""
PRESENT = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relname = ANY (:names) AND relkind IN ('r', 'p')"
)
SQLITE_HAS_TABLE = text(
    "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view')"
    " AND lower(name) = :name)"
)
POSTGRESQL_HAS_TABLE = text(
    "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relname = :name AND relkind IN ('r', 'p', 'v', 'm', 'f'))"
)
SQLITE_REDIRECTIONS = """
    SELECT name || ' is a ' || CASE type WHEN 'view' THEN 'view' ELSE 'virtual table' END
      FROM sqlite_master
     WHERE (type = 'view' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL%'))
       AND name COLLATE NOCASE IN (SELECT value FROM json_each(:names))
    UNION ALL
    SELECT tbl_name || ' has the trigger ' || name FROM sqlite_master
     WHERE type = 'trigger' AND tbl_name LIKE 'database!_mark' ESCAPE '!' ORDER BY 1
"""
POSTGRESQL_REDIRECTIONS = """
    WITH RECURSIVE own AS (
        SELECT oid, relname, relnamespace, relkind FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)),
    family (relname, relnamespace, child) AS (
        SELECT relname, relnamespace, inhrelid FROM own JOIN pg_inherits ON inhparent = own.oid
        UNION
        SELECT relname, relnamespace, inhrelid FROM family JOIN pg_inherits ON inhparent = child)
    SELECT relname || ' is a ' || CASE relkind WHEN 'v' THEN 'view'
             WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
             ELSE 'relation of another kind' END
      FROM own WHERE relkind NOT IN ('r', 'p')
    UNION ALL
    SELECT family.relname || ' has rows in ' || child.oid::regclass
      FROM family JOIN pg_class child ON child.oid = family.child
     WHERE child.relnamespace <> family.relnamespace OR child.relkind = 'f'
    UNION ALL
    SELECT own.relname || ' has the rule ' || rulename
      FROM own JOIN pg_rewrite ON ev_class = own.oid WHERE relkind IN ('r', 'p')
    UNION ALL
    SELECT own.relname || ' has the trigger ' || tgname
      FROM own JOIN pg_trigger ON tgrelid = own.oid
     WHERE relname = 'database_mark' AND NOT tgisinternal
    ORDER BY 1
"""


def own_names() -> frozenset[str]:
    """Return the names of the tables of all imported models, and of the bookkeeping."""
    recorded = SQLModel.metadata.tables.keys() | RECORDED_BOOKKEEPING.keys()
    return BOOKKEEPING | recorded | {undo_table(name) for name in recorded}


def undo_table(name: str) -> str:
    """Return the name of the table with the changes of another, on SQLite."""
    return f"{UNDO_TABLE}_{name}"


def is_bookkeeping(name: str) -> bool:
    return name in BOOKKEEPING or name.startswith(f"{UNDO_TABLE}_")


def list_tables(connection: Connection) -> list[str]:
    """List the tables of the schema, ours and others, in an order in which SQLite can drop them.

    Tables of PostgreSQL extensions are not listed. The names of our tables are in lower case.
    """
    if connection.dialect.name == "sqlite":
        own, found = own_names(), connection.scalars(SQLITE_TABLES)
        return [name.lower() if name.lower() in own else name for name in found]
    return [row.relname for row in connection.execute(POSTGRESQL_TABLES)]


def has_table(connection: Connection, name: str) -> bool:
    """Return whether there is a table or a view of this name in the schema of our tables."""
    if name in connection.info.get(LOCKED, ()):
        return True
    sqlite = connection.dialect.name == "sqlite"
    query = SQLITE_HAS_TABLE if sqlite else POSTGRESQL_HAS_TABLE
    return bool(connection.scalar(query, {"name": name}))


def list_readable(connection: Connection) -> list[str]:
    """List the tables whose rows can be counted: ours, and others that this role may read."""
    if connection.dialect.name == "sqlite":
        unreadable = set(connection.scalars(SQLITE_UNREADABLE))
        return [name for name in list_tables(connection) if name not in unreadable]
    own = own_names()
    found = connection.execute(POSTGRESQL_TABLES)
    return [row.relname for row in found if row.readable or row.relname in own]


def list_droppable(connection: Connection) -> list[str]:
    """List the tables that a drop removes: not those of other owners."""
    if connection.dialect.name == "sqlite":
        return [name for name in list_tables(connection) if name != MARK_TABLE]
    own = own_names()
    found = connection.execute(POSTGRESQL_TABLES)
    names = [row.relname for row in found if row.owned or row.relname in own]
    return [name for name in names if name not in READ_DURING_RESET]


def quoted(connection: Connection | AsyncConnection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


class Contents(Enum):
    """Whose tables a schema has, not counting PostgreSQL extensions.

    `OTHERS` has tables, but not those of our first migration.
    """

    EMPTY = auto()
    OURS = auto()
    OTHERS = auto()


def find_contents(connection: Connection) -> Contents:
    tables = set(list_tables(connection))
    if all(map(is_bookkeeping, tables)):
        return Contents.EMPTY
    return Contents.OURS if tables >= FIRST_TABLES else Contents.OTHERS


def find_redirections(connection: Connection) -> list[str]:
    """Describe each of our table names that leads to tables that are not ours."""
    if connection.dialect.name == "sqlite":
        names: Any = json.dumps(sorted(own_names()))
        query = SQLITE_REDIRECTIONS
    else:
        names, query = sorted(own_names()), POSTGRESQL_REDIRECTIONS
    return list(connection.scalars(text(query), {"names": names}))

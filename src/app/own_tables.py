"""Which tables are Seedbed's: the one definition that guard, mark, migrations and reset share.

They are in one schema, which is decided when PostgreSQL is first connected to and pinned in each
transaction; see `app.database`.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

MARK_TABLE = "database_mark"
VERSION_TABLE = "alembic_version"
LAST_SEED_TABLE = "last_seed"
# Seedbed's own records, which no model describes: a reset neither deletes nor counts their rows.
BOOKKEEPING = frozenset({MARK_TABLE, VERSION_TABLE, LAST_SEED_TABLE})
# Computed from the rows of others, like an index: neither counted nor reported.
DERIVED = frozenset({"patient_words"})
FIRST_TABLES = frozenset({VERSION_TABLE, "accounts", "invitations", "members", "organizations"})

SQLITE_TABLES = text(
    # Dropping a virtual table drops the tables that store it, so it comes first.
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC, name"
)
POSTGRESQL_TABLES = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_depend"
    " WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')"
    " ORDER BY relname"
)
# Sent to the driver as it is, on a connection that has not pinned its schema yet.
RESOLVED_ELSEWHERE = """
    SELECT nspname || '.' || relname FROM unnest(%s::text[]) AS own (name)
      JOIN pg_class ON pg_class.oid = to_regclass(quote_ident(own.name))
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname <> current_schema() ORDER BY 1
"""
SQLITE_REDIRECTIONS = """
    SELECT name || ' is a ' || CASE type WHEN 'view' THEN 'view' ELSE 'virtual table' END
      FROM sqlite_master
     WHERE (type = 'view' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL%'))
       AND name COLLATE NOCASE IN (SELECT value FROM json_each(:names)) ORDER BY 1
"""
POSTGRESQL_REDIRECTIONS = """
    WITH own AS (
        SELECT oid, relname, relnamespace, relkind FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names))
    SELECT relname || ' is a ' || CASE relkind WHEN 'v' THEN 'view'
             WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
             ELSE 'relation of another kind' END
      FROM own WHERE relkind NOT IN ('r', 'p')
    UNION ALL
    SELECT own.relname || ' has rows in ' || inhrelid::regclass
      FROM own JOIN pg_inherits ON inhparent = own.oid JOIN pg_class child ON child.oid = inhrelid
     WHERE child.relnamespace <> own.relnamespace OR child.relkind = 'f'
    UNION ALL
    SELECT own.relname || ' has the rule ' || rulename
      FROM own JOIN pg_rewrite ON ev_class = own.oid WHERE relkind IN ('r', 'p')
    ORDER BY 1
"""


def own_names() -> frozenset[str]:
    """Return the names of the tables of all models that are imported, and of the bookkeeping."""
    return BOOKKEEPING | SQLModel.metadata.tables.keys()


def list_tables(connection: Connection) -> list[str]:
    """List the tables of the schema, ours and others, in an order in which SQLite can drop them.

    Tables that an extension of PostgreSQL made are not listed.
    """
    sqlite = connection.dialect.name == "sqlite"
    return list(connection.scalars(SQLITE_TABLES if sqlite else POSTGRESQL_TABLES))


def has_own_tables(tables: Iterable[str]) -> bool:
    """Tell whether tables include a mark, or those of our first migration."""
    found = set(tables)
    return MARK_TABLE in found or found >= FIRST_TABLES


def find_redirections(connection: Connection) -> list[str]:
    """Describe each name of ours through which statements would reach other tables than ours."""
    if connection.dialect.name == "sqlite":
        names: Any = json.dumps(sorted(own_names()))
        query = SQLITE_REDIRECTIONS
    else:
        names, query = sorted(own_names()), POSTGRESQL_REDIRECTIONS
    return list(connection.scalars(text(query), {"names": names}))

"""Find what a reset would change besides Seedbed's own tables."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, Row, column, literal, select, table, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database.causes import describe_for_log, find_cause
from app.database.own_tables import RECORDER, own_names
from app.logs import get_logger
from app.seed.errors import RowRefused, RowsElsewhereInTheWay

log = get_logger(__name__)

# Views and triggers other than those that record changes for snapshots.
SQLITE_OBJECTS = text(
    "SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('view', 'trigger')"  # noqa: S608
    f" AND name NOT LIKE '{RECORDER}%' ORDER BY 1"
)
# Follows the same dependencies as PostgreSQL's CASCADE. A view depends on a table by its rule.
# Parts of the dropped tables are not listed: columns, indexes, defaults and their sequences,
# constraints, types.
POSTGRESQL_OBJECTS = text("""
    WITH RECURSIVE dropped AS (
        SELECT oid FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:tables)),
    gone (classid, objid, objsubid) AS (
        SELECT 'pg_class'::regclass::oid, oid, 0 FROM dropped
        UNION
        SELECT * FROM (
            SELECT CASE WHEN rule.oid IS NULL THEN depend.classid ELSE 'pg_class'::regclass END,
                   coalesce(rule.ev_class, depend.objid),
                   CASE WHEN rule.oid IS NULL THEN depend.objsubid ELSE 0 END
              FROM gone JOIN pg_depend depend
                ON depend.refclassid = gone.classid AND depend.refobjid = gone.objid
               AND (gone.objsubid = 0 OR depend.refobjsubid = gone.objsubid)
              LEFT JOIN pg_rewrite rule
                ON depend.classid = 'pg_rewrite'::regclass AND rule.oid = depend.objid
             WHERE depend.deptype IN ('n', 'a', 'i', 'P', 'S')) AS next)
    SELECT DISTINCT pg_describe_object(classid, objid, objsubid) AS what,
           coalesce(objsubid > 0 OR relation.relkind IN ('r', 'p', 'f')
                    OR (relation.relkind = 'm'
                        AND relation.relnamespace <> current_schema()::regnamespace), false) AS rows
      FROM gone
      LEFT JOIN pg_class relation ON classid = 'pg_class'::regclass AND relation.oid = objid
      LEFT JOIN pg_constraint con ON classid = 'pg_constraint'::regclass AND con.oid = objid
      LEFT JOIN pg_trigger trigger ON classid = 'pg_trigger'::regclass AND trigger.oid = objid
      LEFT JOIN pg_attrdef def ON classid = 'pg_attrdef'::regclass AND def.oid = objid
      LEFT JOIN pg_type type ON classid = 'pg_type'::regclass AND type.oid = objid
     WHERE (type.oid IS NULL OR type.typtype = 'd')
       AND (def.oid IS NULL OR def.adrelid NOT IN (SELECT oid FROM dropped))
       AND (con.oid IS NULL OR con.conrelid NOT IN (SELECT oid FROM dropped))
       AND (trigger.oid IS NULL OR NOT (trigger.tgisinternal OR starts_with(tgname, :recorder)))
       AND (relation.oid IS NULL OR (relation.oid NOT IN (SELECT oid FROM dropped)
            AND (objsubid > 0 OR relation.relkind IN ('r', 'p', 'v', 'm', 'f')
                 OR (relation.relkind = 'S' AND NOT EXISTS (
                     SELECT FROM pg_depend LEFT JOIN pg_attrdef used
                         ON classid = 'pg_attrdef'::regclass AND used.oid = objid
                      WHERE (refobjid = relation.oid AND used.adrelid IN (SELECT oid FROM dropped))
                         OR (objid = relation.oid AND deptype = 'i'))))))
     ORDER BY 1
""")
SQLITE_TRIGGERS = text(
    "SELECT name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger'"  # noqa: S608
    f" AND name NOT LIKE '{RECORDER}%' ORDER BY 1"
)
POSTGRESQL_TRIGGERS = text(
    "SELECT tgname || ' on ' || relname"  # noqa: S608
    " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    f" WHERE NOT tgisinternal AND tgenabled <> 'D' AND NOT starts_with(tgname, '{RECORDER}')"
    " AND relnamespace = current_schema()::regnamespace ORDER BY 1"
)
# SQLite finds a table by its name in any case.
SQLITE_REFERENCES = text("""
    SELECT NULL AS schema, child.name AS child, reference."from" AS name,
           true AS readable,
           reference.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') AS cascades
      FROM sqlite_master AS child JOIN pragma_foreign_key_list(child.name) AS reference
     WHERE child.type = 'table' AND child.name NOT IN (SELECT value FROM json_each(:own))
       AND lower(reference."table") IN (SELECT value FROM json_each(:own))
""")
POSTGRESQL_REFERENCES = text("""
    WITH own AS MATERIALIZED (
        SELECT oid FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:own)),
    reference AS MATERIALIZED (
        SELECT conrelid, conkey[1] AS number, confdeltype FROM pg_constraint
         WHERE contype = 'f' AND confrelid IN (SELECT oid FROM own)
           AND conrelid NOT IN (SELECT oid FROM own)
           AND conparentid = 0)  -- not of a partition, which has the keys of its table
    SELECT nullif(nspname, current_schema()) AS schema, child.relname AS child, attname AS name,
           confdeltype IN ('c', 'n', 'd') AS cascades,
           has_schema_privilege(nspname, 'USAGE')
           AND has_column_privilege(child.oid, attnum, 'SELECT') AS readable
      FROM reference
      JOIN pg_class child ON child.oid = conrelid
      JOIN pg_namespace ON pg_namespace.oid = child.relnamespace
      JOIN pg_attribute ON attrelid = conrelid AND attnum = number
""")


def list_dropped(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Describe what is dropped with these tables, besides Seedbed's own tables."""
    others = [f"table {name}" for name in tables if name not in own_names()]
    if connection.dialect.name == "sqlite":
        return sorted([*others, *connection.scalars(SQLITE_OBJECTS)])
    objects = connection.execute(POSTGRESQL_OBJECTS, {"tables": tables, "recorder": RECORDER})
    return sorted([*others, *(each.what for each in objects)])


def refuse_losing_other_rows(connection: Connection, tables: Sequence[str]) -> None:
    """Raise `RowsElsewhereInTheWay` if CASCADE would drop rows of other tables."""
    if connection.dialect.name == "sqlite":
        return
    objects = connection.execute(POSTGRESQL_OBJECTS, {"tables": tables, "recorder": RECORDER})
    if lost := [each.what for each in objects if each.rows]:
        raise RowsElsewhereInTheWay(lost)


def list_triggers(connection: Connection) -> list[str]:
    """List the triggers of other programs in the schema."""
    sqlite = connection.dialect.name == "sqlite"
    return list(connection.scalars(SQLITE_TRIGGERS if sqlite else POSTGRESQL_TRIGGERS))


def list_references(connection: Connection, *, cascading: bool) -> list[str]:
    """List the tables of other programs whose rows refer to rows of Seedbed.

    With `cascading`, list only those whose rows would be deleted or changed with ours.
    """
    own: Any = sorted(own_names())
    query = POSTGRESQL_REFERENCES
    if connection.dialect.name == "sqlite":
        own, query = json.dumps(own), SQLITE_REFERENCES
    found = connection.execute(query, {"own": own}).all()
    referring = (row for row in found if row.cascades or not cascading)
    return sorted({_name(row) for row in referring if _has_rows(connection, row)})


def _name(reference: Row[Any]) -> str:
    return f"{reference.schema}.{reference.child}" if reference.schema else str(reference.child)


def _has_rows(connection: Connection, reference: Row[Any]) -> bool:
    """Return whether rows refer to ours; True if this role cannot read the table."""
    if not reference.readable:
        return True
    child = table(reference.child, column(reference.name), schema=reference.schema)
    refers = select(literal(1)).select_from(child).where(child.c[reference.name].is_not(None))
    return bool(connection.scalar(select(refers.exists())))


@asynccontextmanager
async def explain_refused_rows(connection: AsyncConnection) -> AsyncIterator[None]:
    """Raise `RowRefused` if a trigger or a changed column makes the database reject a row.

    The triggers are listed before, because PostgreSQL runs no query after an error.
    """
    triggers = await connection.run_sync(list_triggers)
    try:
        yield
    except (IntegrityError, DataError) as error:
        if find_cause(error) is None and (triggers or isinstance(error, DataError)):
            log.warning("the database refused a row", **describe_for_log(error))
            raise RowRefused(triggers) from error
        raise

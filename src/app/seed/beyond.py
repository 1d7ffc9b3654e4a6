"""What a reset would change beyond Seedbed's own tables: named before, and in the answer."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database.causes import described, find_cause
from app.database.own_tables import MARK_TABLE, list_tables, own_names, quoted
from app.logs import get_logger
from app.seed.errors import RowRefused, TablesElsewhereInTheWay

log = get_logger(__name__)

# Views and triggers; a trigger on one of its tables is that of another program.
SQLITE_OBJECTS = text(
    "SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY 1"
)
# Follows what PostgreSQL's CASCADE follows. A view depends on a table by its rule; indexes,
# defaults, types and constraints of the dropped tables themselves are not named.
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
    SELECT DISTINCT pg_describe_object(classid, objid, objsubid)
      FROM gone
      LEFT JOIN pg_class relation ON classid = 'pg_class'::regclass AND relation.oid = objid
      LEFT JOIN pg_constraint con ON classid = 'pg_constraint'::regclass AND con.oid = objid
      LEFT JOIN pg_trigger trigger ON classid = 'pg_trigger'::regclass AND trigger.oid = objid
      LEFT JOIN pg_attrdef def ON classid = 'pg_attrdef'::regclass AND def.oid = objid
     WHERE classid <> 'pg_type'::regclass
       AND (def.oid IS NULL OR def.adrelid NOT IN (SELECT oid FROM dropped))
       AND (con.oid IS NULL OR con.conrelid NOT IN (SELECT oid FROM dropped))
       AND (trigger.oid IS NULL OR NOT trigger.tgisinternal)
       AND (relation.oid IS NULL OR objsubid > 0 OR relation.relkind IN ('v', 'm', 'f')
            OR (relation.relkind IN ('r', 'p') AND relation.oid NOT IN (SELECT oid FROM dropped)))
     ORDER BY 1
""")
# In those descriptions: what holds rows, in another schema than the one that is reset.
HOLDS_ROWS = re.compile(r"(foreign )?table |column |materialized view ")
SQLITE_TRIGGERS = text(
    "SELECT name || ' on ' || tbl_name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
)
POSTGRESQL_TRIGGERS = text(
    "SELECT tgname || ' on ' || relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled <> 'D'"
    " AND relnamespace = current_schema()::regnamespace ORDER BY 1"
)
SQLITE_REFERENCES = text("""
    SELECT child.name AS child, reference."from" AS name, reference."table" AS parent,
           reference.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT') AS cascades
      FROM sqlite_master AS child JOIN pragma_foreign_key_list(child.name) AS reference
     WHERE child.type = 'table'
""")
POSTGRESQL_REFERENCES = text("""
    SELECT conrelid::regclass::text AS child, quote_ident(attname) AS name,
           parent.relname AS parent, confdeltype IN ('c', 'n', 'd') AS cascades
      FROM pg_constraint
      JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
     WHERE contype = 'f' AND parent.relnamespace = current_schema()::regnamespace
       AND (parent.relnamespace <> child.relnamespace OR child.relname <> ALL (:own))
""")


def list_dropped(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Describe what goes, beyond our own tables, when these tables are dropped."""
    others = [f"table {name}" for name in tables if name not in own_names()]
    if connection.dialect.name == "sqlite":
        return sorted([*others, *connection.scalars(SQLITE_OBJECTS)])
    dropped = [name for name in tables if name != MARK_TABLE]
    return sorted([*others, *connection.scalars(POSTGRESQL_OBJECTS, {"tables": dropped})])


def refuse_loss_elsewhere(connection: Connection, dropped: Sequence[str]) -> None:
    """Raise `TablesElsewhereInTheWay` if CASCADE would drop rows outside the schema."""
    if connection.dialect.name == "sqlite":
        return
    within = {f"table {name}" for name in list_tables(connection)}
    if lost := [each for each in dropped if HOLDS_ROWS.match(each) and each not in within]:
        raise TablesElsewhereInTheWay(lost)


def list_triggers(connection: Connection) -> list[str]:
    """List the triggers of the schema: Seedbed has none, so they are another program's."""
    sqlite = connection.dialect.name == "sqlite"
    return list(connection.scalars(SQLITE_TRIGGERS if sqlite else POSTGRESQL_TRIGGERS))


def list_references(connection: Connection, *, cascading: bool) -> list[str]:
    """List tables of other programs whose rows refer to rows of ours.

    With `cascading` only those from which rows would go, or change, with the rows of ours.
    """
    own = own_names()
    if connection.dialect.name == "sqlite":
        found = [
            (quoted(connection, row.child), quoted(connection, row.name))
            for row in connection.execute(SQLITE_REFERENCES)
            if row.child not in own and row.parent in own and (row.cascades or not cascading)
        ]
    else:
        found = [
            (row.child, row.name)
            for row in connection.execute(POSTGRESQL_REFERENCES, {"own": sorted(own)})
            if row.parent in own and (row.cascades or not cascading)
        ]
    return sorted({child.strip('"') for child, name in found if _has_rows(connection, child, name)})


def _has_rows(connection: Connection, child: str, column: str) -> bool:
    """Take a table that this role may not read for one that has rows."""
    if connection.dialect.name == "postgresql":
        may = text("SELECT has_table_privilege(:child, 'SELECT')")
        if not connection.scalar(may, {"child": child}):
            return True
    query = f"SELECT EXISTS (SELECT 1 FROM {child} WHERE {column} IS NOT NULL)"  # noqa: S608 - quoted
    return bool(connection.exec_driver_sql(query).scalar())


@asynccontextmanager
async def explaining_refusals(connection: AsyncConnection) -> AsyncIterator[None]:
    """Raise `RowRefused` if something that is not Seedbed's keeps a row of ours out.

    What that could be is looked for before, because PostgreSQL answers nothing after an error.
    """
    triggers = await connection.run_sync(list_triggers)
    try:
        yield
    except (IntegrityError, DataError) as error:
        if find_cause(error) is None and (triggers or isinstance(error, DataError)):
            log.warning("the database refused a row", **described(error))
            raise RowRefused(triggers) from error
        raise

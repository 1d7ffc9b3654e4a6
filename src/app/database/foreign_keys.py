"""Check the foreign keys of many rows with a query for each key, instead of a trigger for each row.

Only a superuser of PostgreSQL may switch triggers off, those of other programs included.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Table, text

from app.database.batch import run_all
from app.database.citus import is_cluster
from app.database.own_tables import own_names

# Keys of other tables would no longer protect or delete their rows. Keys that refer to other tables
# would no longer lock the rows there, which could be deleted before the commit. Deferrable unique
# constraints are checked by triggers too.
MAY_SWITCH_OFF = text("""
    SELECT rolsuper
           AND NOT EXISTS (
               SELECT FROM pg_constraint
                 JOIN pg_class parent ON parent.oid = confrelid
                 JOIN pg_class child ON child.oid = conrelid
                WHERE contype = 'f' AND conparentid = 0
                  AND current_schema()::regnamespace IN (child.relnamespace, parent.relnamespace)
                  AND (child.relnamespace <> parent.relnamespace
                       OR child.relname <> ALL (:own) OR parent.relname <> ALL (:own)))
           AND NOT EXISTS (
               SELECT FROM pg_constraint
                WHERE contype <> 'f' AND condeferrable
                  AND connamespace = current_schema()::regnamespace)
      FROM pg_roles WHERE rolname = current_user
""")
ARE_OFF = text("SELECT current_setting('session_replication_role') = 'replica'")
# PostgreSQL checks the key of an updated row that the same transaction inserted, even if the key
# stays the same. Updating only the rows that refer to no row raises the usual error, if there are
# any. A key with an empty column refers to nothing. Partitions have the keys of their table.
UPDATES = text("""
    SELECT format('UPDATE %1$s AS child SET %2$I = child.%2$I WHERE %3$s AND NOT EXISTS'
                  ' (SELECT FROM %4$s AS parent WHERE %5$s)',
                  conrelid::regclass, name, present, confrelid::regclass, equal)
      FROM pg_constraint
      JOIN pg_class ON pg_class.oid = conrelid
     CROSS JOIN LATERAL (
           SELECT min(of_child.attname) AS name,
                  string_agg(format('child.%I IS NOT NULL', of_child.attname), ' AND ') AS present,
                  string_agg(format('child.%I = parent.%I', of_child.attname, of_parent.attname),
                             ' AND ') AS equal
             FROM unnest(conkey, confkey) AS pair (child, parent)
             JOIN pg_attribute of_child
               ON of_child.attrelid = conrelid AND of_child.attnum = pair.child
             JOIN pg_attribute of_parent
               ON of_parent.attrelid = confrelid AND of_parent.attnum = pair.parent) AS columns
     WHERE contype = 'f' AND conparentid = 0 AND relname = ANY (:tables)
       AND relnamespace = current_schema()::regnamespace
""")


def can_stop_checking(connection: Connection) -> bool:
    """Return whether the role may switch triggers off, and no key of others needs them."""
    if connection.dialect.name != "postgresql" or is_cluster(connection):
        return False
    return bool(connection.scalar(MAY_SWITCH_OFF, {"own": sorted(own_names())}))


def stop_checking(connection: Connection) -> None:
    """Switch off all triggers until `check_foreign_keys` or the end of the transaction."""
    connection.exec_driver_sql("SET LOCAL session_replication_role TO 'replica'")


def check_foreign_keys(connection: Connection, tables: Iterable[Table]) -> None:
    """Switch triggers on again, and check the keys of all rows that were inserted meanwhile."""
    if connection.dialect.name == "postgresql" and connection.scalar(ARE_OFF):
        connection.exec_driver_sql("SET LOCAL session_replication_role TO 'origin'")
        names = {"tables": [table.name for table in tables]}
        run_all(connection, connection.scalars(UPDATES, names).all())

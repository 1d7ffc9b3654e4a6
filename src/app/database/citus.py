"""Distribute the tables over the nodes of a Citus cluster.

The tables of clinics are sharded by `organization_id`, so that all rows of a clinic are on one
node. Tables that clinics share are copied to every node.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table, text
from sqlmodel import SQLModel

from app.database.own_tables import quoted

CLINIC = "organization_id"
SHARD = re.compile(r"_\d{6,}$")
HAS_CITUS = text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
DISTRIBUTED = text(
    "SELECT relname FROM pg_class JOIN pg_dist_partition ON logicalrelid = pg_class.oid"
    " WHERE relnamespace = current_schema()::regnamespace AND partmethod IN ('h', 'n')"
)
FOREIGN_KEYS = text(
    "SELECT conname, child.relname AS child, pg_get_constraintdef(pg_constraint.oid) AS definition"
    " FROM pg_constraint JOIN pg_class child ON child.oid = conrelid"
    " JOIN pg_class parent ON parent.oid = confrelid"
    " WHERE contype = 'f' AND child.relnamespace = current_schema()::regnamespace"
    " AND parent.relnamespace = child.relnamespace"
    " AND (child.relname = ANY (:names) OR parent.relname = ANY (:names)) ORDER BY 1"
)
DISTRIBUTE = text("SELECT create_distributed_table(:name, :column, colocate_with => :beside)")
REPLICATE = text("SELECT create_reference_table(:name)")
UNDISTRIBUTE = text("SELECT undistribute_table(:name)")


def distribute_tables(connection: Connection) -> None:
    """Distribute those of our tables that are not distributed; without Citus, do nothing."""
    if not _has_citus(connection):
        return
    distributed = set(connection.scalars(DISTRIBUTED))
    tables = [t for t in SQLModel.metadata.sorted_tables if t.name not in distributed]
    first = next(filter(_is_of_clinic, SQLModel.metadata.sorted_tables)).name
    with _without_foreign_keys(connection, tables):
        for table in tables:
            if _is_of_clinic(table):
                beside = "none" if table.name == first else first
                values = {"name": table.name, "column": CLINIC, "beside": beside}
                connection.execute(DISTRIBUTE, values)
            else:
                connection.execute(REPLICATE, {"name": table.name})


def undistribute_tables(connection: Connection) -> None:
    """Bring all of our tables back to the coordinator; without Citus, do nothing."""
    if not _has_citus(connection):
        return
    distributed = set(connection.scalars(DISTRIBUTED))
    tables = [t for t in SQLModel.metadata.sorted_tables if t.name in distributed]
    with _without_foreign_keys(connection, tables):
        for table in tables:
            connection.execute(UNDISTRIBUTE, {"name": table.name})


def without_shard(name: str) -> str:
    """Return the name of a table or constraint: Citus adds the number of the shard in errors."""
    return SHARD.sub("", name)


@contextmanager
def _without_foreign_keys(connection: Connection, tables: list[Table]) -> Iterator[None]:
    """Drop the foreign keys of these tables for a while: Citus converts no table that has some."""
    keys = connection.execute(FOREIGN_KEYS, {"names": [table.name for table in tables]}).all()
    for key in keys:
        table, name = quoted(connection, key.child), quoted(connection, key.conname)
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for key in keys:
        table, name = quoted(connection, key.child), quoted(connection, key.conname)
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {key.definition}")


def _has_citus(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql" and bool(connection.scalar(HAS_CITUS))


def _is_of_clinic(table: Table) -> bool:
    return CLINIC in table.primary_key.columns

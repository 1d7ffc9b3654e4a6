"""Distribute the tables over the nodes of a Citus cluster.

The tables of clinics are sharded by `organization_id`, so that all rows of a clinic are on one
node. Tables that clinics share are copied to every node.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, text
from sqlmodel import SQLModel

from app.database.own_tables import quoted

CLINIC = "organization_id"
HAS_CITUS = text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
# Tables of this schema that no node has a part of yet.
LOCAL = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
    " AND relname = ANY (:names) AND NOT EXISTS"
    " (SELECT FROM pg_dist_partition WHERE logicalrelid = pg_class.oid)"
)
FOREIGN_KEYS = text(
    "SELECT conname, child.relname AS child, pg_get_constraintdef(pg_constraint.oid) AS definition"
    " FROM pg_constraint JOIN pg_class child ON child.oid = conrelid"
    " JOIN pg_class parent ON parent.oid = confrelid"
    " WHERE contype = 'f' AND child.relnamespace = current_schema()::regnamespace"
    " AND parent.relnamespace = child.relnamespace"
    " AND (child.relname = ANY (:names) OR parent.relname = ANY (:names)) ORDER BY 1"
)
DISTRIBUTE = text("SELECT create_distributed_table(:name, :column, colocate_with => :with)")
REPLICATE = text("SELECT create_reference_table(:name)")
UNDISTRIBUTE = text("SELECT undistribute_table(:name)")


def distribute_tables(connection: Connection) -> None:
    """Distribute those of our tables that are not distributed; without Citus, do nothing."""
    if connection.dialect.name != "postgresql" or not connection.scalar(HAS_CITUS):
        return
    tables = SQLModel.metadata.sorted_tables
    found = connection.scalars(LOCAL, {"names": [table.name for table in tables]})
    names = set(found)
    if not names:
        return
    # Citus accepts a foreign key only between tables that are distributed.
    keys = connection.execute(FOREIGN_KEYS, {"names": [*names]}).all()
    for key in keys:
        connection.exec_driver_sql(
            f"ALTER TABLE {key.child} DROP CONSTRAINT {quoted(connection, key.conname)}"
        )
    for table in tables:
        if table.name in names:
            _distribute(connection, table, [other for other in tables if _is_of_clinic(other)])
    for key in keys:
        connection.exec_driver_sql(
            f"ALTER TABLE {key.child} ADD CONSTRAINT {quoted(connection, key.conname)}"
            f" {key.definition}"
        )


def _distribute(connection: Connection, table: Table, of_clinics: Sequence[Table]) -> None:
    if not _is_of_clinic(table):
        connection.execute(REPLICATE, {"name": table.name})
        return
    first = of_clinics[0].name
    beside = "none" if table.name == first else first
    connection.execute(DISTRIBUTE, {"name": table.name, "column": CLINIC, "with": beside})


def _is_of_clinic(table: Table) -> bool:
    return CLINIC in table.primary_key.columns

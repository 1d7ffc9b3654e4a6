"""Distribute the tables over the nodes of a Citus cluster, if the database has the extension.

The tables of clinics are sharded by `organization_id`, so that all rows of a clinic are on one
node. The tables that they refer to are copied to every node. All others stay on the coordinator.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from app.database.errors import MigrationRefused
from app.database.own_tables import quoted

CLINIC = "organization_id"
SHARD = re.compile(r"_\d{6,}$")
HAS_CITUS = text("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
# The other tables in this catalogue have only foreign keys to copied ones, and are not moved.
DISTRIBUTED = text(
    "SELECT relname FROM pg_class JOIN pg_dist_partition ON logicalrelid = pg_class.oid"
    " WHERE relnamespace = current_schema()::regnamespace AND (partmethod = 'h' OR repmodel = 't')"
)
FOREIGN_KEYS = text(
    "SELECT conname, child.relname AS child, pg_get_constraintdef(pg_constraint.oid) AS definition"
    " FROM pg_constraint JOIN pg_class child ON child.oid = conrelid"
    " JOIN pg_class parent ON parent.oid = confrelid"
    " WHERE contype = 'f' AND child.relnamespace = current_schema()::regnamespace"
    " AND parent.relnamespace = child.relnamespace"
    " AND (child.relname = ANY (:names) OR parent.relname = ANY (:names)) ORDER BY 1"
)
HAS_ONLY_OTHER_NODES = text(
    "SELECT count(*) > 0 AND bool_and(groupid <> 0) FROM pg_dist_node"  # 0 is the coordinator's
)
TRIGGERS = text(
    "SELECT 'the trigger ' || tgname || ' of ' || relname"
    " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    " AND relname = ANY (:names) ORDER BY 1"
)
OTHER_KEYS = text(
    "SELECT 'the foreign key ' || conname || ' of ' || conrelid::regclass"
    " FROM pg_constraint JOIN pg_class parent ON parent.oid = confrelid"
    " WHERE contype = 'f' AND relnamespace = current_schema()::regnamespace"
    " AND relname = ANY (:names) AND conrelid <> ALL (SELECT oid FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:names)) ORDER BY 1"
)
DISTRIBUTE = text("SELECT create_distributed_table(:name, :column, colocate_with => :beside)")
REPLICATE = text("SELECT create_reference_table(:name)")
UNDISTRIBUTE = text("SELECT undistribute_table(:name)")
# Distributing a table copies its rows, and leaves the old ones on the coordinator's disk.
TRUNCATE = text("SELECT truncate_local_data_after_distributing_table(:name)")
IS_CLUSTER = "is_cluster"  # the key of a connection's info
CLUSTER_SETTINGS = {
    # Otherwise no transaction can change tables of clinics and the tables they refer to.
    "citus.multi_shard_modify_mode": "sequential",
    # Sends all settings of a transaction to the other nodes. Waits for rows have no limit there
    # without it.
    "citus.propagate_set_commands": "local",
    # A role may have force_generic_plan, for which Citus has no plan of some INSERT … SELECT.
    "plan_cache_mode": "auto",
}


def look_for_cluster(connection: Connection) -> None:
    """Remember for this connection whether the database has Citus."""
    connection.info[IS_CLUSTER] = bool(connection.scalar(HAS_CITUS))


def is_cluster(connection: Connection | AsyncConnection) -> bool:
    """Return whether the database has Citus. The first transaction of a connection finds out."""
    return bool(connection.info.get(IS_CLUSTER))


def cluster_settings(connection: Connection) -> Mapping[str, str]:
    """Return the settings that each transaction begins with."""
    return CLUSTER_SETTINGS if is_cluster(connection) else {}


def distribute_tables(connection: Connection) -> None:
    """Distribute those of our tables that are not distributed; without Citus, do nothing."""
    if not is_cluster(connection):
        return
    distributed = set(connection.scalars(DISTRIBUTED))
    of_clinics = list(filter(is_of_clinic, SQLModel.metadata.sorted_tables))
    first, *_ = of_clinics
    shared = _parents(of_clinics)
    tables = [
        table
        for table in SQLModel.metadata.sorted_tables
        if table.name not in distributed and (table in shared or is_of_clinic(table))
    ]
    if tables:
        _refuse_what_citus_cannot(connection, tables)
    with _without_foreign_keys(connection, tables):
        for table in tables:
            if table in shared:
                connection.execute(REPLICATE, {"name": table.name})
            else:
                beside = "none" if table is first else first.name
                values = {"name": table.name, "column": CLINIC, "beside": beside}
                connection.execute(DISTRIBUTE, values)
        for table in tables:
            connection.execute(TRUNCATE, {"name": table.name})


def _refuse_what_citus_cannot(connection: Connection, tables: Sequence[Table]) -> None:
    """Raise `MigrationRefused` where Citus would fail, or would no longer check foreign keys."""
    if connection.scalar(HAS_ONLY_OTHER_NODES):
        raise MigrationRefused(
            "The coordinator is not in Citus's list of nodes, so it cannot check foreign keys. Run "
            "SELECT citus_set_coordinator_host('address', port), and try again."
        )
    of_clinics = {"names": [table.name for table in tables if is_of_clinic(table)]}
    found = [
        *connection.scalars(TRIGGERS, {"names": [table.name for table in tables]}),
        *connection.scalars(OTHER_KEYS, of_clinics),
    ]
    if found:
        raise MigrationRefused(
            f"Citus cannot distribute Seedbed's tables together with {', '.join(found)}. Drop what "
            "is listed, and try again."
        )


def undistribute_tables(connection: Connection) -> None:
    """Bring all of our tables back to the coordinator; without Citus, do nothing."""
    if not is_cluster(connection):
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


def is_of_clinic(table: Table) -> bool:
    return CLINIC in table.primary_key.columns


def _parents(of_clinics: Sequence[Table]) -> set[Table]:
    """Return the other tables that these refer to."""
    keys = (key for table in of_clinics for key in table.foreign_key_constraints)
    return {key.referred_table for key in keys} - set(of_clinics)

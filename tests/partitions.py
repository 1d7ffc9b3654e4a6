"""PostgreSQL with the tables of clinics in partitions, as a cluster would have them."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, MetaData

from app.tables import METADATA

PARTITIONS = 16
CLINIC = "organization_id"
PARTITION = re.compile(r"_part(\d+)$")


def partition(connection: Connection, partitions: int = PARTITIONS) -> None:
    """Replace the tables of clinics, which must be empty, by partitioned ones of equal columns."""
    metadata = MetaData(naming_convention=METADATA.naming_convention)
    copies = [table.to_metadata(metadata) for table in METADATA.sorted_tables]
    of_clinics = [table for table in copies if CLINIC in table.primary_key.columns]
    names = [table.name for table in of_clinics]
    connection.exec_driver_sql(f"DROP TABLE {', '.join(names)}")
    for table in of_clinics:
        table.dialect_options["postgresql"]["partition_by"] = f"HASH ({CLINIC})"
    metadata.create_all(connection, of_clinics, checkfirst=False)
    for name in names:
        for remainder in range(partitions):
            connection.exec_driver_sql(
                f"CREATE TABLE {name}_part{remainder} PARTITION OF {name}"
                f" FOR VALUES WITH (MODULUS {partitions}, REMAINDER {remainder})"
            )


def partitions_in(plan: Any) -> set[str]:
    """Return the numbers of the partitions in a plan of `EXPLAIN (FORMAT JSON)`."""
    return {number for name in _relations(plan) for number in PARTITION.findall(name)}


def _relations(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if name := node.get("Relation Name"):
            yield name
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from _relations(each)

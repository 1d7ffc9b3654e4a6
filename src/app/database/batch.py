"""Several statements in one call."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.database.citus import is_cluster


def run_all(connection: Connection, statements: Sequence[str]) -> None:
    """Execute statements without parameters: in one call on PostgreSQL, which saves time.

    Citus takes them one by one: it sends a setting with its whole string to its nodes, where the
    other statements may fail.
    """
    if statements and connection.dialect.name == "postgresql" and not is_cluster(connection):
        statements = ["; ".join(statements)]
    for statement in statements:
        connection.exec_driver_sql(statement)

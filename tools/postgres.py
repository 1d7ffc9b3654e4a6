"""`just postgres`: run a PostgreSQL server for development."""

import os
import shlex
import signal
import sys
from io import TextIOWrapper
from pathlib import Path

from app.cli.options import MAX_PORT, command, number
from app.cli.streams import run
from app.cli.terminal import fail
from app.private_files import create_private_folder
from socket_folder import CannotStart

DATABASE = "seedbed"
PASSWORD_FILE = "postgres.password"  # noqa: S105 - the name of the file
STOP_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def exit_once(*_: object) -> None:
    """Exit on the first signal; a terminal that closes sends several."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit()


def serve(data: Path, port: int | None) -> None:
    # These take half a second to import, which `--help` does not need.
    from postgres_server import create_database, read_password, set_password, start  # noqa: PLC0415
    from private_postgres import HOST  # noqa: PLC0415

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

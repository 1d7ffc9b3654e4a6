"""`just serve`: run uvicorn with the application, after checking the settings and the port."""

import os
import signal
import socket
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import click

from app.cli.options import MAX_PORT, number, passing_command
from app.cli.ports import find_port_problem
from app.cli.streams import run
from app.cli.terminal import fail
from app.loading import loading

HOST = "127.0.0.1"
PORT = 8000
STOP_SECONDS = 30
# Before uvicorn replaces a worker that does not respond. On a busy machine, one takes ten seconds
# to import the application.
WORKER_SECONDS = 30
FILES = frozenset({"--ssl-certfile", "--ssl-keyfile", "--ssl-ca-certs"})  # uvicorn opens them late


@passing_command()
@click.option(
    "--host",
    metavar="ADDRESS",
    default=HOST,
    show_default=True,
    help="The address to listen on. Beyond loopback, anyone on the network can reset the database.",
)
@number(
    "--port",
    0,
    MAX_PORT,
    "The TCP port; 0 chooses a free one.",
    str(PORT),
    envvar="UVICORN_PORT",
)
@click.option("--reload", is_flag=True, help="Restart when a file in src changes.")
@number(
    "--workers",
    1,
    None,
    "Processes; 1 with --reload. Set RATE_LIMIT_STORAGE to count sign-in attempts together.",
    1,
    envvar="WEB_CONCURRENCY",
)
@click.option("--root-path", metavar="PATH", help="The path at which a proxy serves it.")
@number(
    "--timeout-graceful-shutdown",
    0,
    None,
    "Seconds that requests and seeds have to finish when the server is stopped.",
    STOP_SECONDS,
    envvar="UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN",
)
@click.option(
    "--stop-with-stdin",
    is_flag=True,
    help="Stop when standard input ends: when the program that started the server is gone.",
)
@click.argument("options", metavar="[UVICORN OPTIONS]", nargs=-1, type=click.UNPROCESSED)
def main(
    *,
    host: str,
    port: int | None,
    reload: bool,
    workers: int | None,
    root_path: str | None,
    timeout_graceful_shutdown: int | None,
    stop_with_stdin: bool,
    options: tuple[str, ...],
) -> None:
    """Start the server, at http://127.0.0.1:8000 unless options say otherwise.

    Ctrl-C or SIGTERM stops it when its requests are finished. All other options are passed to
    uvicorn, such as --forwarded-allow-ips, --ssl-certfile and --log-level; `uv run uvicorn --help`
    explains them.

    \b
    Examples:
      uv run just serve --port 8001
      uv run just serve --reload
      APP_ENV=test DATABASE_URL=sqlite:////tmp/worker-1.db uv run just serve --port 8101
    """
    # Not for `--help`.
    import uvicorn  # noqa: PLC0415

    from app.settings import Settings  # noqa: PLC0415

    _reject_wrong_values(host, root_path, options)
    if reload and workers is not None and workers > 1:
        raise click.UsageError(f'--workers is "{workers}"; with --reload it must be 1.')
    Settings.from_environment()
    arguments = ["--factory", "app.cli.serve:application", "--host", host]
    arguments += ["--timeout-worker-healthcheck", str(WORKER_SECONDS), *options]
    seconds = STOP_SECONDS if timeout_graceful_shutdown is None else timeout_graceful_shutdown
    arguments += ["--timeout-graceful-shutdown", str(seconds)]
    if port is not None:
        arguments += ["--port", str(port)]
    if workers is not None:
        arguments += ["--workers", str(workers)]
    if root_path is not None:
        arguments += ["--root-path", root_path]
    if reload:
        arguments += ["--reload", "--reload-dir", "src"]
    if not {"--uds", "--fd"} & set(options):
        wanted = PORT if port is None else port
        if problem := find_port_problem(host, wanted):
            remedy = f"Choose another one: uv run just serve --port {wanted + 1}."
            fail(f"Refused. The server was not started. {problem} {remedy}")
    if stop_with_stdin:
        Thread(target=_stop_at_end_of, args=(sys.stdin.fileno(),), daemon=True).start()
    send_at_once(uvicorn.Config)
    uvicorn.main.main(arguments, prog_name="just serve", standalone_mode=False)


def send_at_once(config: Any) -> None:
    """Set TCP_NODELAY on the socket of several workers, or of `--reload`.

    asyncio sets it on sockets whose protocol is known, which uvicorn leaves out
    (Kludex/uvicorn#3149). Then every later response on a connection waits 40 ms.
    """
    bind = config.bind_socket

    def bind_socket(self: Any) -> socket.socket:
        listener: socket.socket = bind(self)
        if self.uds is None and self.fd is None:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener

    config.bind_socket = bind_socket


def _stop_at_end_of(stream: int) -> None:
    """Wait for the end of a pipe, which comes even if the program at its other end is killed."""
    with suppress(OSError):  # a stream that cannot be read is the end as well
        while os.read(stream, 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)


def application() -> Any:
    """Load and create the application, in the process that serves it."""
    with loading():
        from app import main as loaded  # noqa: PLC0415 - the whole application

        return loaded.application()


def _reject_wrong_values(host: str, root_path: str | None, options: tuple[str, ...]) -> None:
    if not host:
        # The socket would listen on every address.
        raise click.UsageError('--host is ""; it must be an address, such as 127.0.0.1.')
    if root_path and (not root_path.startswith("/") or root_path.endswith("/")):
        rule = "it must start with a slash and not end with one, as in /seedbed"
        raise click.UsageError(f'--root-path is "{root_path}"; {rule}.')
    words = [word for option in options for word in option.split("=", maxsplit=1)]
    for flag, path in pairwise(words):
        if flag in FILES and not Path(path).is_file():
            raise click.UsageError(f'{flag} is "{path}"; it must be a file.')


if __name__ == "__main__":
    run(main, "just serve")

"""`just serve`: run uvicorn with the application, after checking the settings and the port."""

import click
import uvicorn

from app.cli.options import MAX_PORT, number, passing_command
from app.cli.ports import find_port_problem
from app.cli.streams import run
from app.cli.terminal import fail
from app.settings import Settings

HOST = "127.0.0.1"
PORT = 8000


@passing_command()
@click.option(
    "--host", default=HOST, show_default=True, help="The address to listen on; see above."
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
@number("--workers", 1, None, "Processes; not together with --reload.", 1, envvar="WEB_CONCURRENCY")
@click.option("--root-path", metavar="PATH", help="The path prefix at which a proxy serves it.")
@click.argument("options", metavar="[UVICORN OPTIONS]", nargs=-1, type=click.UNPROCESSED)
def main(
    *,
    host: str,
    port: int | None,
    reload: bool,
    workers: int | None,
    root_path: str | None,
    options: tuple[str, ...],
) -> None:
    """Start the server, at http://127.0.0.1:8000 unless options say otherwise.

    Ctrl-C stops it. All other options are passed to uvicorn, such as --forwarded-allow-ips,
    --ssl-certfile and --log-level; `uv run uvicorn --help` explains them.

    With another --host than loopback, everyone on the network can reset the development database.

    \b
    Examples:
      uv run just serve --port 8001
      uv run just serve --reload
      APP_ENV=test DATABASE_URL=sqlite:////tmp/worker-1.db uv run just serve --port 8101
    """
    Settings.from_environment()
    arguments = ["--factory", "app.main:application", "--host", host, *options]
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
    uvicorn.main.main(arguments, prog_name="just serve", standalone_mode=False)


if __name__ == "__main__":
    run(main, "just serve")

"""`just snapshot`: name the current state of the database."""

import click

from app.cli.api_calls import call, snapshot_path
from app.cli.options import command, print_json, server_url
from app.cli.streams import run
from app.cli.terminal import make_console


@command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print only the result, as JSON.")
@server_url
def main(name: str, as_json: bool, url: str | None) -> None:
    """Name the current state of the database, to restore it later.

    NAME has 1 to 64 of a-z, 0-9 and -. If it exists, it means the current state from now on.

    \b
    Example:
      uv run just snapshot two-plans
    """
    taken = call(url, "PUT", snapshot_path(name))
    if as_json:
        print_json(taken)
    else:
        rows = sum(taken["rows"].values())
        make_console().print(f"Snapshot {taken['name']}: {rows:,} rows.", markup=False)


if __name__ == "__main__":
    run(main, "just snapshot")

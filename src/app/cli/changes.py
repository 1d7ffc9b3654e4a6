"""`just changes`: list the rows that changed since a snapshot."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from app.cli.api_calls import call, snapshot_path
from app.cli.options import command, server_url
from app.cli.streams import run
from app.cli.terminal import make_console
from app.names import MAX_LIMIT, SEEDED


@command()
@click.argument("name", default=SEEDED)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as lines of JSON.")
@server_url
def main(name: str, as_json: bool, url: str | None) -> None:
    """List the rows that changed since a snapshot.

    Without NAME, list what has changed since the last seed. Passwords, tokens and hashes are left
    out.

    \b
    Examples:
      uv run just changes
      uv run just changes two-plans
    """
    page = call(url, "GET", f"{snapshot_path(name)}/changes", limit=MAX_LIMIT)
    console = make_console()
    for row in page["items"]:
        if as_json:
            click.echo(msgspec.json.encode(row))
            continue
        key = ", ".join(map(str, row["key"].values()))
        console.print(f"{row['kind']:8} {row['table']} {key}", markup=False, soft_wrap=True)
        for line in _differences(row):
            console.print(f"         {line}", markup=False, soft_wrap=True)
    if page["next"]:
        console.print(f"Only the first {MAX_LIMIT} rows are shown.")
    elif not page["items"] and not as_json:
        console.print(f"Nothing has changed since {name}.", markup=False)


def _differences(row: dict[str, Any]) -> Iterator[str]:
    if row["kind"] != "updated":
        return
    before, after = row["before"], row["after"]
    for column in before:
        if before[column] != after[column]:
            old, new = (msgspec.json.encode(each[column]).decode() for each in (before, after))
            yield f"{column}: {old} → {new}"


if __name__ == "__main__":
    run(main, "just changes")

"""`just restore`: restore a snapshot."""

import click

from app.cli.api_calls import call, snapshot_path
from app.cli.options import command, print_json, server_url
from app.cli.streams import run
from app.cli.terminal import make_console
from app.names import SEEDED


@command()
@click.argument("name", default=SEEDED)
@click.option("--verify", is_flag=True, help="Compare a digest of all rows with the snapshot's.")
@click.option("--json", "as_json", is_flag=True, help="Print only the result, as JSON.")
@server_url
def main(name: str, verify: bool, as_json: bool, url: str | None) -> None:
    """Undo all changes since a snapshot.

    Without NAME, restore the state after the last seed. Snapshots that were taken later are
    deleted.

    \b
    Examples:
      uv run just restore
      uv run just restore two-plans
    """
    restored = call(url, "POST", f"{snapshot_path(name)}/restore", verify=str(verify).lower())
    if as_json:
        print_json(restored)
        return
    changes = sum(sum(counts.values()) for counts in restored["undone"].values())
    checked = ""
    if verification := restored["verification"]:
        checked = {
            True: " The rows match the snapshot.",
            False: " The rows do NOT match the snapshot.",
            None: " The snapshot had no digest to compare with; it has one now.",
        }[verification["matches"]]
    make_console().print(
        f"Restored {restored['name']} in {restored['durationMs']} ms:"
        f" {changes:,} changed rows undone.{checked}",
        markup=False,
        soft_wrap=True,
    )


if __name__ == "__main__":
    run(main, "just restore")
